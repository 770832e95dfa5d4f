#include "tests/sim/story.hpp"

#include "tests/sim/people.hpp"

namespace muster::sim {

using namespace std::chrono_literals;

namespace {

plan::Step draw_step(Dice& dice) {
  const std::string slots[] = {"primary", "both", "standby"};
  const std::string& slot = slots[dice.below(3)];
  switch (dice.below(12)) {
    case 0:
    case 1:
      return inject("process.pause", slot);
    case 2:
    case 3:
      return inject("disk.fill", slot);
    case 4:
      return inject("node.kill");
    case 5:
      return run_undo("front", {"drain"}, {"undrain"});
    case 6:
      return check(command_holds("front", {dice.per_mille(900) ? "true" : "false"}));
    case 7:
      return ask(dice.per_mille(500) ? plan::Late::escalate : plan::Late::proceed, "latest");
    case 8:
      return within(no_return("front", {"switch", "db2"}), 40s);
    case 9:
      return restore("standby", {{"promote", dice.per_mille(500) ? "true" : "false"}});
    case 10:
      return tell("so far");
    default:
      return pause(dice.between(1s, 60s));
  }
}

bool is_no_return(const plan::Step& step) {
  const auto* run = std::get_if<plan::Run>(&step.action);
  return run && run->no_return;
}

}  // namespace

plan::Plan draw_plan(Dice& dice) {
  if (dice.per_mille(250)) return primary_loss();
  if (dice.per_mille(100)) return restore_test();
  std::vector<plan::Step> steps;
  const std::size_t count = 2 + dice.below(4);
  std::string undone;
  for (std::size_t i = 0; i < count; ++i) {
    plan::Step step = draw_step(dice);
    step.id = "s" + std::to_string(i + 1);
    if (dice.per_mille(150)) step = go_on(std::move(step));
    // A plan is refused that does what cannot be taken back beside something else.
    const bool alone = is_no_return(step) || (i > 0 && is_no_return(steps.back()));
    if (i > 0 && !alone && dice.per_mille(200)) step = beside(std::move(step));
    if (std::holds_alternative<plan::Inject>(step.action) && dice.per_mille(300)) undone = step.id;
    steps.push_back(std::move(step));
  }
  if (!undone.empty()) steps.push_back(named(revert(undone), "back"));
  steps.push_back(named(pause(dice.between(1s, 40s)), "rest"));
  return with_steps(dice.per_mille(300) ? orders_plan() : bare_plan(), std::move(steps));
}

plan::Plan draw_guardrails(plan::Plan plan, Dice& dice) {
  using Kind = plan::Limit::Kind;
  const std::vector<std::string> all{"db1", "db2", "lb1"}, pair{"db1", "db2"};
  if (dice.per_mille(200)) plan.limits.push_back({Kind::keep, "pair", "1 healthy", 1, pair, {}});
  if (dice.per_mille(150)) plan.limits.push_back({Kind::at_most, "all", "2", 2, all, {}});
  if (dice.per_mille(100)) plan.limits.push_back({Kind::at_most, "all", "1", 1, all, {}});
  if (!plan.limits.empty() && dice.per_mille(300))
    plan.limits.front().healthy = plan::RoleQuestion{{}, {"true"}};
  if (dice.per_mille(200))
    plan.guards.push_back({"flag", command_holds("front", {"true"}), 20s, 3s, 2s, ""});
  if (dice.per_mille(100))
    plan.guards.push_back({"clients", probe_is(true), dice.between(10s, 2min), 5s, 2s, ""});
  return plan;
}

Weather draw_weather(Dice& dice) {
  switch (dice.below(4)) {
    case 0:
      return {};
    case 1:
      return {20, 20, 20, 20};
    case 2:
      return {100, 0, 50, 100};
    default:
      return {0, 150, 150, 0};
  }
}

namespace {

void power_cut(World& w, const std::string& name, Duration length) {
  if (!w.fleet.host(name).up) return;
  w.power(name, false);
  w.time.after(length, [&w, name] { w.power(name, true); });
}

void happens(World& w, std::uint64_t what, const std::string& name, Duration length) {
  Process& process = *w.processes().back();
  switch (what) {
    case 0:
      return w.fleet.cut(name, length);
    case 1:
      return w.fleet.freeze(name, length);
    case 2:
      if (w.fleet.host(name).up) w.power(name, false), w.power(name, true);
      return;
    case 3:
      return power_cut(w, name, length);
    case 4:
      if (!w.fleet.live().empty()) w.mend(w.fleet.live().begin()->first);
      return;
    case 5:
      process.abort("enough");
      return;
    case 6: {
      process.abort("enough");
      engine::Request r;
      r.what = engine::Request::What::stop_waiting;
      process.request(r);
      return;
    }
    case 7:
      return process.stop_for(length);
    case 8:
      return w.suspend(process, length);
    case 9:
      return w.fail_over();
    default:
      return w.time.set_wall_by(name == "db1" ? -length * 60 : length * 60);
  }
}

}  // namespace

void draw_happenings(World& w, Dice& dice) {
  const std::string names[] = {"db1", "db2", "lb1"};
  for (std::uint64_t left = dice.below(4); left > 0; --left) {
    const std::string name = names[dice.below(3)];
    const Duration length = dice.between(1s, 60s);
    const auto what = dice.below(11);
    const auto when = dice.between(1s, 5min);
    w.time.after(when, [&w, name, length, what] { happens(w, what, name, length); });
  }
  if (dice.per_mille(150)) w.fleet.nature("disk.fill").takes_effect = false;
  if (dice.per_mille(150))
    w.fleet.nature("process.pause").reverts_failing = static_cast<int>(1 + dice.below(40));
  if (dice.per_mille(100)) w.fleet.nature("process.pause").precheck = ports::Said::no;
  if (dice.per_mille(150)) w.fleet.nature("disk.fill").takes = 30s;
}

/// Somebody writes a note and takes a role, whatever the drill is at.
void people_write(World& w, Duration when) {
  w.time.after(when, [&w] {
    engine::Request r;
    r.what = engine::Request::What::note;
    r.actor = kernel_says("dee");
    r.text = "smoke";
    w.processes().back()->request(r);
    r.what = engine::Request::What::take_role;
    r.role = "dba";
    w.processes().back()->request(r);
  });
}

void draw_store_faults(World& w, Dice& dice) {
  constexpr Fault kOnce[] = {Fault::full,         Fault::failed,   Fault::unknown_landed,
                             Fault::unknown_lost, Fault::conflict, Fault::killed_before,
                             Fault::killed_after};
  if (dice.per_mille(600)) w.store.faults[1 + dice.below(60)] = kOnce[dice.below(7)];
  if (dice.per_mille(100)) {  // the disk is full from here on, until somebody makes room
    const auto from = 1 + dice.below(60);
    for (std::uint64_t n = 0; n < 200; ++n) w.store.faults[from + n] = Fault::full;
  }
}

void after_death(World& w, const std::string& run) {
  w.store.faults.clear();
  // Cut lines last a minute, late frames another, and then the lease.
  w.pass(5min);
  w.judge_leases(run);
  if (w.state(run).closed) return;
  w.fleet.weather = {};
  Process& p = w.recover(run);
  w.finish(p);
  w.judge_end(p);
  if (!p.refused().empty() && !w.record(run).bytes().empty())
    w.breaches.push_back("recovery refused: " + p.refused());
}

namespace {

/// Started again, and killed again between any two of its writes, or over a process that is only
/// stopped and will go on.
void dies_again(World& w, Dice& dice, const std::string& run) {
  for (auto left = dice.below(4); left > 0 && !w.state(run).closed; --left) {
    w.pass(dice.between(0s, 30s));
    w.store.faults.clear();
    w.store.faults[w.disk->writes + 1 + dice.below(15)] =
        dice.per_mille(500) ? Fault::killed_before : Fault::killed_after;
    Process& p = w.recover(run);
    w.finish(p);
    w.judge_end(p);
  }
}

plan::Plan rival_plan(Dice& dice) {
  const char* faults[] = {"process.pause", "disk.fill"};
  const char* slots[] = {"primary", "both", "standby"};
  const auto fault = faults[dice.below(2)];
  return with_steps(bare_plan(), {named(inject(fault, slots[dice.below(3)]), "theirs"),
                                  named(pause(dice.between(1s, 60s)), "rest")});
}

void finish_all(World& w) {
  for (std::size_t i = 0; i < w.processes().size(); ++i) {
    Process& p = *w.processes()[i];
    if (p.ended()) continue;
    w.finish(p);
    w.judge_end(p);
  }
}

/// What is dirty in the end, people look at: they mend what is live by hand, and say so of every
/// host. Then nothing is called dirty any more.
void seen_to(World& w) {
  const auto is_dirty = [&w] { return w.state().verdict.value("state", "") == "dirty"; };
  if (!w.state().closed || !is_dirty()) return;
  w.fleet.weather = {};
  w.store.faults.clear();
  w.pass(5min);
  std::vector<engine::Request> said;
  for (const char* name : {"db1", "db2", "lb1"}) {
    engine::Request r;
    r.what = engine::Request::What::mended;
    r.actor = kernel_says("dee");
    r.host = name;
    r.reason = "I looked";
    said.push_back(std::move(r));
  }
  for (const auto& e : std::vector<journal::EffectState>{w.state().effects})
    if (w.fleet.live().contains(e.id)) w.mend(e.id);
  Process& p = w.recover("run-1", std::move(said));
  w.finish(p);
  w.judge_end(p);
  if (p.refused().empty() && !p.record_lost() && is_dirty())
    w.breaches.push_back("dirty though people have seen to everything: " +
                         w.state().verdict.dump());
}

/// A person takes the run over although its process is only stopped; often just before it wakes.
void taken_over_while_stopped(World& w, Dice& dice) {
  const Duration length = dice.between(10s, 2min);
  const auto part = dice.per_mille(500) ? 1 + dice.below(100) : 95 + dice.below(6);
  w.time.after(dice.between(1s, 2min), [&w, length, part] {
    Process& p = *w.processes().front();
    if (p.ended()) return;
    p.stop_for(length);
    w.time.after(length * static_cast<std::int64_t>(part) / 100, [&w] {
      if (!w.processes().front()->ended()) w.recover("run-1");
    });
  });
}

}  // namespace

Story tell(std::uint64_t seed) {
  World w{seed};
  Dice dice{seed * 2654435761u + 17};
  // Seldom during preflight: what stops there tells little.
  const Weather weather = draw_weather(dice);
  const Duration clears = dice.between(1min, 10min);
  w.time.after(dice.per_mille(100) ? 0s : dice.between(300ms, 30s),
               [&w, weather] { w.fleet.weather = weather; });
  w.time.after(clears, [&w] { w.fleet.weather = {}; });
  draw_happenings(w, dice);
  draw_store_faults(w, dice);
  if (dice.per_mille(300)) people_write(w, dice.between(1s, 5min));
  people_answer(w, dice.between(1s, 50s), dice.per_mille(700) ? "" : "dee");
  const plan::Plan plan = draw_guardrails(draw_plan(dice), dice);
  if (dice.per_mille(150))
    w.time.after(dice.per_mille(300) ? dice.between(0ms, 60ms) : dice.between(0s, 2min),
                 [&w, theirs = rival_plan(dice)] { w.rival(theirs); });
  if (dice.per_mille(100)) taken_over_while_stopped(w, dice);
  Story story;
  try {
    Process& p = w.begin(plan);
    w.finish(p);
    w.judge_end(p);
    story.died = p.dead();
    const bool open = p.dead() || p.record_lost() || !p.refused().empty();
    if (open && dice.per_mille(400)) dies_again(w, dice, p.run());
    if (open) after_death(w);
    finish_all(w);
    seen_to(w);
  } catch (const std::exception& e) {
    w.breaches.push_back(std::string{"the engine threw: "} + e.what());
  }
  story.breaches = w.breaches;
  story.journal = w.record().bytes();
  story.result = w.result();
  story.judged = w.judged;
  return story;
}

}  // namespace muster::sim
