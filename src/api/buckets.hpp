// How often somebody may ask: a token bucket (RFC 2697's idea) for each name. A value; time is
// given to it.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "base/time.hpp"

namespace muster::api {

class Buckets {
 public:
  /// At most so many names are remembered; those that asked for nothing lately are forgotten first.
  static constexpr std::size_t kNamesMax = 10'000;

  /// One each `every`, and `burst` at once after a pause.
  Buckets(Duration every, unsigned burst);

  /// Nothing: one was taken. Else how long until there is one.
  std::optional<Duration> take(const std::string& name, Instant now);

 private:
  void forget(Instant now);
  Duration every_;
  Duration room_;
  /// When each name's bucket is full again: what is taken moves it on (GCRA).
  std::map<std::string, Instant> full_at_;
};

}  // namespace muster::api
