#include "cli/overdue_notice.hpp"

#include <set>

#include "cli/entries.hpp"
#include "cli/schedule_text.hpp"
#include "journal/data.hpp"
#include "journal/kinds.hpp"
#include "journal/logs.hpp"
#include "notify/of_run.hpp"
#include "notify/of_schedule.hpp"

namespace muster::cli {

notify::Notice overdue_notice(const Library& library, const scheduler::Overdue& overdue,
                              WallTime now) {
  const auto& due = library.tables().at(overdue.drill).due;
  notify::Lapse lapse;
  lapse.drill = overdue.drill;
  lapse.what = due_text(overdue.state, due->zone());
  lapse.due = due->text();
  lapse.since = overdue.state.overdue_from;
  lapse.last_tested = overdue.state.last_tested;
  lapse.last_passed = overdue.state.last_passed;
  if (const auto* drill = library.drill(overdue.drill)) {
    lapse.title = drill->title;
    lapse.owner = drill->owner;
  }
  // A drill of which no plan can be made is overdue all the same.
  if (const auto plan = library.plan(overdue.drill))
    lapse.environments = notify::environments_of(*plan);
  return notify::lapse_notice(lapse, now);
}

void tell_overdue(Session& session, const Library& library, const Notifier::Complain& complain) {
  const auto nobody = [&](const Error& why) {
    complain("WARNING: nobody is told of what is overdue: " + to_string(why));
  };
  const auto loaded = notifications_of(session.workspace());
  if (!loaded) return nobody(loaded.error());
  if (loaded->notifications.channels.empty()) return;
  scheduler::Standing standing;
  std::set<std::string> told;
  const auto read = each_entry(session, journal::kWorkspaceLog, [&](const auto& stored) {
    const auto entry = journal::read_entry(stored);
    if (!entry) return;
    scheduler::apply(standing, *entry);
    if (entry->action == journal::kinds::kNoticeQueued)
      told.insert(journal::text_in(entry->data, "id"));
  });
  if (!read) return nobody(read.error());
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  std::vector<notify::Notice> notices;
  for (const auto& one : scheduler::overdue(library.tables(), standing, now)) {
    auto notice = overdue_notice(library, one, now);
    if (told.contains(notice.id) || notify::channels_for(loaded->notifications, notice).empty())
      continue;
    notices.push_back(std::move(notice));
  }
  tell_afterwards(session, std::move(notices), complain);
}

}  // namespace muster::cli
