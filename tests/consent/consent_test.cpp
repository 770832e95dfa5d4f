// May this plan start now, by this actor? Everything that can be missing, as a table.
#include "consent/consent.hpp"

#include "tests/catch.hpp"

namespace muster::consent {
namespace {

using namespace std::chrono_literals;

const WallTime kNow = parse_utc("2026-11-27T10:00:00Z").value();
const std::string kHash(64, 'a');
const std::string kStore(32, 's');

plan::Person person(const std::string& id, std::vector<std::string> teams) {
  return {id, id, id, true, "", std::move(teams), "ssh-ed25519 AAAA", false};
}

/// Production demands two of sre and dba; ana and bo are sre, chen dba; zoe is in another team.
plan::Plan orders() {
  plan::Plan plan;
  plan.drill = "orders";
  plan::Host host;
  host.environment = "production";
  plan.hosts["db-1"] = host;
  plan.slots.push_back({"primary", {"db-1"}, {}, {}});
  plan.people = {person("ana", {"sre"}), person("zoe", {"web"})};
  plan.approvers = {person("bo", {"sre"}), person("chen", {"dba"})};
  plan::Demand demand;
  demand.environment = "production";
  demand.need = 2;
  demand.from = {"sre", "dba"};
  demand.valid = 24h * 7;
  plan.policy = {demand};
  return plan;
}

Approval by(const std::string& who, Duration ago = 1h, Duration good_for = 48h) {
  Approval approval;
  approval.said.person = who;
  approval.said.store = kStore;
  approval.said.drill = "orders";
  approval.said.plan = kHash;
  approval.said.at = kNow - ago;
  approval.said.expires = approval.said.at + good_for;
  approval.proof = {"text", "signature", ""};
  return approval;
}

struct Case {
  plan::Plan plan = orders();
  std::vector<Approval> approvals = {by("bo"), by("chen")};
  Starter starter{"unix:ana", "ana", true, false};
  Witnessing witnesses{};
  bool allow_production = false;

