// What a server tells people: its runs, drills that are to come, and what is overdue.
#include <fmt/format.h>

#include "cli/overdue_notice.hpp"
#include "cli/server.hpp"
#include "notify/of_run.hpp"

namespace muster::cli {

Result<> Server::open_notifier() {
  auto opened =
      Notifier::open(*session_, clock_, *log_, [this](const std::string& text) { line(text); });
  if (!opened) return opened.error();
  notifier_ = std::move(*opened);
  return {};
}

notify::Occurrence Server::told_of(const schedule::Occurrence& occurrence) const {
  notify::Occurrence out;
  out.drill = occurrence.drill;
  out.nominal = schedule::format_local(occurrence.nominal);
  // Of a surprise no more than when it may begin.
  out.at = occurrence.is_surprise() ? occurrence.window.from : occurrence.earliest();
  if (const auto plan = library_.plan(occurrence.drill)) {
    out.title = plan->title;
    out.owner = plan->owner;
    out.environments = notify::environments_of(*plan);
  }
  return out;
}

void Server::watch_overdue() {
  for (const auto& one : overdue_.look(library_.tables(), standing_, wall())) {
    auto notice = overdue_notice(library_, one, wall());
    line(fmt::format("{}: {}", one.drill, notice.headline));
    // One that was told already, by whichever process, has the same id, and goes nowhere.
    if (notifier_) notifier_->outbox().tell(std::move(notice));
  }
}

std::string Server::not_announced(const schedule::Occurrence& occurrence) const {
  const auto all = standing_.drills.find(occurrence.drill);
  if (!notifier_ || all == standing_.drills.end()) return {};
  const auto nominal = schedule::format_local(occurrence.nominal);
  const auto told = all->second.announced.find(nominal);
  if (told == all->second.announced.end()) return {};
  for (const auto& before : told->second) {
    const auto is = notifier_->outbox().announced(occurrence.drill, nominal, before);
    if (is == notify::Announced::failed)
      return fmt::format("its announcement {} ahead could not be delivered (`muster notify list`)",
                         format_duration(before));
    if (is == notify::Announced::pending)
      return fmt::format("its announcement {} ahead is not delivered yet", format_duration(before));
  }
  return {};
}

}  // namespace muster::cli
