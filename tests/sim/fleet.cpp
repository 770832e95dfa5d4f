#include "tests/sim/fleet.hpp"

#include <fmt/format.h>

namespace muster::sim {

using namespace std::chrono_literals;
using ports::Answer;
using ports::Call;
using ports::Said;
using ports::Verb;

Host& Fleet::add(const std::string& name) {
  Host& host = hosts_[name];
  host.name = name;
  host.booted = time_.now() - std::chrono::hours{1};
  return host;
}

// What happens to hosts
// --------------------------------------------------------------------------------------

void Fleet::power(const std::string& name, bool on) {
  Host& host = hosts_.at(name);
  if (host.up == on) return;
  host.up = on;
  if (on) {
    ++host.boots;
    host.booted = time_.now();
    return;
  }
  host.lock.reset();
  host.runs.clear();
  host.effects.clear();
  host.lives.clear();
  std::vector<std::string> gone;
  for (const auto& [id, live] : live_)
    if (live.at == name && live.host == name && !natures_[live.fault].survives_reboot)
      gone.push_back(id);
  for (const auto& id : gone) end_live(id);
}

void Fleet::cut(const std::string& name, Duration length) {
  Host& host = hosts_.at(name);
  host.cut_until = std::max(host.cut_until, time_.now() + length);
}
void Fleet::freeze(const std::string& name, Duration length) {
  Host& host = hosts_.at(name);
  host.frozen_until = std::max(host.frozen_until, time_.now() + length);
}

// The truth
// --------------------------------------------------------------------------------------------------

bool Fleet::hit(const std::string& host) const {
  for (const auto& [id, live] : live_)
    if (live.host == host) return true;
  return false;
}

bool Fleet::dead_man_of(const std::string& effect) const {
  for (const auto& [name, host] : hosts_)
    if (const auto it = host.effects.find(effect); it != host.effects.end())
      return host.up && it->second.dead_man && it->second.healed_by.empty();
  return false;
}

void Fleet::mend(const std::string& effect) {
  end_live(effect);
}

bool Fleet::there(const std::string& effect) const {
  return live_.contains(effect);
}

void Fleet::begin_live(const std::string& effect, const Armed& armed, const std::string& at) {
  const auto [it, added] =
      live_.emplace(effect, Live{armed.fault, armed.node, at, armed.run, time_.now()});
  if (added && on_change) on_change(effect, it->second, true);
  if (armed.node != at) power(armed.node, false);
}

void Fleet::end_live(const std::string& effect) {
  const auto node = live_.extract(effect);
  if (!node) return;
  if (node.mapped().host != node.mapped().at) power(node.mapped().host, true);
  if (on_change) on_change(effect, node.mapped(), false);
}

// The network
// ------------------------------------------------------------------------------------------------

struct Fleet::Exchange {
  Call call;
  std::shared_ptr<Life> life;
  std::function<void(Answer)> done;
  Instant sent{};
  bool answered = false;
  bool answer_lost = false;
  bool in_order = true;