  Consent ask() const {
    return consent({plan, kHash, kStore, approvals, starter, witnesses, kNow, allow_production});
  }
  std::string missing() const {
    std::string all;
    for (const auto& error : ask().missing) all += to_string(error) + "\n";
    return all;
  }
};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("two who may have approved, and neither starts it: it may start") {
  const auto given = Case{}.ask();
  CHECK(given.given());
  REQUIRE(given.stands_on.size() == 2);
  CHECK(given.stands_on[0].said.person == "bo");
  const auto told_of = told(given);
  CHECK(told_of.at(1).at("person") == "chen");
  CHECK(told_of.at(1).at("signed") == "text");
}

TEST_CASE("approvals that do not count, and what is said of them") {
  struct Row {
    const char* what;
    std::vector<Approval> approvals;
    std::string says;
  };
  auto elsewhere = by("chen");
  elsewhere.said.store = std::string(32, 'x');
  auto other_drill = by("chen");
  other_drill.said.drill = "other";
  auto edited = by("chen");
  edited.said.plan = std::string(64, 'b');
  auto withdrawn = by("chen");
  withdrawn.withdrawn = true;
  const std::vector<Row> rows{
      {"nobody",
       {},
       "and nobody has (2 of bo, chen: muster approve orders --plan aaaaaaaaaaaaaaaa)"},
      {"one", {by("bo")}, "one has (bo until 2026-11-29T09:00Z) (1 of chen: "},
      {"one twice", {by("bo"), by("bo", 30min)}, "(1 of chen: "},
      {"their own", {by("bo"), by("ana")}, "ana starts it, and nobody approves what they start"},
      {"of another team", {by("bo"), by("zoe")}, "zoe is in none of the teams"},
      {"nobody of the plan", {by("bo"), by("eve")}, "eve is in none of the teams"},
      {"run out", {by("bo"), by("chen", 49h)}, "that of chen ran out at 2026-11-27T09:00Z"},
      {"longer than the policy allows",
       {by("bo"), by("chen", 24h * 8, 24h * 30)},
       "that of chen ran out at 2026-11-26T10:00Z"},
      {"from the future", {by("bo"), by("chen", -10min)}, "that of chen lies ahead"},
      {"of another plan", {by("bo"), edited}, "that of chen is of another plan"},
      {"for another record", {by("bo"), elsewhere}, "that of chen is for another record"},
      {"of another drill", {by("bo"), other_drill}, "that of chen is of another plan"},
      {"withdrawn", {by("bo"), withdrawn}, "that of chen was withdrawn"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    Case c;
    c.approvals = row.approvals;
    CHECK_FALSE(c.ask().given());
    CHECK(holds(c.missing(), row.says));
  }
}

TEST_CASE("a service approves nothing, and a person without a key neither") {
  Case c;
  c.plan.approvers[1].service = true;
  CHECK(holds(c.missing(), "chen is in none of the teams"));
  c.plan = orders();
  c.plan.approvers[1].ssh_key.clear();
  CHECK(holds(c.missing(), "nobody is left who could"));
}

TEST_CASE("who starts it must be known where approvals are wanted, unless it is a schedule") {
  Case c;
  c.starter = {"unix:root", "", true, false};
  CHECK(holds(c.missing(), "unix:root is nobody of people.yaml"));
  CHECK(holds(c.missing(), "muster run orders --sign"));
  c.starter = {"schedule", "", false, false};
  CHECK(c.ask().given());
}

TEST_CASE("signed-key: a person signs the start, a schedule does not") {
  Case c;
  c.plan.policy[0].signed_key = true;
  CHECK(holds(c.missing(), "the start to be signed"));
  c.starter.has_signed = true;
  CHECK(c.ask().given());
  c.starter = {"schedule", "", false, false};
  CHECK(c.ask().given());
}

TEST_CASE("production of which no policy speaks needs a word; a policy that is met does not") {
  Case c;
  c.plan.policy.clear();
  CHECK(holds(c.missing(), "db-1 is production"));
  c.allow_production = true;
  CHECK(c.ask().given());
  c = Case{};
  c.plan.policy[0].need = 0;
  CHECK(c.ask().given());
  c.plan.policy[0].environment = "lab";  // of something else that it touches
  CHECK(holds(c.missing(), "db-1 is production"));
}

TEST_CASE("a witness that is wanted must be there, and have been told") {
  Case c;
  c.plan.policy[0].witness = true;
  CHECK(holds(c.missing(), "none with `kept_by`"));
  c.witnesses = {1, "the witness vault was not told the newest checkpoint: refused"};
  CHECK(holds(c.missing(), "the witness vault was not told"));
  c.witnesses.untold.clear();
  CHECK(c.ask().given());
}

TEST_CASE("what is denied is refused in the plan too, by globs") {
  Case c;
  plan::Step step;
  step.name = "Lose it";
  step.action = plan::Inject{"node.kill", "primary", {}};
  c.plan.steps.push_back(step);
  for (const auto* glob : {"node.kill", "node.*", "*"}) {
    CAPTURE(glob);
    c.plan.policy[0].deny = {glob};
    CHECK(holds(c.missing(), "denies node.kill (step \"Lose it\")"));
  }
  c.plan.policy[0].deny = {"node.crash", "disk.*", "command"};
  CHECK(c.ask().given());
  c.plan.steps[0].action = plan::Run{"primary", {"x"}, false, {"y"}, false};
  CHECK(holds(c.missing(), "denies command"));
  c.plan.policy[0].deny = {"pgback*"};
  c.plan.steps[0].action = plan::Restore{"pgbackrest", "primary", {}, 0};
  CHECK(holds(c.missing(), "denies pgbackrest"));
}

TEST_CASE("two environments: each demands its own, and one person may count in both") {
  Case c;
  auto staging = c.plan.policy[0];
  staging.environment = "staging";
  staging.need = 1;
  staging.from = {"dba"};
  c.plan.policy.push_back(staging);
  const auto given = c.ask();
  CHECK(given.given());
  CHECK(given.stands_on.size() == 2);
  c.approvals = {by("bo"), by("ana")};
  c.starter = {"unix:zoe", "zoe", true, false};
  CHECK(holds(c.missing(), "the policy of staging wants 1 of dba"));
  CHECK_FALSE(holds(c.missing(), "the policy of production"));
}

}  // namespace
}  // namespace muster::consent
