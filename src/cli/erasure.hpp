// Erases a person from a workspace's record: what names them is found, declared in the workspace's
// log, signed, told to witnesses, and then removed, in that order. Whoever dies in between goes on
// with the same command. What stays verifiable, and how, is journal/person.hpp's.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cli/workspace_trail.hpp"

namespace muster::cli {

/// What one person is called in the record.
struct Called {
  std::string id;               ///< of people.yaml; "": nobody there is called so
  std::set<std::string> names;  ///< "ana", "unix:ana", "person:ana", "Ana Silva"
};

/// What names them.
struct PreparedErasure {
  Called who;
  std::map<Digest, journal::Person> persons;  ///< not erased yet, by their commitments
  std::vector<journal::RedactedPlan> plans;
  std::vector<std::string> redacted;  ///< the bytes of what stands for those plans from now on
  std::vector<std::string> runs;      ///< that name them
  // Of earlier erasures that were not brought to their end:
  std::map<Digest, journal::Person> pending;
  std::vector<Digest> pending_plans;
  bool unfinished = false;  ///< the file was not written anew after it

  bool is_news() const { return !persons.empty() || !plans.empty(); }
  bool is_pending() const { return unfinished || !pending.empty() || !pending_plans.empty(); }
};

/// Reads every log once. `name`: an id, a principal or a name. An error: it fits several people, a
/// run that names them is not over, or is under a legal hold.
Result<PreparedErasure> prepare_erasure(Session& session, const WorkspaceTrail& trail,
                                        const std::string& name);

/// An error before anything was declared when the record cannot be signed, and before anything was
/// removed when the declaration could not.
Result<> erase_person(Session& session, const PreparedErasure& erasure, const std::string& reason);

}  // namespace muster::cli
