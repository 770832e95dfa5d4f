// Runs to report on, told as entries: hand-made, sealed and verified like real ones.
#pragma once
#include <string>
#include <vector>

#include "journal/entry.hpp"
#include "report/record.hpp"

namespace muster::test {

class Story {
 public:
  explicit Story(plan::Plan plan);

  /// What follows happens this many milliseconds after the run was opened.
  Story& at(int ms) {
    ms_ = ms;
    return *this;
  }
  Story& say(std::string_view action, Json data = {}, std::string outcome = {});
  Story& host(std::string name, std::string_view action, Json data = {}, std::string outcome = {});
  Story& step(std::string id, std::string_view action, Json data = {}, std::string outcome = {});
  Story& effect(std::string id, std::string step, std::string host, std::string_view action,
                Json data = {}, std::string outcome = {});
  /// By a person, as the kernel knows them.
  Story& person(std::string principal, std::string step, std::string_view action, Json data,
                std::string outcome = {});

  /// Probes every `every` ms in [from, to): answered after 3 ms, or refused.
  Story& probes(const std::string& service, int from, int to, int every, bool answered);

  /// Folded and verified; `witnessed`: somebody else kept size and root.
  report::Record record(bool witnessed = true) const;

  static std::string ns(int ms);  // as the journal writes instants
  static Instant instant_at(int ms);
  static WallTime wall_at(int ms);

 private:
  Story& add(journal::Draft draft);

  plan::Plan plan_;
  int ms_ = 0;
  std::vector<std::string> bytes_;
  Digest last_{};
  std::map<std::string, std::vector<measure::Sample>> samples_;
};

// Whole runs, by what came of them.
report::Record a_pass();
report::Record a_fail();           // back after three minutes, 1 allowed
report::Record an_invalid();       // the fault was not proven
report::Record a_dirty_fail();     // and could not be undone
report::Record a_restore_test();   // no disruption; PASS
report::Record a_not_run();        // preflight refused
report::Record an_inconclusive();  // the interval lies on both sides
report::Record an_unfinished();    // the runner died: no verdict

/// All of them, with names for golden files.
std::vector<std::pair<std::string, report::Record>> all_runs();

}  // namespace muster::test
