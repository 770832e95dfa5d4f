// What other editions leave out: canaries in every place where a run can say something, looked for
// in every file of the report.
#include "report/edition.hpp"

#include "base/json.hpp"
#include "journal/kinds.hpp"
#include "report/html.hpp"
#include "report/json.hpp"
#include "report/junit.hpp"
#include "story.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using report::Edition;
namespace kinds = journal::kinds;

namespace {

report::Record edition_of(const report::Record& record, Edition edition) {
  auto out = report::for_edition(record, edition);
  REQUIRE(out);
  return std::move(*out);
}

std::vector<std::pair<std::string, std::string>> files_of(const report::Record& record) {
  const auto s = report::summarise(record);
  return {{"report.html", report::html_text(s, record)},
          {"report.json", report::json_text(s)},
          {"junit.xml", report::junit_text(s)}};
}

/// As text that was not escaped and not broken by markup would stand there.
bool stands_in(const std::string& bytes, std::string_view part) {
  return bytes.find(part) != std::string::npos;
}

const std::vector<std::string> kPeople{"ana", "bo", "chen", "dee", "Zoë"};
const std::vector<std::string> kHosts{"pg-1", "dr-1", "lb-1"};

bool has_name(const std::string& bytes, const std::string& name) {
  for (auto at = bytes.find(name); at != bytes.npos; at = bytes.find(name, at + 1)) {
    const bool begins = at == 0 || !std::isalnum(static_cast<unsigned char>(bytes[at - 1]));
    const auto end = at + name.size();
    if (begins && (end == bytes.size() || !std::isalnum(static_cast<unsigned char>(bytes[end]))))
      return true;
  }
  return false;
}

/// A word that stands nowhere in Muster, one for each place.
std::string canary(int n) {
  return "CANARY" + std::to_string(n) + "x";
}

/// Every text of a host and of a person says its canary; what Muster itself writes stays.
report::Record with_canaries(report::Record r, int& n) {
  const std::string last_host = r.plan.hosts.rbegin()->first;
  r.plan.why = r.plan.change = canary(n++);
  for (auto* steps : {&r.plan.steps, &r.plan.ends})
    for (auto& step : *steps) {
      step.place = canary(n++);
      step.name += " on " + last_host + " at 10.99.0.11 by /usr/bin/x";
      if (auto* run = std::get_if<plan::Run>(&step.action))
        run->argv = {canary(n++), canary(n++)}, run->undo = {canary(n++)};
      if (auto* ask = std::get_if<plan::Ask>(&step.action)) ask->say = canary(n++);
    }
  for (auto& [name, host] : r.plan.hosts) {
    host.zone = host.address.user = host.address.key_file = canary(n++);
    host.address.ssh_args = {canary(n++)};
  }
  for (auto& s : r.plan.services)
    for (auto& [key, value] : s.probe.values) value = canary(n++);
  for (auto& [name, script] : r.plan.scripts) script.text = canary(n++);
  r.plan.roles.push_back({"scribe", "Zoë", ""});
  for (auto& [service, samples] : r.samples)
    for (auto& s : samples) s.why = canary(n);
  ++n;
  for (auto& e : r.entries) {
    e.target.hostkey_fp = e.revert = e.boot_id = canary(n++);
    if (!e.data.is_object()) e.data = Json::object();
    for (const auto* key :
         {"evidence", "output", "why", "reason", "say", "detail", "text", "something_new"})
      if (e.action != kinds::kMeasured) e.data[key] = canary(n++);
    for (const auto* key : {"facts", "values"})
      if (e.data.contains(key))
        for (auto& value : e.data[key]) value = canary(n++);
    for (const auto* key : {"store", "workspace", "change"})
      if (e.action == kinds::kRunOpened) e.data[key] = canary(n++);
    if (e.data.contains("problems")) e.data["problems"] = {canary(n++)};
    if (e.data.contains("answers") && e.data["answers"].is_object())
      for (auto& value : e.data["answers"]) value = canary(n++);
    if (e.data.contains("reasons")) {
      e.data["reasons"].push_back("stopped: " + canary(n++));
      e.data["reasons"].push_back("held: a check (" + canary(n++) + ")");
      e.data["reasons"].push_back("step failed: a step: " + canary(n++));
      e.data["reasons"].push_back(canary(n++));
    }
    if (e.data.contains("restore") && e.data["restore"].is_object())
      for (auto& b : e.data["restore"]["backups"])
        for (auto& v : b["validations"]) v["evidence"] = canary(n++);
  }
  r.state = {};
  for (const auto& e : r.entries) REQUIRE(journal::apply(r.state, e));
  return r;
}

}  // namespace

