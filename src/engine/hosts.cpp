#include "engine/hosts.hpp"

#include "plan/calls.hpp"

#include <charconv>

#include "engine/effects.hpp"
#include "journal/kinds.hpp"
#include "measure/clock.hpp"

namespace muster::engine {

journal::Draft facts_entry(const Core& core, const std::string& host, const ports::Answer& answer,
                           const std::vector<std::string>& problems) {
  journal::Draft d = Core::draft(journal::kinds::kRunPreflight);
  d.target.host = host;
  const auto facts = fields_of(answer.evidence);
  d.outcome = problems.empty() ? "ok" : "refused";
  d.data = Json{{"facts", facts}, {"problems", problems}};
  if (const auto it = facts.find("wall_ns"); it != facts.end()) {
    std::int64_t stamp = 0;
    std::from_chars(it->second.data(), it->second.data() + it->second.size(), stamp);
    // The offset is said against the controller's own wall clock: that is what a reader compares
    // with.
    const auto axis = core.wall() - WallTime{core.now().time_since_epoch()};
    const auto offset =
        measure::clock_offset({answer.sent, wall_time(stamp), wall_time(stamp), answer.done});
    if (offset) {
      d.data["offset_lo"] = journal::json_ns(ns(offset->offset - offset->half - axis));
      d.data["offset_hi"] = journal::json_ns(ns(offset->offset + offset->half - axis));
    }
  }
  return d;
}

ports::Call lock_call(const Core& core, const std::string& host) {
  ports::Call call;
  call.host = core.plan().hosts.at(host).address;
  call.verb = ports::Verb::lock;
  const auto& context = core.settings().context;
  call.values = {
      {"store", core.settings().store},
      {"epoch", std::to_string(context.epoch)},
      {"drill", context.drill},
      {"who", context.actor.principal},
      {"lock_s",
       std::to_string(
           std::chrono::duration_cast<std::chrono::seconds>(core.settings().lock_lease).count())}};
  return call;
}

ports::Call question_call(const Core& core, const plan::RoleQuestion& question,
                          const std::string& host) {
  ports::Call call;
  call.host = core.plan().hosts.at(host).address;
  call.verb = ports::Verb::command;
  call.argv = plan::role_argv(question);
  return call;
}

}  // namespace muster::engine