  void answer(Answer a, Instant now) {
    if (std::exchange(answered, true)) return;
    a.sent = sent;
    a.done = now;
    life->hand([done = done, a = std::move(a)] { done(a); });
  }
};

void Fleet::send(Call call, std::shared_ptr<Life> life, std::function<void(Answer)> done) {
  if (on_sent) on_sent(call);
  if (!weather.calm()) stormy = time_.now();
  auto x = std::make_shared<Exchange>();
  x->call = std::move(call);
  x->life = std::move(life);
  x->done = std::move(done);
  x->sent = time_.now();
  time_.after(x->call.within, [this, x] { x->answer({}, time_.now()); });
  const Fate fate = loses(x->call);
  if (fate == Fate::lost) return;
  const bool near = x->call.host.connection == ports::Connection::local;
  const unsigned dice = near ? 1000 : static_cast<unsigned>(dice_.below(1000));
  unsigned below = weather.lost;
  if (dice < below) return;
  below += weather.answer_lost;
  x->answer_lost = fate == Fate::answer_lost || dice < below;
  Duration way = dice_.between(1ms, 20ms);
  if (dice >= below && dice < below + weather.late) {
    way = dice_.between(1s, 60s);
    x->in_order = false;
  }
  below += weather.late;
  // A command is not sent twice: there the transport's own promise is all that there is.
  if (dice >= below && dice < below + weather.twice && x->call.verb != Verb::command) {
    auto again = std::make_shared<Exchange>(*x);
    again->in_order = false;
    again->answered = true;
    time_.after(dice_.between(1s, 60s), [this, again] { arrive(again); });
  }
  time_.after(way, [this, x] { arrive(x); });
}

void Fleet::arrive(std::shared_ptr<Exchange> x) {
  Host& host = hosts_.at(x->call.host.name);
  // What travels while a host is cut off waits in its socket, or is lost with the connection.
  if (time_.now() < host.cut_until) {
    if (dice_.per_mille(500)) return;
    x->in_order = false;
    time_.at(host.cut_until + dice_.between(0ms, 2s), [this, x] { arrive(x); });
    return;
  }
  if (!host.up) return;
  if (time_.now() < host.frozen_until) {
    time_.at(host.frozen_until + 10ms, [this, x] { arrive(x); });
    return;
  }
  const std::string channel = host.name;
  if (x->in_order && !x->call.long_job) {
    const Instant free = channel_[channel];
    if (free > time_.now()) {
      time_.at(free, [this, x] { arrive(x); });
      return;
    }
  }
  const Instant began = time_.now();
  carry_out(x->call, [this, x, channel, began](Said said, std::string evidence, int status,
                                               std::string output) {
    if (x->answer_lost || time_.now() < hosts_.at(channel).cut_until) return;
    Answer answer;
    answer.said = said;
    answer.evidence = std::move(evidence);
    answer.status = status;
    answer.output = std::move(output);
    time_.after(dice_.between(1ms, 20ms), [this, x, answer = std::move(answer)]() mutable {
      x->answer(std::move(answer), time_.now());
    });
  });
  if (x->in_order && !x->call.long_job) {
    const bool works = x->call.verb == Verb::inject || x->call.verb == Verb::revert;
    channel_[channel] = began + (works ? natures_[value_of(x->call, "fault")].takes : 1ms);
  }
}

// What the host does
// -----------------------------------------------------------------------------------------

void Fleet::carry_out(const Call& call,
                      std::function<void(Said, std::string, int, std::string)> then) {
  Host& host = hosts_.at(call.host.name);
  if (on_carried_out) on_carried_out(host, call);
  const auto says = [then](Said said, std::string evidence) {
    then(said, std::move(evidence), -1, {});
  };
  if (call.verb == Verb::inject) return inject(host, call, says);
  if (call.verb == Verb::phase) return phase(host, call, says);
  if (call.verb == Verb::command) {
    const auto it = commands.find(call.argv.at(0));
    const CommandResult result =
        it == commands.end() ? CommandResult{127, "not found", 1ms} : it->second(host, call.argv);
    time_.after(result.takes, [this, then, result, name = host.name, boot = host.boots] {
      const Host& now = hosts_.at(name);
      if (now.up && now.boots == boot)
        then(result.status == 0 ? Said::yes : Said::no, {}, result.status, result.output);
    });
    return;
  }
  std::string evidence;
  const Said said = act(host, call, evidence);
  if (said == Said::yes && on_obeyed) on_obeyed(host, call);
  const auto takes = call.verb == Verb::revert ? natures_[value_of(call, "fault")].takes : 2ms;
  time_.after(takes, [then, said, evidence] { then(said, evidence, -1, {}); });
}

Said Fleet::act(Host& host, const Call& call, std::string& evidence) {
  switch (call.verb) {
    case Verb::facts:
      return host.facts(call, time_.now(), time_.wall(), evidence);
    case Verb::lock:
      return host.take_lock(call, time_.now(), evidence);
    case Verb::unlock:
      return host.unlock(call, time_.now(), evidence);
    case Verb::arm: {
      const Said said = host.arm(call, time_.now(), evidence);
      if (said != Said::yes) return said;
      if (const Said able = natures_[value_of(call, "fault")].precheck; able != Said::yes) {
        host.effects.erase(call.effect);
        return able;
      }
      watch(host.name, call.effect, host.boots, host.at_uptime(host.runs.at(call.run).lease_cs));
      return said;
    }
    case Verb::revert:
      return revert(host, call, evidence);
    case Verb::hold:
      return host.hold(call);
    case Verb::disarm:
      return host.disarm(call);
    case Verb::renew:
      return renew(host, call, evidence);
    case Verb::survey:
      return host.survey(time_.now(), evidence);
    case Verb::sweep:
      return sweep(host, call, evidence);
    default:
      return Said::could_not;
  }
}

/// The time that an injection or a phase takes, between its two looks at `over`; `at_end` of it
/// something may go live. Dies with its host.
void Fleet::work(Host& host, const Call& call, Duration takes, bool at_end,
                 std::function<void(Said)> then) {
  time_.after(takes, [this, then, at_end, name = host.name, id = call.effect, boot = host.boots] {
    Host& now = hosts_.at(name);
    if (!now.up || now.boots != boot) return;
    const auto it = now.effects.find(id);
    if (it == now.effects.end()) return then(Said::expired);
    if (at_end) begin_live(id, it->second, name);
    if (!it->second.over) return then(Said::yes);
    undo(now, id, it->second, "revert");
    then(Said::expired);
  });
}

void Fleet::inject(Host& host, const Call& call, std::function<void(Said, std::string)> then) {
  if (const Said said = host.may(call, time_.now()); said != Said::yes) return then(said, {});
  Armed& armed = host.effects.at(call.effect);
  if (armed.started) return then(Said::exists, {});
  armed.started = true;
  if (on_obeyed) on_obeyed(host, call);
  const FaultNature& nature = natures_[armed.fault];
  // Half of it may be there from the first moment on, or nothing until the last.
  const bool at_end = nature.takes_effect && dice_.per_mille(300);
  if (nature.takes_effect && !at_end) begin_live(call.effect, armed, host.name);
  work(host, call, nature.takes, at_end, [this, then, id = call.effect](Said said) {
    if (said != Said::yes) return then(said, {});
    then(there(id) ? Said::yes : Said::no, there(id) ? "state=live\n" : "");
  });
}

void Fleet::phase(Host& host, const Call& call, std::function<void(Said, std::string)> then) {
  if (const Said said = host.may(call, time_.now()); said != Said::yes) return then(said, {});
  Armed& armed = host.effects.at(call.effect);
  armed.started = true;
  if (on_obeyed) on_obeyed(host, call);
  begin_live(call.effect, armed, host.name);
  const PhaseResult result = phases ? phases(call) : PhaseResult{Said::could_not, {}};
  work(host, call, result.takes, false, [then, result](Said said) {
    said == Said::yes ? then(result.said, result.evidence) : then(said, {});
  });
}

Said Fleet::undo(const Host& host, const std::string& effect, Armed& armed, const char* by) {
  armed.over = true;
  if (armed.started && there(effect)) {
    FaultNature& nature = natures_[armed.fault];
    if (reverts_tried_[effect]++ < nature.reverts_failing) return Said::no;
    end_live(effect);
  }
  if (armed.healed_by.empty()) {
    armed.healed_by = by;
    armed.healed_cs = host.uptime_cs(time_.now());
  }
  return Said::yes;
}

Said Fleet::sweep(Host& host, const Call& call, std::string& evidence) {
  if (call.effect.empty()) return host.sweep_lock(call, time_.now(), evidence);
  const auto it = host.effects.find(call.effect);
  if (it == host.effects.end()) return Said::yes;
  if (const Said said = host.may_sweep(call, time_.now(), evidence); said != Said::yes) return said;
  if (const Said said = undo(host, call.effect, it->second, "sweep"); said != Said::yes)
    return said;
  host.forget(call.effect, std::string{it->second.run});
  return Said::yes;
}

Said Fleet::revert(Host& host, const Call& call, std::string& evidence) {
  evidence += fmt::format("boot_id={}-{}\n", host.name, host.boots);
  if (const Said said = host.life(call); said != Said::yes) return said;
  evidence += fmt::format("uptime_cs={}\n", host.uptime_cs(time_.now()));
  host.see_epoch(call);
  auto it = host.effects.find(call.effect);
  if (it == host.effects.end()) {
    evidence += "absent=yes\n";
    // Without the script there is nothing to undo with: the caller judges by the boot id what can
    // be left.
    if (call.script.empty() || host.has_forgotten(call)) return Said::yes;
    Armed recalled;
    recalled.run = call.run;
    recalled.store = value_of(call, "store");
    recalled.fault = value_of(call, "fault");
    recalled.node = value_of(call, "host");
    recalled.started = recalled.over = recalled.recalled = true;
    recalled.dead_man = false;
    it = host.effects.emplace(call.effect, recalled).first;
  }
  if (it->second.store != value_of(call, "store")) return Said::exists;
  if (it->second.held && !it->second.over && value_of(call, "held") != "yes") return Said::fenced;
  const Said said = undo(host, call.effect, it->second, "revert");
  if (!it->second.healed_by.empty())
    evidence += fmt::format("healed_by={}\nhealed_uptime_cs={}\n", it->second.healed_by,
                            it->second.healed_cs);
  if (!it->second.started) evidence += "injected=no\n";
  if (said == Said::yes && it->second.recalled) host.effects.erase(it);
  return said;
}

Said Fleet::renew(Host& host, const Call& call, std::string& evidence) {
  if (const Said said = host.extend(call, time_.now(), evidence); said != Said::yes) return said;
  for (const auto& [id, e] : host.effects) {
    if (e.run != call.run) continue;
    if (e.over && !e.healed_by.empty()) evidence += fmt::format("healed.{}={}\n", id, e.healed_by);
    const std::string state = Host::state_of(e);
    evidence += fmt::format("effect.{}={}\n", id, state);
    if (state == "active" || state == "held")
      evidence += fmt::format("verified.{}={}\n", id, there(id) ? "yes" : "no");
  }
  return Said::yes;
}

// The dead-man
// -----------------------------------------------------------------------------------------------

void Fleet::watch(const std::string& host, const std::string& effect, std::uint64_t boot,
                  Instant when) {
  time_.at(when + dice_.between(1ms, 400ms),
           [this, host, effect, boot] { dead_man(host, effect, boot); });
}

void Fleet::dead_man(const std::string& name, const std::string& effect, std::uint64_t boot) {
  Host& host = hosts_.at(name);
  const auto it = host.effects.find(effect);
  if (!host.up || host.boots != boot || it == host.effects.end()) return;
  Armed& armed = it->second;
  if (!armed.healed_by.empty() || !armed.dead_man) return;
  const Instant now = time_.now();
  if (now < host.frozen_until) return watch(name, effect, boot, host.frozen_until);
  const auto run = host.runs.find(armed.run);
  const std::uint64_t ends =
      std::min(run == host.runs.end() ? 0 : run->second.lease_cs, armed.cap_cs);
  if (host.uptime_cs(now) < ends) return watch(name, effect, boot, host.at_uptime(ends));
  if (undo(host, effect, armed, "lease") != Said::yes) watch(name, effect, boot, now + 4s);
}

}  // namespace muster::sim
