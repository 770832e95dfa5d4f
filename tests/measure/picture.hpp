// Draws samples: one character a probe of 100 ms. '.' ok, 'x' failed, '?' no answer in 500 ms, ' '
// not run.
#pragma once
#include <string_view>
#include <vector>

#include "measure/recovery.hpp"
#include "measure/sample.hpp"

namespace muster::measure::test {

using std::chrono::milliseconds;

constexpr Duration kEvery = milliseconds{100};
constexpr Duration kTimeout = milliseconds{500};
constexpr Duration kLatency = milliseconds{2};

/// Where the probe at this position of the picture is sent.
inline Instant at(std::size_t position) {
  return instant(1'000'000'000) + position * kEvery;
}

inline std::vector<Sample> picture(std::string_view drawn) {
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    if (drawn[i] == ' ') continue;
    const Outcome o = drawn[i] == '.'   ? Outcome::ok
                      : drawn[i] == 'x' ? Outcome::failed
                                        : Outcome::unknown;
    const Duration taken = o == Outcome::unknown ? kTimeout : kLatency;
    samples.push_back({samples.size() + 1, at(i), at(i), at(i) + taken, o, ""});
  }
  return samples;
}

/// One bad probe in a second is background; two are not.
inline Probing probing(double share = 0.9) {
  return {{share, milliseconds{1000}}, kEvery, kTimeout};
}

}  // namespace muster::measure::test
