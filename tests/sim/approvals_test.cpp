// The step `approve`: who may sign, how often, and what happens when too few do; and drills whose
// policy wants what people do to be signed.
#include <fmt/format.h>

#include "engine/people.hpp"
#include "tests/catch.hpp"
#include "tests/sim/people.hpp"
#include "tests/sim/world.hpp"

namespace muster::sim {
namespace {

using namespace std::chrono_literals;
using What = engine::Request::What;

plan::Person person(const std::string& id, const std::string& team) {
  return {id, id, id, true, "", {team}, "ssh-ed25519 AAAA", false};
}

/// Two of sre or dba. Who runs the process is unix:ana.
plan::Plan approving(plan::Late late = plan::Late::fail) {
  plan::Step step;
  step.id = "go";
  step.name = "Go on";
  step.action = plan::Approve{{"sre", "dba"}, 2, "the switch of the front door", late};
  step.within = 1min;
  auto plan = with_steps(bare_plan(), {step, named(mark("went on"), "after")});
  plan.roles = {{"dba", "chen", "dee"}};
  plan.people = {person("chen", "dba"), person("dee", "web")};
  plan.approvers = {person("ana", "sre"), person("bo", "sre"), person("robot", "sre")};
  plan.approvers[2].service = true;
  return plan;
}

/// As the desk hands it over: the signature was verified.
engine::Request signed_by(const std::string& id, What what = What::approve) {
  engine::Request r;
  r.what = what;
  r.actor = {engine::principal_of(id), "signature", "signed-key", {}};
  r.proof = {"what " + id + " signed", "signature of " + id, "unix:" + id};
  r.step = "go";
  return r;
}

struct Approving {
  World w{1};
  Process* p = nullptr;

  explicit Approving(plan::Plan plan) {
    p = &w.begin(std::move(plan));
    w.pass(5s);
  }
  std::string ask(const engine::Request& r) {
    const auto refused = p->request(r);
    w.pass(100ms);
    return refused;
  }
  const journal::StepState& go() { return w.state().steps.at("go"); }
  ~Approving() {
    if (p) w.finish(*p);
    CHECK(w.breaches == std::vector<std::string>{});
  }
};

TEST_CASE("two different people sign, and the drill goes on") {
  Approving d{approving()};
  CHECK(d.go().status == StepIs::asked);
  CHECK(d.go().approve_need == 2);
  CHECK(d.go().approve_from == std::vector<std::string>{"sre", "dba"});
  CHECK(d.ask(signed_by("bo")).empty());
  CHECK(d.go().status == StepIs::asked);
  CHECK(d.ask(signed_by("bo")) == "bo has approved step 'go' already");
  CHECK(d.ask(signed_by("chen")).empty());
  CHECK(d.go().status == StepIs::passed);
  CHECK(d.go().evidence == "approved by bo, chen");
  CHECK(d.w.step("after") == StepIs::passed);
  REQUIRE(d.go().acts.size() == 2);
  CHECK(d.go().acts[0].by.person == "bo");
  const auto& entry = d.w.state().requests.at(0);
  CHECK(entry.actor == journal::Actor{"person:bo", "signature", "signed-key", ""});
  CHECK(entry.data.at("signed") == "what bo signed");
  CHECK(entry.data.at("signature") == "signature of bo");
  CHECK(entry.data.at("carried_by") == "unix:bo");
}

TEST_CASE("who does not count, and is told why") {
  struct Row {
    const char* what;
    engine::Request request;
    const char* says;
  };
  auto os_user = signed_by("bo");
  os_user.actor = kernel_says("bo");
  const std::vector<Row> rows{
      {"the operating system's word", os_user,
       "an approval is signed with the SSH key of somebody"},
      {"who started it", signed_by("ana"), "nobody approves what they started"},
      {"of another team", signed_by("dee"), "dee is in none of sre, dba"},
      {"a service", signed_by("robot"), "robot is a service"},
      {"a stranger", signed_by("eve"), "signed with the SSH key of somebody of sre, dba"},
      {"done", signed_by("bo", What::done), "waits for signatures: muster step approve go"},
      {"answered", signed_by("bo", What::answer), "waits for signatures"},
      {"skipped", signed_by("bo", What::skip_step), "waits for signatures"},
      {"failed without a reason", signed_by("bo", What::fail_step), "a reason is needed"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    Approving d{approving()};
    const auto refused = d.ask(row.request);
    CHECK(refused.find(row.says) != std::string::npos);
    CHECK(d.go().status == StepIs::asked);
    CHECK(d.go().acts.empty());
  }
}

TEST_CASE("one who may approve can refuse, and the step fails") {
  Approving d{approving()};
  auto no = signed_by("bo", What::fail_step);
  no.reason = "customers are on it";
  CHECK(d.ask(no).empty());
  CHECK(d.go().status == StepIs::failed);
  CHECK(d.go().why == "bo refused: customers are on it");
}

TEST_CASE("too few in time: it fails, or all are asked once more") {
  {
    Approving d{approving()};
    CHECK(d.ask(signed_by("bo")).empty());
    d.w.pass(1min);
    CHECK(d.go().status == StepIs::failed);
    CHECK(d.go().why == "1 of 2 approved within 1m: bo");
  }
  Approving d{approving(plan::Late::escalate)};
  CHECK(d.ask(signed_by("bo")).empty());
  d.w.pass(1min);
  CHECK(d.go().status == StepIs::asked);
  CHECK(d.ask(signed_by("chen")).empty());  // whose signature was there still counts
  CHECK(d.go().status == StepIs::passed);
}

TEST_CASE("nobody at all, asked twice") {
  Approving d{approving(plan::Late::escalate)};
  d.w.pass(2min + 5s);
  CHECK(d.go().status == StepIs::failed);
  CHECK(d.go().why == "0 of 2 approved within 1m, asked twice");
}

TEST_CASE("a policy that wants signatures takes no other word, but for stopping the drill") {
  auto plan = approving();
  plan::Demand demand;
  demand.environment = "production";
  demand.signed_key = true;
  plan.policy = {demand};
  Approving d{std::move(plan)};
  engine::Request note;
  note.what = What::note;
  note.actor = kernel_says("chen");
  note.text = "customers are calling";
  CHECK(d.ask(note).find("the same command with --sign") != std::string::npos);
  CHECK(d.w.state().notes.empty());
  note.actor = signed_by("chen").actor;
  note.proof = signed_by("chen").proof;
  CHECK(d.ask(note).empty());
  REQUIRE(d.w.state().notes.size() == 1);
  CHECK(d.w.state().notes[0].by.person == "chen");
  engine::Request stop;
  stop.actor = kernel_says("zoe");
  stop.reason = "a real incident";
  CHECK(d.ask(stop).empty());
  CHECK(d.w.state().abort_why == "a real incident");
}

}  // namespace
}  // namespace muster::sim
