#include "cli/schedule_feed.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "cli/exit.hpp"
#include "cli/schedule_text.hpp"
#include "cli/terminal.hpp"
#include "schedule/feed.hpp"

namespace muster::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kEntriesMax = 5000;

schedule::FeedEntry entry_of(const DrillTimes& one, const schedule::Occurrence& occurrence,
                             WallTime now) {
  schedule::FeedEntry entry;
  entry.id = schedule::id_of(occurrence);
  entry.surprise = occurrence.is_surprise();
  entry.when = occurrence.window;
  if (!entry.surprise) entry.when.to = entry.when.from + one.longest;
  const auto way = cli::in_the_way(occurrence, one.table.schedule->zone(), one.freezes, now);
  entry.title = (way.empty() ? "Drill: " : "Drill (frozen): ") + one.title;
  entry.description = fmt::format("muster plan {}\nOwner: {}", one.table.drill, one.owner);
  if (!one.why.empty()) entry.description += "\n" + one.why;
  if (!way.empty()) entry.description += "\nIn the way: " + way;
  return entry;
}

/// Those that are held by their files are not among them: what was published of them is cancelled.
std::vector<schedule::FeedEntry> entries_of(const std::vector<DrillTimes>& drills, Duration ahead,
                                            WallTime now) {
  std::vector<schedule::FeedEntry> entries;
  for (const auto& one : drills) {
    const auto& plan = one.table.schedule;
    if (!plan || plan->file().hold) continue;
    for (auto at = plan->next(now); at && at->earliest() < now + ahead;
         at = plan->next(at->nominal))
      if (entries.size() < kEntriesMax) entries.push_back(entry_of(one, *at, now));
  }
  return entries;
}

}  // namespace

int write_feed(const std::vector<DrillTimes>& drills, const fs::path& workspace,
               const std::string& file, Duration ahead, WallTime now) {
  const auto entries = entries_of(drills, ahead, now);
  if (entries.size() == kEntriesMax)
    return complain(
        Error{fmt::format("more than {} times to publish", kEntriesMax), "ask for fewer --days"},
        kFail);
  std::optional<std::string> before;
  std::error_code ec;
  if (!file.empty() && fs::exists(file, ec)) {
    if (fs::file_size(file, ec) > schedule::FreezeCalendar::kBytesMax)
      return complain(Error{file + " is too large for a feed of ours", "write to another file"},
                      kFail);
    std::ifstream in{file, std::ios::binary};
    before.emplace(std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
    if (!in) return complain(Error{file + " cannot be read"}, kFail);
  }
  const auto text =
      schedule::feed(entries, before ? std::optional<std::string_view>{*before} : std::nullopt,
                     "Drills of " + workspace.filename().string(), now);
  if (!text) return complain(Error{file + ": " + text.error().what, text.error().hint}, kFail);
  if (file.empty()) {
    fmt::print("{}", *text);
    return kOk;
  }
  const std::string made = file + ".new";
  std::ofstream out{made, std::ios::binary | std::ios::trunc};
  out << *text;
  out.close();
  if (out.good()) fs::rename(made, file, ec);
  if (!out.good() || ec) return complain(Error{file + " could not be written"}, kFail);
  say(fmt::format("{} time{} in {}", entries.size(), entries.size() == 1 ? "" : "s", file));
  return kOk;
}

}  // namespace muster::cli
