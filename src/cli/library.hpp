// The workspace's files as a server holds them: the last version of them that was good, and what is
// wrong with a newer one.
// Thread: one. Blocking file reads.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/workspace.hpp"
#include "plan/plan.hpp"
#include "schedule/timetable.hpp"
#include "scheduler/decider.hpp"

namespace muster::cli {

class Library {
 public:
  explicit Library(std::filesystem::path workspace) : workspace_{std::move(workspace)} {}

  struct Refreshed {
    bool changed = false;  ///< another version is in use from now on
    std::string errors;    ///< of the version on disk, rendered for people; "" when it is good
  };
  /// Reads again what changed on disk. Cheap when nothing did. Broken files change nothing.
  Refreshed refresh();
  /// Names the version that is in use: a hash over its files' names, sizes and times.
  const std::string& version() const { return version_; }

  bool has(const std::string& drill) const { return tables_.contains(drill); }
  const std::map<std::string, schedule::Timetable>& tables() const { return tables_; }
  /// Of the drills that have a schedule; their calendars are read anew.
  std::vector<scheduler::Job> jobs() const;
  const model::People& people() const { return files_.people; }
  const model::Witnesses& witnesses() const { return files_.witnesses; }
  const model::Drill* drill(const std::string& name) const { return files_.drill(name); }
  schedule::Freezes freezes_of(const std::string& drill) const;
  /// What `muster plan` would make of the version in use.
  Result<plan::Plan> plan(const std::string& drill) const;

 private:
  std::string fingerprint() const;
  scheduler::Job job_of(const schedule::Timetable& table) const;

  std::filesystem::path workspace_;
  std::string seen_;     ///< of the files on disk, when they were looked at last
  std::string version_;  ///< of those in use
  model::Workspace files_;
  std::map<std::string, schedule::Timetable> tables_;
  std::string errors_;
};

}  // namespace muster::cli
