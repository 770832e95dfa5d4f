#include "engine/core.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "base/text.hpp"

namespace muster::engine {

std::string evidence_text(const std::string& bytes) {
  // An entry holds 64 KiB in all; longer evidence would need a blob, and no reader wants it inline.
  return bounded(printable(trimmed(bytes)), 8 << 10);
}

void Core::record(journal::Draft draft) {
  draft.ts = wall_;
  draft.at = at_;
  if (const auto applied = journal::apply(state_, journal::entry_of(draft, settings_.context));
      !applied)
    throw std::logic_error(to_string(applied.error()));
  out_.drafts.push_back(std::move(draft));
}

void Core::blob(std::string bytes) {
  out_.blobs.push_back(std::move(bytes));
}

journal::Draft Core::about(std::string_view kind, const journal::EffectState& effect) const {
  journal::Draft d = draft(kind);
  d.intent_ref = effect.id;
  d.step = effect.step;
  d.target.host = effect.host;
  return d;
}

ActionId Core::call(ports::Call call, bool heals, std::function<void(const ports::Answer&)> fn) {
  const ActionId id = next_id_++;
  call.run = settings_.context.run;
  if (settings_.life > 0 && call.verb != ports::Verb::facts && call.verb != ports::Verb::command) {
    call.values.try_emplace("store", settings_.store);
    call.values["life"] = std::to_string(settings_.life);
  }
  if (call.within <= Duration::zero()) call.within = settings_.call_within;
  waiting_[id] = [fn = std::move(fn)](const Input& in) {
    fn(std::get<HostAnswered>(in.what).answer);
  };
  act(CallHost{id, std::move(call)}, heals);
  return id;
}

void Core::ask(catalogue::ProbeSpec probe, Duration timeout,
               std::function<void(const ports::ProbeAnswer&)> fn) {
  const ActionId id = next_id_++;
  waiting_[id] = [fn = std::move(fn)](const Input& in) { fn(std::get<Probed>(in.what).answer); };
  act(AskProbe{id, std::move(probe), timeout}, false);
}

void Core::start(ports::ServiceProbe probe) {
  act(StartService{std::move(probe)}, false);
}

void Core::stop_service(const std::string& service, std::function<void()> fn) {
  const ActionId id = next_id_++;
  waiting_[id] = [fn = std::move(fn)](const Input&) { fn(); };
  // Also without a record: a ledger that goes on writing would outlive its drill.
  act(StopService{id, service}, true);
}

void Core::read_ledger(ports::ServiceProbe probe, Duration timeout,
                       std::function<void(const ports::ReadBack&)> fn) {
  const ActionId id = next_id_++;
  waiting_[id] = [fn = std::move(fn)](const Input& in) {
    fn(std::get<LedgerRead>(in.what).read_back);
  };
  act(ReadLedger{id, std::move(probe), timeout}, false);
}

Core::Timer Core::at(Instant when, std::function<void()> fn) {
  const Timer timer{when, next_timer_++};
  timers_[timer] = std::move(fn);
  return timer;
}

void Core::begin_turn(Instant at, WallTime wall) {
  at_ = std::max(at_, at);
  wall_ = wall;
  out_ = {};
}

void Core::deliver(const Input& input) {
  const auto id = std::visit(
      [](const auto& what) -> ActionId {
        if constexpr (requires { what.id; })
          return what.id;
        else
          return 0;
      },
      input.what);
  if (auto node = waiting_.extract(id)) node.mapped()(input);
  // A timer may set another one that is due too; each turn runs only those that were due when it
  // began.
  for (std::size_t due = static_cast<std::size_t>(
           std::distance(timers_.begin(), timers_.upper_bound({at_, ~0ull})));
       due > 0 && !timers_.empty() && timers_.begin()->first.first <= at_; --due) {
    auto node = timers_.extract(timers_.begin());
    node.mapped()();
  }
}

Output Core::take() {
  if (!timers_.empty()) out_.wake = timers_.begin()->first.first;
  return std::move(out_);
}

}  // namespace muster::engine