TEST_CASE("a redacted report names nobody, no host, no address, and nothing that they said") {
  for (const auto& [name, plain] : all_runs()) {
    int canaries = 0;
    const auto record = with_canaries(plain, canaries);
    REQUIRE(canaries > 50);
    // The full edition shows that the canaries are where a reader would see them.
    CHECK(stands_in(files_of(record)[1].second, "CANARY"));
    for (const auto& [file, bytes] : files_of(edition_of(record, Edition::redacted))) {
      INFO(name << ": " << file);
      const auto at = bytes.find("CANARY");
      INFO((at == bytes.npos ? "" : bytes.substr(at < 200 ? 0 : at - 200, 260)));
      CHECK(at == bytes.npos);
      for (const auto& who : kPeople) {
        INFO(who);
        CHECK_FALSE(has_name(bytes, who));
      }
      for (const auto& host : kHosts) {
        INFO(host);
        CHECK_FALSE(stands_in(bytes, host));
      }
      CHECK_FALSE(stands_in(bytes, "10.99.0"));
      CHECK_FALSE(stands_in(bytes, "/usr/"));
      CHECK(stands_in(bytes, "redacted"));
    }
  }
}

TEST_CASE("what was proven is the same in every edition") {
  for (const auto& [name, record] : all_runs()) {
    INFO(name);
    const auto full = report::summarise(record);
    for (const auto edition : {Edition::participant, Edition::redacted}) {
      const auto s = report::summarise(edition_of(record, edition));
      CHECK(s.edition == edition);
      CHECK(s.verdict.word == full.verdict.word);
      CHECK(s.verdict.state == full.verdict.state);
      CHECK(s.verdict.exit_code == full.verdict.exit_code);
      CHECK(s.verdict.dirty.size() == full.verdict.dirty.size());
      CHECK(s.verdict.reasons.size() == full.verdict.reasons.size());
      CHECK(s.verified.root == full.verified.root);
      CHECK(s.verified.size == full.verified.size);
      CHECK(s.plan_hash == full.plan_hash);
      CHECK(s.run == full.run);
      CHECK(s.end == full.end);
      REQUIRE(s.objectives.size() == full.objectives.size());
      for (std::size_t i = 0; i < s.objectives.size(); ++i) {
        CHECK(s.objectives[i].met == full.objectives[i].met);
        CHECK(s.objectives[i].actual == full.objectives[i].actual);
        CHECK(s.objectives[i].reason == full.objectives[i].reason);
      }
      REQUIRE(s.steps.size() == full.steps.size());
      for (std::size_t i = 0; i < s.steps.size(); ++i) {
        CHECK(s.steps[i].name == full.steps[i].name);
        CHECK(s.steps[i].word == full.steps[i].word);
        CHECK(s.steps[i].took == full.steps[i].took);
        CHECK(s.steps[i].state.status == full.steps[i].state.status);
      }
      REQUIRE(s.effects.size() == full.effects.size());
      for (std::size_t i = 0; i < s.effects.size(); ++i) {
        CHECK(s.effects[i].state.proven == full.effects[i].state.proven);
        CHECK(s.effects[i].state.sha256 == full.effects[i].state.sha256);
        CHECK(s.effects[i].healer == full.effects[i].healer);
      }
      CHECK(s.phases.size() == full.phases.size());
      CHECK(s.events.size() == full.events.size());
      CHECK(s.deviations.size() == full.deviations.size());
    }
  }
}

TEST_CASE("pseudonyms are stable: who answered is who holds the role") {
  const auto s = report::summarise(edition_of(a_pass(), Edition::redacted));
  REQUIRE(s.roles.size() == 2);
  CHECK(s.roles[0].name == "incident_commander");
  CHECK(s.roles[0].holder == "Person A");  // ana
  CHECK(s.actor.principal == "Person A");
  CHECK(s.roles[1].holder == "Person C");  // chen
  CHECK(s.steps[1].state.answered_by == "Person C");
  CHECK(s.steps[0].expected == "node.kill takes effect on primary (host-3)");
  CHECK(s.verdict.changed[0] == "node.kill on host-3 is held [left out]");
}

TEST_CASE("who took part reads names and reasons, and no way to the machines") {
  for (const auto& [file, bytes] : files_of(edition_of(a_dirty_fail(), Edition::participant))) {
    INFO(file);
    CHECK(stands_in(bytes, "a real incident began"));
    CHECK(stands_in(bytes, "pg-1"));
    CHECK_FALSE(stands_in(bytes, "10.99.0"));
    CHECK_FALSE(stands_in(bytes, "power=off"));
    CHECK_FALSE(stands_in(bytes, "switch-orders"));
  }
}

