// Bringing a run to its end whose process died, and hosts that will never come back.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "engine/machine_parts.hpp"
#include "engine/requests.hpp"
#include "journal/kinds.hpp"

namespace muster::engine {

namespace kinds = journal::kinds;

Result<Output> Machine::recover(const std::vector<journal::Entry>& entries, Instant at,
                                WallTime wall, const std::vector<Request>& said) {
  Parts& p = *parts_;
  for (const auto& entry : entries)
    if (const auto applied = journal::apply(p.core.state_to_fold(), entry); !applied)
      return applied.error();
  p.core.begin_turn(at, wall);
  p.core.take_over();
  p.preflight.adopt_locks();
  p.core.record(Core::draft(kinds::kTakeover));
  // A verdict that stands is not spoilt by the death of the process that was about to close the
  // run.
  if (!p.core.state().abort_why && !p.core.state().result) {
    journal::Draft d = Core::draft(kinds::kRequest);
    d.data = Json{{"what", "abort"}, {"reason", "the process that ran it died"}};
    p.core.record(std::move(d));
  }
  p.stopped = p.core.state().abort_why.value_or("");
  for (const auto& step : {&p.plan.steps, &p.plan.ends})
    for (const auto& s : *step) {
      const auto it = p.core.state().steps.find(s.id);
      if (it != p.core.state().steps.end() && journal::is_over(it->second.status)) continue;
      journal::Draft d = Core::draft(kinds::kStepFinished);
      d.step = s.id;
      const bool begun = it != p.core.state().steps.end();
      d.outcome = begun ? "unknown" : "skipped";
      d.data =
          Json{{"why", begun ? "the process that ran it died" : "the drill was stopped before it"}};
      p.core.record(std::move(d));
    }
  bool declared = false;
  for (const auto& request : said)
    if (request.what == Request::What::mended && p.plan.hosts.contains(request.host)) {
      p.say_of_host(request, "mended");
      p.effects.answered_for(request.host, request.reason);
      declared = true;
    } else if (p.plan.hosts.contains(request.host) && request.host != p.plan.guardian) {
      p.declare_gone(request);
      declared = true;
    }
  const auto& effects = p.core.state().effects;
  const bool open = std::any_of(effects.begin(), effects.end(),
                                [](const auto& e) { return !journal::is_over(e.status); });
  if (p.core.state().result && !open && !declared)
    p.effects.disarm_all([&p] { p.preflight.unlock_all([&p] { p.close(); }); });
  else
    p.undo();
  Output out = p.core.take();
  out.over = p.over;
  return out;
}

std::string Machine::Parts::gone(const Request& r) {
  // What is said now would change what was left, and the verdict told it already.
  if (concluded)
    return "the verdict stands already: once the run is closed, `muster recover --gone` it";
  if (!plan.hosts.contains(r.host)) return fmt::format("'{}' is no host of this drill", r.host);
  if (r.host == plan.guardian) return "the controller itself cannot be declared gone";
  if (trimmed(r.reason).empty()) return "who declares a host gone for good owes a reason";
  declare_gone(r);
  return {};
}

void Machine::Parts::say_of_host(const Request& r, std::string_view what) {
  journal::Draft d = asked(core, r, what);
  d.target.host = r.host;
  if (r.what == Request::What::gone) d.data["wiped"] = r.wiped;
  core.record(std::move(d));
}

void Machine::Parts::declare_gone(const Request& r) {
  say_of_host(r, "gone");
  preflight.forget(r.host);
  effects.declare_gone(r.host, r.reason, r.wiped);
}

}  // namespace muster::engine
