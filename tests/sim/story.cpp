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

void draw_happenings(World& w, Dice& dice) {
  const std::string names[] = {"db1", "db2", "lb1"};
  for (std::uint64_t left = dice.below(4); left > 0; --left) {
    const std::string name = names[dice.below(3)];
    const Duration length = dice.between(1s, 60s);
    const auto what = dice.below(7);
    w.time.after(dice.between(1s, 5min), [&w, name, length, what] {
      if (what == 0) w.fleet.cut(name, length);
      if (what == 1) w.fleet.freeze(name, length);
      if (what == 2 && w.fleet.host(name).up) w.fleet.reboot(name);
      if (what == 3 && w.fleet.host(name).up) {
        w.fleet.power(name, false);
        w.time.after(length, [&w, name] { w.fleet.power(name, true); });
      }
      if (what == 4 && !w.fleet.live().empty()) w.mend(w.fleet.live().begin()->first);
      if (what >= 5) w.processes().back()->abort("enough");
      if (what == 6) {
        engine::Request r;
        r.what = engine::Request::What::stop_waiting;
        w.processes().back()->request(r);
      }
    });
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

void after_death(World& w, const std::string& run) {
  w.store.faults.clear();
  // Cut lines last a minute, late frames another, and then the lease.
  w.pass(5min);
  w.judge_leases(run);
  w.fleet.weather = {};
  Process& p = w.recover(run);
  w.finish(p);
  w.judge_end(p);
  if (!p.refused().empty() && !w.record(run).bytes().empty())
    w.breaches.push_back("recovery refused: " + p.refused());
}

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
  constexpr Fault kFaults[] = {Fault::full,         Fault::failed,   Fault::unknown_landed,
                               Fault::unknown_lost, Fault::conflict, Fault::killed_before,
                               Fault::killed_after};
  if (dice.per_mille(600)) w.store.faults[1 + dice.below(60)] = kFaults[dice.below(7)];
  if (dice.per_mille(300)) people_write(w, dice.between(1s, 5min));
  people_answer(w, dice.between(1s, 50s), dice.per_mille(700) ? "" : "dee");
  const plan::Plan plan = draw_plan(dice);
  Story story;
  try {
    Process& p = w.begin(plan);
    w.finish(p);
    story.died = p.dead();
    w.judge_end(p);
    if (p.dead() || p.record_lost() || !p.refused().empty()) after_death(w);
  } catch (const std::exception& e) {
    w.breaches.push_back(std::string{"the engine threw: "} + e.what());
  }
  story.breaches = w.breaches;
  story.journal = w.record().bytes();
  story.result = w.result();
  return story;
}

}  // namespace muster::sim
