// Which entries of a run are told to people, and what is said. Pure.
#pragma once
#include <string>
#include <vector>

#include "journal/entry.hpp"
#include "notify/notice.hpp"
#include "plan/plan.hpp"

namespace muster::notify {

struct RunFacts {
  std::string run;
  std::string by;      ///< Who started it.
  std::string report;  ///< Where it is going to be written.
};

/// Of one entry, once it is durable; most say nothing.
std::vector<Notice> notices_of(const RunFacts& run, const plan::Plan& plan,
                               const journal::Draft& entry);

/// The environments of the hosts that it may touch, each once.
std::vector<std::string> environments_of(const plan::Plan& plan);

}  // namespace muster::notify
