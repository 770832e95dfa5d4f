// The steps `check` (must hold now) and `wait` (until it holds).
#include <fmt/format.h>

#include "engine/steps.hpp"

namespace muster::engine {

Steps::Ending Steps::ending_of(const Told& told) {
  static constexpr How kHow[] = {How::passed, How::failed, How::unknown};
  return {kHow[static_cast<std::size_t>(told.is)], told.why, told.evidence, told.output, {}, {}};
}

void Steps::begin(const Id& id, const plan::Check& action) {
  conditions_.look(action.condition, {},
                   [this, id](const Told& told) { finish(id, ending_of(told)); });
}

void Steps::begin(const Id& id, const plan::Wait& action) {
  if (const auto* service = std::get_if<plan::ServiceIs>(&action.condition))
    return wait_for_service(id, *service);
  poll(id, action.condition);
}

void Steps::wait_for_service(const Id& id, const plan::ServiceIs& condition) {
  const auto look = [this, id, condition] {
    const auto wanted = condition.up ? measure::UpState::up : measure::UpState::down;
    if (under_way(id) && services_.state(condition.service) == wanted)
      finish(id, {How::passed,
                  fmt::format("{} is {}", condition.service, condition.up ? "up" : "down"),
                  {},
                  {},
                  {},
                  {}});
  };
  under_.at(id).listener = services_.listen(look);
  look();
}

void Steps::poll(const Id& id, const plan::Condition& condition) {
  conditions_.look(condition, {}, [this, id, &condition](const Told& told) {
    if (!under_way(id)) return;
    if (told.is == Told::Is::yes) return finish(id, ending_of(told));
    under_.at(id).last = ending_of(told);
    core_.at(core_.now() + core_.settings().poll_every, [this, id, &condition] {
      if (under_way(id)) poll(id, condition);
    });
  });
}

/// A wait ends as what it was told last: what could not be told is not proven false.
void Steps::out_of_time(const Id& id) {
  Under& under = under_.at(id);
  const std::string why =
      fmt::format("it was not over within {}", format_duration(under.step->within));
  const auto* wait = std::get_if<plan::Wait>(&under.step->action);
  if (!wait && core_.state().steps.at(id).no_return)
    return finish(id, {How::unknown, why + "; it may have happened, or may yet", {}, {}, {}, {}});
  if (!wait) return fail(id, why);
  if (std::holds_alternative<plan::ServiceIs>(wait->condition))
    conditions_.look(wait->condition, {},
                     [&under](const Told& told) { under.last = ending_of(told); });
  Ending ending = under.last.value_or(Ending{How::unknown, "no answer came", {}, {}, {}, {}});
  if (ending.how != How::passed) ending.why = fmt::format("{}: {}", why, ending.why);
  finish(id, std::move(ending));
}

}  // namespace muster::engine
