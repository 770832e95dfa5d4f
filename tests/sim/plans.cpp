#include "tests/sim/plans.hpp"

#include <fmt/format.h>

namespace muster::sim {

using namespace std::chrono_literals;

namespace {

constexpr const char* kBeside = "drill.yaml:2:2";

plan::Script script(const std::string& name, catalogue::Healer healer) {
  plan::Script s;
  s.name = name;
  s.text =
      fmt::format("# {}: acted out by the simulated fleet\n# healer: {}\n", name, name_of(healer));
  s.sha256 = sha256(s.text);
  s.healer = healer;
  s.tools = {"sh"};
  return s;
}

plan::Host host(const std::string& name, ports::Connection connection) {
  plan::Host h;
  h.address.name = name;
  h.address.address = name + ".example";
  h.address.connection = connection;
  h.environment = "lab";
  h.power = plan::Power{{"power", "off", name}, {"power", "on", name}, {"power", "status", name}};
  return h;
}

plan::Step step_of(plan::Action action, Duration limit = 1min) {
  plan::Step s;
  s.name = std::string{plan::word_of(action)};
  s.place = "drill.yaml:1:1";
  s.action = std::move(action);
  s.within = limit;
  return s;
}

}  // namespace

plan::Plan bare_plan() {
  plan::Plan p;
  p.drill = "simulated";
  p.title = "A simulated drill";
  p.owner = "dba";
  p.max_duration = 30min;
  for (const char* name : {"db1", "db2", "lb1"})
    p.hosts[name] = host(name, ports::Connection::openssh);
  p.hosts["controller"] = host("controller", ports::Connection::local);
  p.guardian = "controller";
  p.slots = {{"primary", {"db1", "db2"}, plan::RoleQuestion{{}, {"is-primary"}}},
             {"standby", {"db2"}, {}},
             {"front", {"lb1"}, {}},
             {"both", {"db1", "db2"}, {}}};
  p.roles = {{"dba", "chen", "dee"}};
  p.people = {{"chen", "Chen Li", "chen", true, "Asia/Shanghai", {"dba"}},
              {"dee", "Dee Novak", "dee", false, "", {"dba", "sre"}}};
  using catalogue::Healer;
  for (const char* name : {"process.pause", "disk.fill", "command"})
    p.scripts[name] = script(name, Healer::target);
  p.scripts["pgbackrest"] = script("pgbackrest", Healer::target);
  p.scripts["node.kill"] = script("node.kill", Healer::guardian);
  return p;
}

plan::Plan orders_plan() {
  plan::Plan p = bare_plan();
  plan::Service s;
  s.name = "orders";
  s.probe = {"command", {{"argv_0", "orders"}, {"argv_count", "1"}}};
  s.ledger = catalogue::LedgerSpec{2, "muster_ledger"};
  s.every = 500ms;
  s.timeout = 500ms;
  s.up = {0.99, 5s};
  s.warm_up = 6s;
  p.services = {s};
  plan::Objective o;
  o.service = "orders";
  o.rto = 2min;
  p.objectives = {o};
  return p;
}

plan::Plan with_steps(plan::Plan p, std::vector<plan::Step> steps) {
  std::vector<std::size_t> before, now;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].id.empty()) steps[i].id = fmt::format("s{}", i + 1);
    if (steps[i].place != kBeside) before = std::exchange(now, {});
    steps[i].after = before;
    now.push_back(i);
  }
  p.steps = std::move(steps);
  return p;
}

plan::Step inject(const std::string& fault, const std::string& slot) {
  return step_of(plan::Inject{fault, slot, {}}, 3min);
}
plan::Step revert(const std::string& step) {
  return step_of(plan::Revert{step}, 3min);
}
plan::Step run_undo(const std::string& slot, std::vector<std::string> argv,
                    std::vector<std::string> undo) {
  return step_of(plan::Run{slot, std::move(argv), false, std::move(undo), false});
}
plan::Step no_return(const std::string& slot, std::vector<std::string> argv) {
  return step_of(plan::Run{slot, std::move(argv), false, {}, true});
}
plan::Step check(plan::Condition condition) {
  return step_of(plan::Check{std::move(condition)});
}
plan::Step wait_for(plan::Condition condition, Duration limit) {
  return step_of(plan::Wait{std::move(condition)}, limit);
}
plan::Step ask(plan::Late late, std::optional<std::string> fallback) {
  return step_of(plan::Ask{
      "dba", "Where to?", {{"recover_to", "string", std::move(fallback)}}, late, "decided"});
}
plan::Step tell(const std::string& text) {
  return step_of(plan::Tell{text});
}
plan::Step pause(Duration length) {
  return step_of(plan::Pause{length}, length + 10s);
}
plan::Step mark(const std::string& moment) {
  return step_of(plan::Mark{moment});
}

plan::Condition service_is(bool up) {
  return plan::ServiceIs{"orders", up};
}
plan::Condition probe_is(bool up) {
  return plan::ProbeIs{{"tcp", {{"address", "orders.example:5432"}}}, up};
}
plan::Condition command_holds(const std::string& slot, std::vector<std::string> argv) {
  return plan::CommandHolds{slot, std::move(argv), {}};
}

plan::Step named(plan::Step step, const std::string& id) {
  step.id = id;
  return step;
}
plan::Step within(plan::Step step, Duration limit) {
  step.within = limit;
  return step;
}
plan::Step go_on(plan::Step step) {
  step.stop_on_failure = false;
  return step;
}
plan::Step beside(plan::Step step) {
  step.place = kBeside;
  return step;
}

plan::Step restore(const std::string& slot, std::map<std::string, std::string> values) {
  values.try_emplace("stanza", "orders");
  return step_of(plan::Restore{"pgbackrest", slot, std::move(values), 1}, 10min);
}

plan::Plan restore_test() {
  plan::Plan p = bare_plan();
  p.restore_time = 10min;
  std::map<std::string, std::string> values{{"backups_count", "2"},
                                            {"backups_0", "newest"},
                                            {"backups_1", "oldest"},
                                            {"cutoff", "start"},
                                            {"keep", "true"}};
  return with_steps(p, {named(restore("standby", values), "copy"),
                        named(step_of(plan::Teardown{"copy"}, 3min), "remove")});
}

plan::Plan primary_loss() {
  return with_steps(orders_plan(), {named(inject("node.kill"), "loss"),
                                    named(ask(plan::Late::escalate, "latest"), "choice"),
                                    named(no_return("standby", {"promote"}), "promotion"),
                                    named(no_return("front", {"switch", "db2"}), "switch"),
                                    named(wait_for(service_is(true)), "served")});
}

}  // namespace muster::sim
