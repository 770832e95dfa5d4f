// Who may do what in a drill: holder, deputy, others of the drill's people, strangers; before and
// after an escalation; with and without a unix user by which the kernel knows who is asked.
#include <fmt/format.h>

#include "tests/catch.hpp"
#include "tests/sim/people.hpp"
#include "tests/sim/world.hpp"

namespace muster::sim {
namespace {

using namespace std::chrono_literals;
using What = engine::Request::What;

/// dba: chen, deputy dee; eva holds another role. Nobody else is one of this drill's people.
plan::Plan asking(std::vector<plan::Step> steps) {
  auto plan = with_steps(bare_plan(), std::move(steps));
  plan.roles = {{"dba", "chen", "dee"}, {"scribe", "eva", ""}};
  plan.people.push_back({"eva", "Eva Brandt", "eva", false, "", {}});
  return plan;
}

/// A question without answers, that goes to the deputy after a minute.
plan::Step task() {
  plan::Step step;
  step.id = "call";
  step.name = "Call the bank";
  step.place = "drill.yaml:1:1";
  step.action = plan::Ask{"dba", "Call the bank", {}, plan::Late::escalate, "called"};
  step.within = 1min;
  return step;
}

engine::Request by(const std::string& user, What what) {
  engine::Request r;
  r.what = what;
  r.actor = kernel_says(user);
  r.step = "call";
  return r;
}

struct Drill {
  World w{1};
  Process* p = nullptr;

