#include "engine/machine.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "engine/alerts.hpp"
#include "engine/machine_parts.hpp"
#include "engine/requests.hpp"
#include "engine/roster.hpp"
#include "journal/kinds.hpp"

namespace muster::engine {

namespace kinds = journal::kinds;

void Machine::Parts::open() {
  const auto bytes = canonical_json(plan::to_json(plan));
  journal::Draft d = Core::draft(kinds::kRunOpened);
  d.data = Json{{"plan", hex(sha256(*bytes))},
                {"title", plan.title},
                {"why", plan.why},
                {"change", plan.change},
                {"owner", plan.owner},
                {"muster", core.settings().version},
                {"store", core.settings().store},
                {"workspace", core.settings().workspace},
                {"max_duration", journal::json_ns(ns(plan.max_duration))}};
  d.actor = core.settings().opened_by;
  const bool is_other = !d.actor.principal.empty();
  if (const auto* person = anybody_of(plan, is_other ? d.actor : core.settings().context.actor))
    d.data["person"] = person->id;
  if (core.settings().consent.is_object()) d.data.update(core.settings().consent);
  if (!core.settings().dirty.empty()) d.data["dirty"] = core.settings().dirty;
  core.blob(*bytes);
  for (const auto& [name, script] : plan.scripts) core.blob(script.text);
  core.record(std::move(d));
  record_roster(core);
  core.at(core.now() + plan.max_duration, [this] {
    if (over || reverting) return;
    journal::Draft request_entry = Core::draft(kinds::kRequest);
    request_entry.data = Json{{"what", "abort"},
                              {"reason", fmt::format("the guardrail max_duration of {} was reached",
                                                     format_duration(plan.max_duration))}};
    core.record(std::move(request_entry));
    halt(*core.state().abort_why);
  });
  preflight.begin([this](const std::vector<std::string>& problems) {
    if (reverting) return;
    problems.empty() ? locked() : halt("preflight: " + joined(problems, "; "));
  });
}

void Machine::Parts::warm_up() {
  core.record(Core::draft(kinds::kRunBegan));
  if (plan.services.empty()) return before_the_first_effect();
  if (const auto started = services.start_all(); !started) return halt(to_string(started.error()));
  services_on = true;
  Duration longest{};
  for (const auto& service : plan.services)
    longest = std::max({longest, service.warm_up, service.up.window});
  core.at(core.now() + longest, [this] { warm_up_over(); });
}

void Machine::Parts::warm_up_over() {
  if (reverting) return;
  if (services.all_up()) return before_the_first_effect();
  // One more window of grace: the first one may straddle the start of the probes.
  Duration grace{};
  for (const auto& service : plan.services)
    grace = std::max(grace, service.up.window + service.timeout);
  core.at(core.now() + grace, [this] {
    if (reverting) return;
    if (services.all_up()) return before_the_first_effect();
    halt("a service was not up at the end of its warm-up: there is nothing to lose yet");
  });
}

void Machine::Parts::method() {
  steps.run(
      plan.steps, [this] { undo(); }, [this](const std::string& why) { halt(why); });
}

void Machine::Parts::halt(const std::string& why) {
  if (reverting || over) return;
  if (stopped.empty()) stopped = why;
  stopped_at = core.now();
  reverting = true;
  steps.stop(why);
  undo();
}

/// Somebody stops it when the method is over already: what is left is waiting and looking.
void Machine::Parts::hurry(const std::string& why) {
  if (!stopped.empty()) return;
  stopped = why;
  stopped_at = core.now();
  if (steps.running()) {
    steps.stop(why);
    stop_services();
  } else if (const auto go_on = std::exchange(settled, nullptr)) {
    go_on();
  }
}

void Machine::Parts::undo() {
  reverting = true;
  effects.revert_all(stopped.empty() ? "the method is over" : stopped, [this] { settle(); });
}

void Machine::Parts::settle() {
  // The end of an outage may still be under way: the drill is judged on it, so it is waited for, as
  // long as it could still meet its objective.
  Duration patience{};
  // A process that took the run over probes nothing, and waits for nothing.
  if (!core.record_lost() && stopped.empty() && !core.taken_over())
    for (const auto& service : plan.services)
      if (services.recovering(service.name)) {
        Duration rto{};
        for (const auto& o : plan.objectives)
          if (o.service == service.name && o.rto) rto = *o.rto;
        patience = std::max(
            patience, std::min(rto, Duration{std::chrono::minutes{10}}) + 2 * service.up.window);
      }
  if (patience == Duration::zero()) return ends();
  struct Once {
    bool done = false;
  };
  auto once = std::make_shared<Once>();
  auto listener = std::make_shared<std::uint64_t>(0);
  const auto go_on = [this, once, listener] {
    if (std::exchange(once->done, true)) return;
    settled = nullptr;
    services.unlisten(*listener);
    ends();
  };
  settled = go_on;
  *listener = services.listen([this, go_on] {
    if (services.all_up()) go_on();
  });
  core.at(core.now() + patience, go_on);
}

void Machine::Parts::ends() {
  if (!stopped.empty() || plan.ends.empty() || core.record_lost()) {
    for (const auto& step : plan.ends) {
      if (core.state().steps.contains(step.id)) continue;
      journal::Draft d = Core::draft(kinds::kStepFinished);
      d.step = step.id;
      d.outcome = "skipped";
      d.data = Json{{"why", "the drill was stopped before it"}};
      core.record(std::move(d));
    }
    return stop_services();
  }
  steps.run(
      plan.ends, [this] { stop_services(); }, [this](const std::string&) { stop_services(); });
}

/// A guardrail that does not hold at the end may be the drill's doing: it is waited for, as long as
/// it may fail.
void Machine::Parts::stop_services() {
  if (!stopped.empty() || core.record_lost() || !guards.failing()) return services_off();
  settled = [this] { services_off(); };
  guards.when_all_hold([this] {
    if (const auto go_on = std::exchange(settled, nullptr)) go_on();
  });
}

void Machine::Parts::services_off() {
  guards.end();
  if (!services_on) return conclude();
  services.stop_all([this] { read_back(); });
}

std::string Machine::Parts::request(const Request& r) {
  using What = Request::What;
  if (over) return "the run is over";
  if (auto why = unfit(r); !why.empty()) return why;
  if (auto why = unsigned_one(plan, r); !why.empty()) return why;
  switch (r.what) {
    case What::abort:
      return abort(r);
    case What::stop_waiting:
      return stop_waiting(r);
    case What::note:
      return write_down(core, r);
    case What::take_role:
    case What::hand_role:
      return hand_over(core, r);
    case What::gone:
      return gone(r);
    case What::mended:
      return "what is not proven undone is undone first: then `muster recover --mended`";
    case What::alerts:
      return take_alerts(core, r);
    case What::detected:
      return take_detected(core, r);
    default:
      return steps.take(r);
  }
}

std::string Machine::Parts::abort(const Request& r) {
  if (core.state().result) return "the verdict stands already, the run is about to be closed";
  if (!stopped.empty()) return "it is being stopped already";
  journal::Draft d = asked(core, r, "abort");
  if (r.reason.empty()) d.data["reason"] = "a person stopped it";
  core.record(std::move(d));
  reverting ? hurry(*core.state().abort_why) : halt(*core.state().abort_why);
  return {};
}

std::string Machine::Parts::stop_waiting(const Request& r) {
  if (concluded) return "the verdict stands already, the run is about to be closed";
  if (effects.is_impatient()) return "nothing is waited for any longer already";
  // What it leaves behind is on whoever asked for it.
  core.record(asked(core, r, "stop_waiting"));
  effects.stop_waiting();
  return {};
}

Machine::Machine(plan::Plan plan, Settings settings)
    : parts_{std::make_unique<Parts>(std::move(plan), std::move(settings))} {}
Machine::~Machine() = default;

const journal::RunState& Machine::state() const {
  return parts_->core.state();
}
const plan::Plan& Machine::plan() const {
  return parts_->plan;
}

Output Machine::begin(Instant at, WallTime wall) {
  parts_->core.begin_turn(at, wall);
  parts_->open();
  Output out = parts_->core.take();
  out.over = parts_->over;  // a drill that touches no host may be over within its first turn
  return out;
}

Output Machine::on(const Input& input) {
  Parts& p = *parts_;
  // An answer that comes while run.closed is being written finds nobody: nothing follows that
  // entry.
  if (p.over) {
    Output nothing;
    if (std::holds_alternative<Request>(input.what)) nothing.refused = "the run is over";
    nothing.over = true;
    return nothing;
  }
  p.core.begin_turn(input.at, input.wall);
  std::string refused;
  if (const auto* lost = std::get_if<RecordLost>(&input.what)) {
    p.core.lose_record();
    p.steps.not_done(lost->not_done);
    const std::string why = "the record cannot be written: " + lost->why;
    p.reverting ? p.hurry(why) : p.halt(why);
  } else if (const auto* sampled = std::get_if<Sampled>(&input.what)) {
    p.services.sampled(sampled->service, sampled->samples);
  } else if (const auto* request = std::get_if<Request>(&input.what)) {
    Request from = *request;
    if (from.actor.principal.empty()) from.actor = p.core.settings().context.actor;
    if (const auto& redacted = p.core.settings().without_secrets) {
      for (auto* text : {&from.reason, &from.text, &from.who}) *text = redacted(std::move(*text));
      for (auto& [name, answer] : from.answers) answer = redacted(std::move(answer));
      for (auto& alert : from.alerts) {
        alert.name = redacted(std::move(alert.name));
        for (auto& [name, label] : alert.labels) label = redacted(std::move(label));
      }
      // What was signed is recorded to the byte, or not at all.
      if (redacted(from.proof.text) != from.proof.text)
        refused = "it holds a secret of this drill, which must not be recorded: say it without";
    }
    if (refused.empty()) refused = p.request(from);
  }
  p.core.deliver(input);
  Output out = p.core.take();
  out.refused = refused;
  out.over = p.over;
  return out;
}

}  // namespace muster::engine