TEST_CASE("each file says which edition it is") {
  const auto full = files_of(a_pass()),
             redacted = files_of(edition_of(a_pass(), Edition::redacted));
  CHECK(stands_in(full[1].second, "\"edition\": \"full\""));
  CHECK(stands_in(full[2].second, "name=\"edition\" value=\"full\""));
  CHECK_FALSE(stands_in(full[0].second, "Redacted edition"));
  CHECK(stands_in(redacted[1].second, "\"edition\": \"redacted\""));
  CHECK(stands_in(redacted[2].second, "name=\"edition\" value=\"redacted\""));
  const auto& html = redacted[0].second;
  CHECK(html.find("Redacted edition", html.find("<header>")) < html.find("</header>"));
  CHECK(stands_in(html.substr(html.find("<footer>")), "Redacted edition"));
  CHECK(report::edition_from("redacted") == Edition::redacted);
  CHECK_FALSE(report::edition_from("public"));
}

namespace {
/// The run with these reasons of its verdict alone.
report::Record with_reasons(report::Record r, const std::vector<std::string>& reasons) {
  for (auto& e : r.entries)
    if (e.action == kinds::kVerdict) e.data["reasons"] = reasons;
  r.state = {};
  for (const auto& e : r.entries) REQUIRE(journal::apply(r.state, e));
  return r;
}
std::string reason_in(Edition edition, const std::string& reason) {
  const auto s = report::summarise(edition_of(with_reasons(a_pass(), {reason}), edition));
  REQUIRE(s.verdict.reasons.size() == 1);
  return s.verdict.reasons[0];
}
}  // namespace

TEST_CASE("of a verdict's reason stays what Muster itself says, and no words of a host") {
  const std::string gone = "[left out]";
  struct Row {
    std::string full, participant, redacted;
  };
  for (const auto& [full, participant, redacted] : {
           Row{"orders: rto: 40 s of 1 m allowed", "orders: rto: 40 s of 1 m allowed",
               "orders: rto: 40 s of 1 m allowed"},
           Row{"restore: 4 s of 2 m allowed", "restore: 4 s of 2 m allowed",
               "restore: 4 s of 2 m allowed"},
           // A person's words that read like a figure.
           Row{"stopped: rto: Ed of ACME says stop", "stopped: rto: Ed of ACME says stop",
               "stopped: " + gone},
           Row{"step failed: \"Ask ana\": rto: psql: no route", "step failed: \"Ask ana\" " + gone,
               "step failed: \"Ask Person A\" " + gone},
           Row{"unknown: \"Look\": uid=0(root)", "unknown: \"Look\" " + gone,
               "unknown: \"Look\" " + gone},
           Row{"preflight: pg-1 cannot be asked: Connection refused", gone, gone},
           Row{"step \"Call ana\": psql: no route to host", gone, gone},
           Row{"a service was not up at the end of its warm-up: there is nothing to lose yet",
               "a service was not up at the end of its warm-up: there is nothing to lose yet",
               "a service was not up at the end of its warm-up: there is nothing to lose yet"},
       }) {
    INFO(full);
    CHECK(reason_in(Edition::full, full) == full);
    CHECK(reason_in(Edition::participant, full) == participant);
    CHECK(reason_in(Edition::redacted, full) == redacted);
  }
}

TEST_CASE("who took part reads no command, output or evidence in the why of a step") {
  auto record = a_dirty_fail();
  int n = 0;
  for (auto& e : record.entries)
    if (e.action == kinds::kStepFinished || e.action == kinds::kEffectRevertFailed)
      e.data["why"] = canary(n++) + " is down: psql -c 'select 1'";
  REQUIRE(n > 1);
  record.state = {};
  for (const auto& e : record.entries) REQUIRE(journal::apply(record.state, e));
  for (const auto& [file, bytes] : files_of(edition_of(record, Edition::participant))) {
    INFO(file);
    CHECK_FALSE(stands_in(bytes, "CANARY"));
  }
}

TEST_CASE("a person or account that is called as a key of the record changes no figure") {
  auto record = a_pass();
  // As it would be with such people.yaml and inventory; each is a key of some entry's data.
  record.plan.people.push_back({"mark", "Max", "max", true, "", {}});
  for (auto& [name, host] : record.plan.hosts) host.address.user = "restore";
  record.plan.hosts.begin()->second.address.user = "service";
  const auto full = report::summarise(record);
  const auto s = report::summarise(edition_of(record, Edition::redacted));
  CHECK(s.phases.size() == full.phases.size());
  CHECK(s.services.size() == full.services.size());
  CHECK(s.restores.size() == full.restores.size());
  CHECK(s.verdict.word == full.verdict.word);
}
