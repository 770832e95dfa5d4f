#include "notify/of_schedule.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace muster::notify {
namespace {

/// Of an occurrence or a lapse.
template <class Of>
Notice about(const Of& o, NoticeOf event, WallTime now) {
  Notice n;
  n.event = event;
  n.drill = o.drill;
  n.title = o.title;
  n.environments = o.environments;
  n.at = now;
  if (!o.owner.empty()) n.facts.emplace_back("owner", o.owner);
  return n;
}

}  // namespace

std::string announcement_id(const std::string& drill, const std::string& nominal, Duration ahead) {
  return fmt::format("{}/before/{}/{}", drill, nominal, format_duration(ahead));
}

Notice announcement(const Occurrence& o, Duration ahead, WallTime now) {
  Notice n = about(o, NoticeOf::before, now);
  n.by = "the schedule";
  n.id = announcement_id(o.drill, o.nominal, ahead);
  n.headline = fmt::format("a drill is going to run at {} ({})", o.nominal, format_utc(o.at));
  n.facts.emplace_back("begins", format_utc(o.at));
  n.facts.emplace_back("local", o.nominal);
  n.facts.emplace_back("ahead", format_duration(ahead));
  return n;
}

Notice lapse_notice(const Lapse& lapse, WallTime now) {
  const auto date = [](const std::optional<WallTime>& at) {
    return at ? format_utc(*at) : std::string{"never"};
  };
  Notice n = about(lapse, NoticeOf::overdue, now);
  n.id = fmt::format("{}/{}/{}", lapse.drill, name_of(n.event), date(lapse.since));
  n.headline = lapse.what;
  n.facts.emplace_back("due", lapse.due);
  if (lapse.since) n.facts.emplace_back("since", format_utc(*lapse.since));
  n.facts.emplace_back("last_tested", date(lapse.last_tested));
  n.facts.emplace_back("last_passed", date(lapse.last_passed));
  n.facts.emplace_back("next", "muster run " + shell_quoted(lapse.drill));
  return n;
}

}  // namespace muster::notify
