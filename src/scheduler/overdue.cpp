#include "scheduler/overdue.hpp"

#include <algorithm>

namespace muster::scheduler {

namespace {

bool is_overdue(const schedule::DueState& state) {
  return state.is == schedule::DueState::Is::overdue;
}

template <class Each>
void each_state(const Timetables& tables, const Standing& standing, WallTime now, Each each) {
  for (const auto& [drill, table] : tables)
    if (table.due) each(drill, table.due->state(standing.of(drill).tests, now));
}

}  // namespace

std::vector<Overdue> overdue(const Timetables& tables, const Standing& standing, WallTime now) {
  std::vector<Overdue> out;
  each_state(tables, standing, now, [&](const std::string& drill, const schedule::DueState& state) {
    if (is_overdue(state)) out.push_back({drill, state});
  });
  return out;
}

std::vector<Overdue> OverdueWatch::look(const Timetables& tables, const Standing& standing,
                                        WallTime now) {
  std::vector<Overdue> out;
  if (now < look_at_) return out;
  look_at_ = WallTime::max();
  std::map<std::string, std::optional<WallTime>> said;
  each_state(tables, standing, now, [&](const std::string& drill, const schedule::DueState& state) {
    if (!is_overdue(state)) {
      if (state.overdue_from) look_at_ = std::min(look_at_, *state.overdue_from);
      return;
    }
    const auto before = said_.find(drill);
    if (before == said_.end() || before->second != state.overdue_from)
      out.push_back({drill, state});
    said[drill] = state.overdue_from;
  });
  said_ = std::move(said);
  return out;
}

}  // namespace muster::scheduler
