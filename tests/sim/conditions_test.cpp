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
  if (row.comes == bad) w.cluster.writable.clear();
  w.cluster.silent = row.comes == silence;
  w.cluster.askable = row.comes != not_asked;
  w.drill(with_steps(bare_plan(), {check(probe_is(row.up))}));
  CHECK(w.step("s1") == row.step);
  CHECK(w.state().steps.at("s1").why.find(row.why) != std::string::npos);
  CHECK((w.result() == "PASS") == (row.step == StepIs::passed));
}

}  // namespace
}  // namespace muster::sim
