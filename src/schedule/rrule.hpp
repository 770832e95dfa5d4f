// Recurrence rules of RFC 5545, in floating local time: libical expands them, and is never told of
// a zone (it shifts what follows a gap, and takes the second hour of a fold). What it accepts and
// should not (BYDAY=255SU), what has no end, and what is finer than a day is refused here.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "schedule/local_time.hpp"

namespace muster::schedule {

/// A value, cheap to copy; any thread.
class Rrule {
 public:
  static constexpr int kCountMax = 10'000;

  /// `text`: with or without "RRULE:". FREQ=DAILY or slower, INTERVAL and COUNT within bounds.
  /// `start` is DTSTART; COUNT counts from it. UNTIL is read as local time.
  static Result<Rrule> parse(std::string_view text, LocalTime start);

  /// The first one strictly later than `after` and not before `start`; nothing: none before kEnd.
  std::optional<LocalTime> next(LocalTime after) const;
  LocalTime start() const { return start_; }
  /// At most one time a day.
  bool once_a_day() const;

 private:
  struct Rule;
  Rrule(std::shared_ptr<const Rule> rule, LocalTime start)
      : rule_(std::move(rule)), start_(start) {}

  std::shared_ptr<const Rule> rule_;
  LocalTime start_;
};

}  // namespace muster::schedule