  void begin(plan::Plan plan) {
    p = &w.begin(std::move(plan));
    w.pass(5s);
    REQUIRE(w.step("call") == StepIs::asked);
  }
  const journal::StepState& call() { return w.state().steps.at("call"); }
  std::string ask(const engine::Request& r) {
    const auto refused = p->request(r);
    w.pass(100ms);  // until it is durable
    return refused;
  }
  ~Drill() {
    if (p) w.finish(*p);
    CHECK(w.breaches == std::vector<std::string>{});
  }
};

TEST_CASE("who may do what on a step that asks a role") {
  enum class Known { yes, no };  // has who is asked a unix user in people.yaml
  struct Row {
    const char* user;
    Known known;
    bool escalated, stand_in;
    const char* reason;
    const char* as;      // recorded; "" when it is refused
    const char* person;  // recorded
    const char* says;    // in the refusal
  };
  const std::vector<Row> table{
      {"chen", Known::yes, false, false, "", "holder", "chen", ""},
      {"dee", Known::yes, false, false, "", "deputy", "dee", ""},
      {"chen", Known::yes, true, false, "", "holder", "chen", ""},
      {"dee", Known::yes, true, false, "", "deputy", "dee", ""},
      // Who is entitled to it is no stand-in, whatever they say.
      {"dee", Known::yes, false, true, "he is late", "deputy", "dee", ""},
      {"eva", Known::yes, false, false, "", "", "",
       "chen is asked (dba, deputy dee), and you are unix:eva (eva); to step in for them say "
       "--as-stand-in --reason"},
      {"zoe", Known::yes, false, false, "", "", "", "and you are unix:zoe; to step in"},
      {"zoe", Known::yes, false, false, "a reason alone", "", "", "--as-stand-in"},
      {"zoe", Known::yes, true, false, "", "", "", "dee is asked (dba), and you are unix:zoe"},
      {"zoe", Known::yes, false, true, "", "", "", "owes a reason"},
      {"zoe", Known::yes, false, true, " \n", "", "", "owes a reason"},
      {"zoe", Known::yes, false, true, "both are ill", "stand_in", "", ""},
      {"eva", Known::yes, false, true, "both are ill", "stand_in", "eva", ""},
      {"zoe", Known::no, false, false, "", "not_checked", "", ""},
      {"zoe", Known::no, true, false, "", "not_checked", "", ""},
      {"dee", Known::no, false, false, "", "deputy", "dee", ""},
      // Somebody who is known to be another than who is asked.
      {"eva", Known::no, false, false, "", "", "", "you are unix:eva (eva)"},
      {"zoe", Known::no, false, true, "I am not chen", "stand_in", "", ""},
  };
  for (const auto& row : table) {
    INFO(fmt::format("{}, known {}, escalated {}, stand-in {}, '{}'", row.user,
                     row.known == Known::yes, row.escalated, row.stand_in, row.reason));
    Drill d;
    auto plan = asking({task()});
    if (row.known == Known::no) plan.people[row.escalated ? 1 : 0].unix_user.clear();
    d.begin(std::move(plan));
    if (row.escalated) d.w.pass(1min);
    CHECK(d.call().asked_of == (row.escalated ? "dee" : "chen"));
    auto r = by(row.user, What::done);
    r.as_stand_in = row.stand_in;
    r.reason = row.reason;
    const auto refused = d.ask(r);
    CHECK(refused.empty() == (row.says[0] == '\0'));
    CHECK(refused.find(row.says) != std::string::npos);
    if (row.as[0] == '\0') {
      CHECK(d.call().status == StepIs::asked);
      CHECK(d.call().acts.empty());
      continue;
    }
    CHECK(d.call().status == StepIs::passed);
    REQUIRE(d.call().acts.size() == 1);
    const auto& act = d.call().acts[0];
    CHECK(act.what == "done");
    CHECK(act.by.as == row.as);
    CHECK(act.by.person == row.person);
    CHECK(act.by.actor == kernel_says(row.user));
    CHECK(act.reason == row.reason);
    const std::string asked = row.escalated ? "dee" : "chen";
    CHECK(act.by.unchecked ==
          (act.by.as == "not_checked" ? asked + " has no unix user in people.yaml" : ""));
  }
}

TEST_CASE("a plan that tells nobody's unix user takes answers from anybody, and says so") {
  Drill d;
  auto plan = asking({task()});
  plan.people.clear();
  d.begin(std::move(plan));
  CHECK(d.ask(by("root", What::done)).empty());
  CHECK(d.call().acts.at(0).by.unchecked == "chen has no unix user in people.yaml");
}

TEST_CASE("an acknowledgement is recorded and stops no clock") {
  Drill d;
  d.begin(asking({task()}));
  CHECK(d.ask(by("zoe", What::acknowledge)).find("chen is asked") != std::string::npos);
  CHECK(d.ask(by("chen", What::acknowledge)).empty());
  CHECK(d.ask(by("chen", What::acknowledge)) == "unix:chen has acknowledged step 'call' already");
  CHECK(d.call().acts.size() == 1);
  CHECK(d.call().status == StepIs::asked);
  d.w.pass(1min);  // it goes to the deputy all the same
  CHECK(d.call().asked_of == "dee");
  CHECK(d.call().escalated_from == "chen");
  d.w.pass(1min);  // and fails after the same time again
  CHECK(d.call().status == StepIs::failed);
  CHECK(d.call().why ==
        "nobody answered: neither chen within 1m nor, after that, dee within the same time again");
}

TEST_CASE("a task that is skipped is no PASS, and the drill goes on") {
  Drill d;
  d.begin(asking({task(), check(command_holds("front", {"true"}))}));
  auto r = by("chen", What::skip_step);
  CHECK(d.ask(r) == "a reason is needed");
  r.reason = "the bank is closed on Sundays";
  CHECK(d.ask(r).empty());
  d.w.finish(*d.p);
  CHECK(d.call().status == StepIs::skipped);
  CHECK(d.call().why == "chen skipped it: the bank is closed on Sundays");
  CHECK(d.w.step("s2") == StepIs::passed);
  CHECK(d.w.result() == "INCONCLUSIVE");
  CHECK(d.w.state().moments.empty());  // nobody decided anything
}

TEST_CASE("a question that is skipped leaves its defaults to later steps") {
  const bool has_default = GENERATE(true, false);
  Drill d;
  d.begin(asking({named(ask(plan::Late::fail,
                            has_default ? std::optional<std::string>{"latest"} : std::nullopt),
                        "call"),
                  tell("to ${recover_to}")}));
  auto r = by("chen", What::skip_step);
  r.reason = "nobody knows";
  CHECK(d.ask(r).empty() == has_default);
  if (!has_default) return;
  d.w.finish(*d.p);
  CHECK(d.call().answers.at("recover_to") == "latest");
  CHECK(d.w.state().steps.at("s2").output == "to latest");
}

TEST_CASE("done is for what asks for nothing; only a step that asks is done by a person") {
  Drill d;
  d.begin(asking({named(ask(plan::Late::fail, "latest"), "call"), pause(10s)}));
  CHECK(d.ask(by("chen", What::done)) == "step 'call' asks for 'recover_to': it wants an answer");
  auto r = by("chen", What::done);
  r.step = "s2";
  CHECK(d.ask(r) == "step 's2' is not waiting for anybody");
  CHECK(d.ask(by("chen", What::answer)).empty());
  CHECK(d.ask(r) == "step 's2' does not ask a person");
}

TEST_CASE("what cannot be written down is refused at every door, and the record stays whole") {
  Drill d;
  d.begin(asking({named(ask(plan::Late::fail), "call"), pause(10s)}));
  const std::string bad = GENERATE(as<std::string>{}, "caf\xe9", "half a \xe2\x82", "\x1b[2J",
                                   std::string(20'000, 'x'));
  std::vector<engine::Request> doors;
  const auto door = [&](What what) -> engine::Request& {
    doors.push_back(by("chen", what));
    doors.back().reason = "because";
    return doors.back();
  };
  door(What::answer).answers = {{"recover_to", bad}};
  door(What::answer).answers = {{bad, "latest"}};
  door(What::acknowledge).reason = bad;
  door(What::fail_step).reason = bad;
  door(What::abort).reason = bad;
  door(What::stop_waiting).reason = bad;
  door(What::note).text = bad;
  door(What::note).who = bad;
  door(What::note).step = bad;
  door(What::take_role).role = bad;
  door(What::hand_role).to = bad;
  for (const auto& r : doors) {
    const auto refused = d.ask(r);
    CAPTURE(refused);
    const bool says = refused.find("no UTF-8: write it again") != std::string::npos ||
                      refused.find("16000 are the most") != std::string::npos;
    CHECK(says);
  }
  CHECK(d.w.state().requests.empty());
  auto r = by("chen", What::answer);
  r.answers = {{"recover_to", "café\tnow"}};
  CHECK(d.ask(r).empty());
  d.w.finish(*d.p);
  CHECK_FALSE(d.p->record_lost());
  CHECK(d.w.step("s2") == StepIs::passed);
}

}  // namespace
}  // namespace muster::sim
