// What is past its time and may go: decided from the workspace log alone. Pure.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "journal/retention.hpp"

namespace muster::journal {

struct RetentionLimit {
  std::string text;  ///< as the file has it: "6y"
  Duration length{};
};
/// nullopt: for ever.
struct RetentionRule {
  std::optional<RetentionLimit> keep;
  std::optional<RetentionLimit> samples;
};

struct Removal {
  std::string run;
  bool whole = false;     ///< false: its samples alone
  bool declared = false;  ///< earlier; whether all of it is gone is not known: it is gone on with
  std::string rule;
  TreeHead head;
};
/// Past its time, and kept all the same.
struct KeptRun {
  std::string run;
  std::string why;
};
struct RetentionPlan {
  std::vector<Removal> removals;  ///< by run: the oldest first
  std::vector<KeptRun> kept;
};

/// Never removed, whatever the rule: a run that is open or dirty, that is under a legal hold, that
/// died before its own first entry (there is nothing), or that is its drill's last one that passed,
/// or that tested something (PASS, FAIL, INCONCLUSIVE).
RetentionPlan plan_retention(const RetentionLog& log, const RetentionRule& rule, WallTime now);

}  // namespace muster::journal
