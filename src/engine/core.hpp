// What the parts of the machine share: the plan, the folded state, the time of this turn, what was
// asked and is not answered yet, and the output that this turn collects. Internal to engine/.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "engine/io.hpp"
#include "engine/settings.hpp"
#include "journal/run_state.hpp"
#include "plan/bind.hpp"
#include "plan/plan.hpp"

namespace muster::engine {

class Core {
 public:
  Core(const plan::Plan& plan, Settings settings) : plan_{plan}, settings_{std::move(settings)} {}
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  const plan::Plan& plan() const { return plan_; }
  const Settings& settings() const { return settings_; }
  const journal::RunState& state() const { return state_; }
  journal::RunState& state_to_fold() { return state_; }
  Instant now() const { return at_; }
  WallTime wall() const { return wall_; }
  plan::Bindings& bindings() { return bindings_; }

  /// Stamps the draft, applies it to the state, and hands it out. Throws std::logic_error for a
  /// draft that the fold refuses: the machine would then write what it cannot read.
  void record(journal::Draft draft);
  void blob(std::string bytes);
  static journal::Draft draft(std::string_view kind) {
    journal::Draft d;
    d.action = kind;
    return d;
  }
  /// A draft about one effect, with its step and target filled in.
  journal::Draft about(std::string_view kind, const journal::EffectState& effect) const;

  /// `fn` gets the one answer. With `heals` the call is made even when the record is lost.
  ActionId call(ports::Call call, bool heals, std::function<void(const ports::Answer&)> fn);
  void ask(catalogue::ProbeSpec probe, Duration timeout,
           std::function<void(const ports::ProbeAnswer&)> fn);
  void start(ports::ServiceProbe probe);
  void stop_service(const std::string& service, std::function<void()> fn);
  void read_ledger(ports::ServiceProbe probe, Duration timeout,
                   std::function<void(const ports::ReadBack&)> fn);

  using Timer = std::pair<Instant, std::uint64_t>;
  Timer at(Instant when, std::function<void()> fn);
  void cancel(Timer timer) { timers_.erase(timer); }

  /// One turn: begin, then deliver what came, then take what is to be done.
  void begin_turn(Instant at, WallTime wall);
  void deliver(const Input& input);  // answers and due timers; the machine handles the rest
  Output take();

  /// Another process began this run and died: nothing is known but what is recorded.
  bool taken_over() const { return taken_over_; }
  void take_over() { taken_over_ = true; }
  bool record_lost() const { return record_lost_; }
  void lose_record() { record_lost_ = true; }

 private:
  const plan::Plan& plan_;
  Settings settings_;
  journal::RunState state_;
  plan::Bindings bindings_;
  Instant at_{};
  WallTime wall_{};
  Output out_;
  ActionId next_id_ = 1;
  std::uint64_t next_timer_ = 1;
  bool record_lost_ = false;
  bool taken_over_ = false;
  std::map<Timer, std::function<void()>> timers_;
  std::map<ActionId, std::function<void(const Input&)>> waiting_;

  void act(decltype(Action::what) what, bool heals) {
    out_.actions.push_back({std::move(what), heals});
  }
};

/// JSON text for people and records: printable, bounded.
std::string evidence_text(const std::string& bytes);

}  // namespace muster::engine
