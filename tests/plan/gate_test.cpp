// What a gate holds: all that a plan asks of the host, and nothing that only people read.
#include "plan/gate.hpp"

#include "catalogue/restore.hpp"
#include "plan/calls.hpp"
#include "plan/compile.hpp"
#include "plan/gate_pattern.hpp"
#include "tests/catch.hpp"

using namespace muster;

namespace {

plan::Script script_of(const std::string& name) {
  const auto& fault = catalogue::builtin_faults().at(name);
  return {fault.name, fault.script, fault.sha256, fault.healer, fault.tools};
}

plan::Step step(const std::string& id, plan::Action action) {
  plan::Step out;
  out.id = out.name = id;
  out.action = std::move(action);
  out.within = std::chrono::minutes{1};
  return out;
}

plan::Plan a_plan() {
  plan::Plan plan;
  plan.drill = "orders";
  plan.guardian = plan::kController;
  plan.max_duration = std::chrono::hours{1};
  plan.hosts[std::string{plan::kController}] = {
      plan::controller_address(), "controller", false, "", {}};
  for (const auto* name : {"db-1", "db-2", "web-1"}) {
    plan::Host host;
    host.address.name = name;
    host.address.address = std::string{name} + ".example";
    host.address.become = true;
    plan.hosts[name] = host;
  }
  plan.slots = {{"db", {"db-1", "db-2"}, plan::RoleQuestion{"select true", {}}, {}},
                {"web", {"web-1"}, {}, {}}};
  for (const auto* name : {"process.pause", "command", "node.kill"})
    plan.scripts[name] = script_of(name);
  plan.steps = {
      step("ask", plan::Ask{"dba", "When?", {{"to", "time", {}}, {"n", "integer", {}}}, {}, ""}),
      step("hang",
           plan::Inject{"process.pause", "web", {{"command", "it's $(id)"}, {"at_most", "1"}}}),
      step("switch", plan::Run{"web",
                               {"/sbin/switch", "${db.address}", "at ${to}"},
                               false,
                               {"/sbin/back"},
                               false,
                               "key ${secret.api}"}),
  };
  plan.ends = {step("quiet", plan::Check{plan::CommandHolds{"db", {"test", "-e", "/run/x"}, ""}})};
  return plan;
}

std::string id_of(const plan::Plan& plan, const std::string& host) {
  return plan::gate_id(plan, host).value();
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a gate holds what the plan asks of that host, quoted, and nothing of the others") {
  const auto plan = a_plan();
  CHECK(plan::asked_hosts(plan) == std::vector<std::string>{"db-1", "db-2", "web-1"});
  const auto web = plan::make_gate({plan}, "web-1").value();
  CHECK(holds(web.text, "gate_has command 'it'\\''s $(id)'"));
  CHECK(holds(web.text, "gate_has_like do_2 'at ' gate_time ''"));
  CHECK(holds(web.text, "in db-1.example | db-2.example) ;;"));
  CHECK(holds(web.text, "gate_like \"$1\" 'key ' gate_secret ''"));
  CHECK(holds(web.text, "G_CAP=3920"));
  CHECK(holds(web.text, "G_EFFECTS=2 G_COMMANDS=0 G_HOLDS=no"));
  CHECK_FALSE(holds(web.text, "/run/x"));
  CHECK(web.text.ends_with("  say gate.orders " + id_of(plan, "web-1") + "\n}\n\ngate_main\n"));
  CHECK(web.needs.size() == 2);
  const auto db = plan::make_gate({plan}, "db-1").value();
  CHECK(holds(db.text, "G_EFFECTS=0 G_COMMANDS=2 G_HOLDS=no"));
  CHECK(holds(db.text, "'select true'"));
  CHECK_FALSE(holds(db.text, "SIGSTOP"));
  CHECK(db.sha256 == plan::make_gate({plan}, "db-2").value().sha256);
}

TEST_CASE("only what a host is asked makes another gate") {
  const auto plan = a_plan();
  const auto web = id_of(plan, "web-1"), db = id_of(plan, "db-1");
  auto other = plan;
  other.title = "Another title";
  other.why = "another reason";
  other.owner = "somebody";
  other.objectives = {{"orders", std::chrono::minutes{5}, {}, {}, {}, false}};
  other.steps[1].name = "Another name";
  other.steps[1].place = "drills/orders.yaml:99:1";
  std::swap(other.steps[1], other.steps[2]);
  other.steps.push_back(step("again", other.steps[2].action));
  other.steps.push_back(step("note", plan::Tell{"hello"}));
  CHECK(id_of(other, "web-1") == web);
  CHECK(id_of(other, "db-1") == db);

  auto changed = plan;
  std::get<plan::Inject>(changed.steps[1].action).values["at_most"] = "2";
  CHECK(id_of(changed, "web-1") != web);
  CHECK(id_of(changed, "db-1") == db);
  changed = plan;
  changed.max_duration = std::chrono::hours{2};
  CHECK(id_of(changed, "web-1") != web);
  CHECK(id_of(changed, "db-1") == db);
  changed = plan;
  changed.steps.push_back(step("go", plan::Run{"web", {"x"}, false, {}, true, ""}));
  CHECK(holds(plan::make_gate({changed}, "db-1").value().text, "G_HOLDS=yes"));
}

TEST_CASE("a gate of several drills tells each of them") {
  const auto one = a_plan();
  auto two = a_plan();
  two.drill = "payments";
  two.steps.erase(two.steps.begin() + 2);
  const auto both = plan::make_gate({one, two}, "web-1").value();
  CHECK(both.ids == std::map<std::string, std::string>{{"orders", id_of(one, "web-1")},
                                                       {"payments", id_of(two, "web-1")}});
  CHECK(both.sha256 == plan::make_gate({two, one}, "web-1").value().sha256);
  CHECK(both.ids.at("orders") == plan::make_gate({one}, "web-1").value().ids.at("orders"));
}

TEST_CASE("what is hurt by its guardian asks nothing of the host but its facts and its lock") {
  auto plan = a_plan();
  plan.steps = {step("loss", plan::Inject{"node.kill", "web", {}})};
  CHECK(plan::make_gate({plan}, "web-1").value().needs.empty());
}

TEST_CASE("a restore's phases are fixed, and its SQL is the step's own") {
  auto plan = a_plan();
  const auto& provider = catalogue::restore_providers().at("pgbackrest");
  plan.scripts["pgbackrest"] = {provider.name, provider.script, provider.sha256,
                                catalogue::Healer::target, provider.tools};
  const std::map<std::string, plan::Template> values{
      {"stanza", "orders"}, {"validate_0", "query:select ${n} > 0"}, {"validate_count", "1"}};
  plan.steps = {step("ask", plan::Ask{"dba", "How many?", {{"n", "integer", {}}}, {}, ""}),
                step("copy", plan::Restore{"pgbackrest", "web", values, 0})};
  const auto gate = plan::make_gate({plan}, "web-1").value();
  CHECK(holds(gate.text, "  case $1 in precheck | discover | fingerprint | restore | "));
  CHECK(holds(gate.text, "  gate_asked seconds gate_number part gate_number moment gate_word "));
  CHECK(
      holds(gate.text, "() { [ -z \"$1\" ] || gate_like \"$1\" 'select ' gate_integer ' > 0'; }"));
  REQUIRE(gate.needs.size() == 1);
  CHECK(holds(gate.needs.front().what, "of whichever backup and to whichever point"));
  std::get<plan::Restore>(plan.steps[1].action).values.at("validate_0") = "query:select true";
  CHECK(id_of(plan, "web-1") != gate.ids.at("orders"));
}

TEST_CASE("what cannot go through a gate is refused before anything is installed") {
  auto plan = a_plan();
  plan.steps = {step("x", plan::Run{"web", {std::string("a\0b", 3)}, false, {"y"}, false, ""})};
  CHECK_FALSE(plan::make_gate({plan}, "web-1"));
  plan.steps = {step("x", plan::Run{"web", {"${nobody}"}, false, {"y"}, false, ""})};
  CHECK_FALSE(plan::make_gate({plan}, "web-1"));
}

TEST_CASE("texts become literals, and gaps of a type") {
  const auto plan = a_plan();
  plan::GateTypes types;
  const auto shown = [&](const std::string& text) {
    return plan::arguments_of(plan::gate_pattern(text, plan, types).value());
  };
  CHECK(shown("") == "''");
  CHECK(shown("a b") == "'a b'");
  CHECK(shown("$${to}") == "'${to}'");
  CHECK(shown("${to}") == "'' gate_time ''");
  CHECK(shown("x${n}-${to}y") == "x gate_integer - gate_time y");
  CHECK(shown("${n}${to}") == "'' gate_string ''");
  CHECK(shown("${n}${secret.a}") == "'' gate_secret ''");
}
