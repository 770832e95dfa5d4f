#include "notify/of_schedule.hpp"

#include <fmt/format.h>

namespace muster::notify {
namespace {

Notice about(const Occurrence& o, NoticeOf event, WallTime now) {
  Notice n;
  n.event = event;
  n.drill = o.drill;
  n.title = o.title;
  n.by = "the schedule";
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
  n.id = announcement_id(o.drill, o.nominal, ahead);
  n.headline = fmt::format("a drill is going to run at {} ({})", o.nominal, format_utc(o.at));
  n.facts.emplace_back("begins", format_utc(o.at));
  n.facts.emplace_back("local", o.nominal);
  n.facts.emplace_back("ahead", format_duration(ahead));
  return n;
}

}  // namespace muster::notify
