// What `check` and `wait` make of an answer, of silence, and of a question that was never asked.
#include "tests/catch.hpp"
#include "tests/sim/world.hpp"

namespace muster::sim {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

struct Asked {
  World w{1};
  ~Asked() { CHECK(w.breaches == Strings{}); }
};

TEST_CASE_METHOD(Asked, "check: silence is down and not known to be up; not asked is neither") {
  enum Comes { good, bad, silence, not_asked };
  struct Row {
    Comes comes;
    bool up;
    StepIs step;
    const char* why;
  };
  const Row row =
      GENERATE(Row{good, true, StepIs::passed, "is up"}, Row{good, false, StepIs::failed, "is up"},
               Row{bad, true, StepIs::failed, "is down: refused"},
               Row{bad, false, StepIs::passed, "is down: refused"},
               Row{silence, true, StepIs::unknown, "did not answer"},
               Row{silence, false, StepIs::passed, "did not answer"},
               Row{not_asked, true, StepIs::unknown, "could not be asked"},
               Row{not_asked, false, StepIs::unknown, "could not be asked"});
  if (row.comes == bad) w.cluster.front = "lb1";
  w.cluster.silent = row.comes == silence;
  w.cluster.askable = row.comes != not_asked;
  w.drill(with_steps(bare_plan(), {check(probe_is(row.up))}));
  CHECK(w.step("s1") == row.step);
  CHECK(w.state().steps.at("s1").why.find(row.why) != std::string::npos);
  CHECK((w.result() == "PASS") == (row.step == StepIs::passed));
}

TEST_CASE_METHOD(Asked,
                 "wait: what could not be told until the time was over is not proven false") {
  struct Row {
    const char* what;
    StepIs step;
  };
  const Row row =
      GENERATE(Row{"never asked", StepIs::unknown}, Row{"no answer", StepIs::unknown},
               Row{"a bad answer", StepIs::failed}, Row{"a host that is cut off", StepIs::unknown},
               Row{"a host that says no", StepIs::failed});
  const std::string what = row.what;
  CAPTURE(what);
  w.cluster.askable = what != "never asked";
  w.cluster.silent = what == "no answer";
  if (what == "a bad answer") w.cluster.front = "lb1";
  if (what == "a host that is cut off")
    w.fleet.loses = [](const ports::Call& call) {
      return call.verb == ports::Verb::command ? Fleet::Fate::lost : Fleet::Fate::arrives;
    };
  const bool host = what.starts_with("a host");
  auto plan = with_steps(
      bare_plan(), {wait_for(host ? command_holds("front", {"false"}) : probe_is(true), 1min)});
  plan.slots.front().role.reset();
  w.drill(plan);
  CHECK(w.step("s1") == row.step);
  CHECK(w.state().steps.at("s1").why.starts_with("it was not over within 1m: "));
}

TEST_CASE_METHOD(Asked, "wait: for a service it is told what it was in the end") {
  w.drill(with_steps(orders_plan(), {wait_for(service_is(false), 1min)}));
  CHECK(w.step("s1") == StepIs::failed);
  CHECK(w.state().steps.at("s1").why == "it was not over within 1m: orders is up");
}

}  // namespace
}  // namespace muster::sim
