// What "up" means to a client, and the rhythm with which it is asked.
#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace muster::measure {

/// "99% over 10s": of the probes sent in a window of this length, at least this share was answered
/// well. The default is the strictest: one bad probe in ten seconds is not up.
struct UpRule {
  double share = 1.0;  // above 0, at most 1
  Duration window = std::chrono::seconds{10};
  bool operator==(const UpRule&) const = default;
};

/// Reads "PERCENT over DURATION"; the share is above 0%, the window at least 1ms and at most 1h.
Result<UpRule> parse_up_rule(std::string_view text);
/// What parse_up_rule reads back to the same rule.
std::string format_up_rule(const UpRule& rule);

/// What was answered is told in batches, so often (ports/prober.hpp).
inline constexpr Duration kBatchEvery = std::chrono::seconds{1};

/// How a service is asked: a probe every `every`, on an absolute rhythm and whether or not earlier
/// ones are still unanswered; one that has no answer after `timeout` is given up
/// (Outcome::unknown).
struct Probing {
  UpRule up;
  Duration every = std::chrono::milliseconds{100};    // above 0
  Duration timeout = std::chrono::milliseconds{500};  // above 0
  bool operator==(const Probing&) const = default;
};

}  // namespace muster::measure
