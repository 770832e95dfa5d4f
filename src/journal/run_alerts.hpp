// What monitoring, and people, said about the fault of a run, folded from its entries `alert.seen`.
// A part of RunState (run_state.hpp).
#pragma once
#include <map>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "journal/entry.hpp"

namespace muster::journal {

struct RunState;

struct AlertSeen {
  std::uint64_t seq = 0;
  Actor by;            ///< Who handed it over.
  std::string source;  ///< alertmanager | pagerduty | person
  std::string alert;   ///< Its name; may be empty when a person noticed it without one.
  std::string id;      ///< The sender's own: its fingerprint, its incident.
  std::map<std::string, std::string> labels;
  bool firing = true;                    ///< Else it ended.
  std::optional<WallTime> started;       ///< By the sender's clock.
  std::optional<std::size_t> detection;  ///< Which one of the plan's it fits; the first.
  bool counts = false;                   ///< It began to fire after that fault was being put in.
  std::string why;                       ///< Why it does not count.
  std::string text;                      ///< A person's own words.
  Instant at{};                          ///< Received; of a person: when they noticed.
  WallTime wall{};
};

/// The entry. What is wrong, or "".
std::string fold_alert(RunState& state, const Entry& entry);

}  // namespace muster::journal
