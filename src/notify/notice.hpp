// A notice: what is told to people outside of a run, whichever way it goes. A value; pure.
#pragma once
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "model/notifications.hpp"

namespace muster::notify {

using model::NoticeOf;

/// On every message, first: nobody who reads it on a telephone at night must take a drill for the
/// thing itself (reference: gameday, "Banner").
inline constexpr std::string_view kBanner = "EXERCISE — NOT A REAL INCIDENT";

struct Notice {
  /// A receiver tells by it that it has this one already: delivery is at least once. The same event
  /// has the same id, also after a restart.
  std::string id;
  NoticeOf event = NoticeOf::start;
  std::string drill;
  std::string title;  ///< Of the drill; may be empty.
  std::string run;    ///< Empty before there is one.
  std::string by;     ///< Who started it, or what did.
  std::vector<std::string> environments;
  std::string headline;  ///< One line.
  /// What else there is to know, by a name of lower-case letters: result, state, step, person, …
  std::vector<std::pair<std::string, std::string>> facts;
  WallTime at{};  ///< When it happened.
};

struct NoticeLimits {
  static constexpr std::size_t kHeadlineBytesMax = 300;
  static constexpr std::size_t kFactBytesMax = 1'500;
  static constexpr std::size_t kFactsMax = 16;
  static constexpr std::size_t kIdBytesMax = 300;
};

/// Within the limits, printable, on one line where it must be; `redacted` takes secrets out first.
Notice fit(Notice notice, const std::function<std::string(std::string)>& redacted);

/// What a webhook and a command get; docs/notifications.md has its fields.
Json to_json(const Notice& notice);
/// Reads to_json back: of the record.
Result<Notice> notice_from_json(const Json& json);

/// "[EXERCISE] orders-primary-loss: …"
std::string subject_of(const Notice& notice);
/// Plain text, the banner first and last.
std::string text_of(const Notice& notice);

}  // namespace muster::notify
