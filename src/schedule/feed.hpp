// The coming occurrences as a calendar that people subscribe to (RFC 5545, in UTC). Pure: what was
// published before is handed in, and what changed or fell away since is told from it.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "schedule/window.hpp"

namespace muster::schedule {

struct FeedEntry {
  std::string id;         ///< id_of(occurrence): the UID is made of it, and stays.
  Interval when;          ///< Not empty. Of a surprise its whole window.
  bool surprise = false;  ///< Shown as "a drill may be held", and nothing that says which.
  std::string title;
  std::string description;
};

/// `previous`: the feed as it was published last, or nothing. An entry that it has too keeps its
/// SEQUENCE and DTSTAMP, or gets the next one when anything of it changed. One that is still to
/// come there, and is not among `entries`, is published as cancelled until its time is over. An
/// error: `previous` is no feed of ours. Lines end with CRLF.
Result<std::string> feed(std::span<const FeedEntry> entries,
                         std::optional<std::string_view> previous, std::string_view name,
                         WallTime now);

}  // namespace muster::schedule
