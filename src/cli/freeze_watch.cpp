#include "cli/freeze_watch.hpp"

#include "cli/calendar_files.hpp"

namespace muster::cli {

std::function<std::string()> freeze_watch(const std::filesystem::path& workspace,
                                          const schedule::Timetable& table) {
  if (table.calendars.empty()) return [] { return std::string{}; };
  const auto zone = table.schedule ? table.schedule->zone()
                    : table.due    ? table.due->zone()
                                   : schedule::Zone::utc();
  return [workspace, calendars = table.calendars, zone] {
    const schedule::Freezes freezes{read_calendar_files(workspace, calendars)};
    const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    const auto frozen = freezes.frozen_at(now, now, zone);
    return frozen ? frozen->what : std::string{};
  };
}

}  // namespace muster::cli
