#include "model/schedule.hpp"

#include "model/workspace.hpp"
#include "tests/catch.hpp"
#include "tests/model/workspace_helper.hpp"

using namespace muster;
using namespace muster::model;

namespace {

std::string drill(const std::string& name, const std::string& more = "") {
  return "drill: " + name + "\nowner: ana\ntargets: {a: dr-1}\nsteps: [{pause: 1s}]\n" + more;
}
std::string after(const std::string& other) {
  return "schedule: {every: day, at: '10:00', timezone: UTC, after: {drill: " + other +
         ", within: 7d}}\n";
}

}  // namespace

TEST_CASE("a schedule is read whole, with what counts when nothing is said") {
  TemporaryWorkspace folder;
  folder.with_inventory()
      .write("drills/d.yaml",
             drill("d",
                   "schedule:\n"
                   "  every: quarter\n"
                   "  month: 2\n"
                   "  day: 2nd tuesday\n"
                   "  window: 09:00-16:00\n"
                   "  timezone: Europe/Berlin\n"
                   "  missed: run_once\n"
                   "  overlap: queue_one\n"
                   "  gap: skip\n"
                   "  announce: [7d, 1d, 15m]\n"
                   "  freeze: [changes, holidays]\n"
                   "  after: {drill: e, result: tested, within: 2d}\n"
                   "  hold: true\n"
                   "due: {every: quarter, grace: 3d, from: 2027-01-01, timezone: UTC}\n"))
      .write("drills/e.yaml",
             drill("e", "schedule: {cron: 0 10 1 * *, timezone: UTC}\ndue: P90D\n"));
  config::Diagnostics out;
  const auto workspace = load_workspace(folder.root(), out);
  CHECK(config::render(out) == "");
  const auto& one = *workspace.drill("d")->schedule;
  CHECK(**one.every == "quarter");
  CHECK(**one.month == "2");
  CHECK(*one.day.at(0) == "2nd tuesday");
  CHECK(**one.window == "09:00-16:00");
  CHECK(one.missed == Missed::run_once);
  CHECK(one.overlap == Overlap::queue_one);
  CHECK(one.gap == Gap::skip);
  CHECK(one.announce.size() == 3);
  CHECK(*one.announce[2] == std::chrono::minutes{15});
  CHECK(one.freeze->size() == 2);
  CHECK(*one.after->drill == "e");
  CHECK(one.after->result == After::Result::tested);
  CHECK(one.hold);
  CHECK(workspace.drill("d")->due->grace == std::chrono::days{3});
  const auto& other = *workspace.drill("e")->schedule;
  CHECK(other.missed == Missed::skip);
  CHECK(*other.start_within == std::chrono::minutes{30});
  CHECK(other.overlap == Overlap::forbid);
  CHECK(other.gap == Gap::shift);
  CHECK_FALSE(other.freeze);
  CHECK_FALSE(other.hold);
  CHECK(*workspace.drill("e")->due->every == "P90D");
  CHECK(workspace.drill("e")->due->grace == std::chrono::days{7});
}

TEST_CASE("freeze: none binds to no calendar, and is not the same as nothing") {
  TemporaryWorkspace folder;
  folder.with_inventory().write(
      "drills/d.yaml", drill("d", "schedule: {cron: 0 10 1 * *, timezone: UTC, freeze: none}\n"));
  config::Diagnostics out;
  const auto workspace = load_workspace(folder.root(), out);
  CHECK(config::render(out) == "");
  REQUIRE(workspace.drill("d")->schedule->freeze);
  CHECK(workspace.drill("d")->schedule->freeze->empty());
}

TEST_CASE("drills that wait for each other are refused, with the way") {
  TemporaryWorkspace folder;
  folder.with_inventory()
      .write("drills/a.yaml", drill("a", after("b")))
      .write("drills/b.yaml", drill("b", after("c")))
      .write("drills/c.yaml", drill("c", after("a")))
      .write("drills/d.yaml", drill("d", after("d")))
      .write("drills/e.yaml", drill("e", after("a")))
      .write("drills/f.yaml", drill("f", after("broken")))
      .write("drills/g.yaml", drill("g", after("brken")))
      .write("drills/h.yaml", "drill: broken\n");
  CHECK(folder.errors() ==
        "drills/a.yaml:5:67: a drill that waits for itself: a after b after c after a\n"
        "drills/b.yaml:5:67: a drill that waits for itself: b after c after a after b\n"
        "drills/c.yaml:5:67: a drill that waits for itself: c after a after b after c\n"
        "drills/d.yaml:5:67: a drill that waits for itself: d after d\n"
        "drills/g.yaml:5:67: there is no drill `brken`\n"
        "drills/h.yaml:1:1: a drill needs `owner`\n"
        "drills/h.yaml:1:1: a drill needs `steps`\n");
}

TEST_CASE("calendars are read, strictly") {
  TemporaryWorkspace folder;
  folder.with_inventory().write(
      "inventory/calendars.yaml",
      "calendars:\n"
      "  changes: {file: calendars/changes.ics, fresh_for: 7d, applies_to: [production, staging]}\n"
      "  holidays: {file: /var/lib/calendars/h.ics, fresh_for: 400d}\n");
  config::Diagnostics out;
  const auto workspace = load_workspace(folder.root(), out);
  CHECK(config::render(out) == "");
  REQUIRE(workspace.calendars.find("changes"));
  CHECK(workspace.calendars.find("changes")->applies(Environment::staging));
  CHECK_FALSE(workspace.calendars.find("changes")->applies(Environment::lab));
  CHECK(workspace.calendars.find("holidays")->applies(Environment::lab));
  CHECK(workspace.calendars.find("holidays")->fresh_for == std::chrono::days{400});
  struct Row {
    const char *text, *error;
  };
  for (const auto& row : {
           Row{"{a: {file: x.ics}}", "1:16: a calendar needs `fresh_for`"},
           Row{"{a: {file: x.ics, fresh_for: 0s}}", "1:41: `fresh_for` must be above zero"},
           Row{"{a: {file: x.ics, fresh_for: 7d, applies_to: [prod]}}",
               "1:58: `prod` is no environment"},
           Row{"{a: {file: x.ics, fresh_for: 7d, applies_to: []}}",
               "1:57: a calendar that applies to nothing"},
           Row{"{none: {file: x.ics, fresh_for: 7d}}", "1:13: `none` is not a name for a calendar"},
           Row{"{a: {fil: x.ics, fresh_for: 7d}}", "1:16: a calendar needs `file`"},
       }) {
    CAPTURE(row.text);
    TemporaryWorkspace other;
    other.write("inventory/calendars.yaml", std::string{"calendars: "} + row.text + "\n");
    const auto said = other.errors();
    CAPTURE(said);
    CHECK(said.find(std::string{"inventory/calendars.yaml:"} + row.error) != std::string::npos);
  }
}
