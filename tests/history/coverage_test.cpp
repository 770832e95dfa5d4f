#include "history/coverage.hpp"
#include "tests/catch.hpp"
#include "tests/history/story.hpp"

using namespace muster;
using namespace muster::history;
using test::a_run;

namespace {

std::string told(const std::vector<Covered>& all) {
  std::string out;
  for (const auto& c : all)
    out +=
        (out.empty() ? "" : "; ") + c.what + " " +
        (c.last ? c.last->id + (c.how.empty() ? "" : " " + c.how) + " x" + std::to_string(c.times)
                : "never");
  return out;
}

}  // namespace

TEST_CASE("coverage tells what was exercised when last, and what never was") {
  auto first = a_run(1, "r1", "orders", "PASS");
  first.faults = {{"node.kill", "pg-1", "reverted", true, ""}};
  first.restores = {{"pgbackrest", "dr-1", "reverted", true, "passed"}};
  first.roles = {{"dba", "ana"}};
  auto second = a_run(2, "r2", "orders", "FAIL");
  second.faults = {{"node.kill", "pg-2", "revert_failed", true, ""},
                   {"node.kill", "pg-1", "reverted", true, ""},
                   {"disk.fill", "pg-1", "reverted", false, ""}};  // never proven to be there
  auto invalid = a_run(3, "r3", "billing", "INVALID");
  invalid.roles = {{"dba", "bo"}};  // nobody was exercised by what tested nothing
  auto old = a_run(4, "r4", "orders", "PASS");
  old.summarised = false;
  auto open = a_run(5, "r5", "orders", "");
  open.closed.reset();
  const std::vector<Run> runs{first, second, invalid, old, open};
  const auto c = coverage_of(runs, {{"orders", "billing"},
                                    {"pg-1", "pg-2", "web-1"},
                                    {"node.kill", "disk.fill"},
                                    {"pgbackrest"},
                                    {"ana", "bo"}});
  CHECK(told(c.drills) == "billing never; orders r4 x3");
  CHECK(told(c.hosts) ==
        "dr-1 r1 passed x1; pg-1 r2 reverted x2; pg-2 r2 revert_failed x1; web-1 never");
  CHECK(told(c.faults) == "disk.fill never; node.kill r2 reverted x2");
  CHECK(told(c.restores) == "pgbackrest r1 passed x1");
  CHECK(told(c.roles) == "ana as dba r1 x1");
  CHECK(c.people_never == std::vector<std::string>{"bo"});
  CHECK(c.unread == 1);
}
