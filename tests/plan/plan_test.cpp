#include "config/diagnostics.hpp"
#include "plan/bind.hpp"
#include "plan/compile.hpp"
#include "tests/plan/workspace.hpp"

using namespace muster;
using muster::test::Workspace;

namespace {

std::optional<plan::Plan> compiled(const std::string& drill, config::Diagnostics& out) {
  const auto loaded = model::load_drill(MUSTER_SOURCE_DIR, drill, out);
  if (!loaded) return std::nullopt;
  return plan::compile(*loaded, {"/usr/bin/muster", true}, out);
}

/// A workspace of one drill, in a folder that goes away.
struct Asking : Workspace {
  explicit Asking(const std::string& drill) {
    write("inventory/hosts.yaml",
          "all:\n"
          "  hosts:\n"
          "    web-1: {ansible_host: 10.0.0.1, muster_environment: lab}\n"
          "    web-2: {ansible_host: 10.0.0.2, muster_environment: lab, muster_protected: true}\n"
          "    web-3: {ansible_connection: winrm}\n"
          "    web-4: {ansible_become: true, ansible_become_password: '${secret.sudo}',\n"
          "            muster_key_passphrase: '${secret.key}'}\n");
    write("inventory/secrets.yaml",
          "secrets: {sudo: {env: SUDO_PASSWORD}, key: {file: /etc/muster/key}}\n");
    write("playbooks/ask.yaml",
          "playbook: ask\ntitle: A\ninputs: {price: {type: string}}\ntargets: {t: {hosts: 1}}\n"
          "roles: [dba]\nsteps:\n"
          "  - {ask: dba, say: What, answer: {choice: {type: string, default: a}}, within: 1m}\n"
          "  - {run: [echo, \"${price}${choice}\"], target: t, no_return: true}\n");
    write("drills/d.yaml", "drill: d\ntitle: D\nowner: ana\n" + drill);
  }
};

}  // namespace

TEST_CASE(
    "the drills of this workspace make plans that come back from their JSON with the same hash") {
  for (const char* name : {"lab-orders-primary-loss", "lab-orders-restore-test"}) {
    CAPTURE(name);
    config::Diagnostics out;
    const auto plan = compiled(name, out);
    CAPTURE(config::render(out));
    REQUIRE(plan);
    const auto json = plan::to_json(*plan);
    REQUIRE(canonical_json(json));
    const auto back = plan::plan_from_json(json);
    REQUIRE(back);
    CHECK(plan::content_hash(*back) == plan::content_hash(*plan));
    config::Diagnostics again;
    CHECK(plan::content_hash(*compiled(name, again)) == plan::content_hash(*plan));
  }
}

TEST_CASE("what is known is filled in, and what a run decides stays open") {
  config::Diagnostics out;
  const auto plan = compiled("lab-orders-primary-loss", out);
  REQUIRE(plan);
  CHECK(std::get<plan::Run>(plan->steps[3].action).argv.back() == "10.231.77.31");
  CHECK(std::get<plan::Restore>(plan->steps[2].action).values.at("to") == "${recover_to}");
  const auto& probe =
      std::get<plan::ProbeIs>(std::get<plan::Check>(plan->ends[0].action).condition);
  CHECK(probe.probe.text("address") == "${primary.address}:5432");
  CHECK(plan->armed_at(plan->scripts.at("node.kill"), "db-1") == plan::kController);
  CHECK(plan->hosts.at("db-1").power->down ==
        std::vector<std::string>{"/usr/bin/muster", "lab", "power", "down", "db-1"});
}

TEST_CASE("the plan tells who its people are, and only those") {
  config::Diagnostics out;
  const auto plan = compiled("lab-orders-primary-loss", out);
  REQUIRE(plan);
  REQUIRE(plan->people.size() == 2);
  CHECK(plan->person("operator")->name == "The operator of the lab");
  CHECK(plan->person("operator")->teams == std::vector<std::string>{"sre", "dba"});
  CHECK_FALSE(plan->person("nobody"));
  auto json = plan::to_json(*plan);
  CHECK(plan::plan_from_json(json)->people.at(0).timezone == "Etc/UTC");
  // Plans that were recorded before they told it.
  json.erase("people");
  const auto older = plan::plan_from_json(json);
  REQUIRE(older);
  CHECK(older->people.empty());
  CHECK(older->roles.size() == 2);
  // Whoever holds no role here is nobody's business.
  CHECK(Asking{"targets: {t: web-1}\nsteps: [{mark: m}]\n"}.plan().people.empty());
}

TEST_CASE("binding puts values in as data and names what has none") {
  const plan::Bindings known{{"a", "x y; rm"}, {"slot.address", "10.0.0.4"}};
  CHECK(*plan::resolve("to ${slot.address}: ${a}", known) == "to 10.0.0.4: x y; rm");
  CHECK(*plan::resolve("$${a} costs $5", known) == "${a} costs $5");
  // What was put in is not looked at again.
  CHECK(*plan::resolve("${b}", {{"b", "${a}"}}) == "${a}");
  const auto missing = plan::resolve("${nobody}", known);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().what.find("${nobody}") != std::string::npos);
}

TEST_CASE("every kind of probe becomes a question, with what is known filled in") {
  const auto plan =
      Asking{
          "targets: {t: web-1}\n"
          "steps:\n"
          "  - {check: {dns: {name: \"${t.name}.example\", expect: [\"${t.address}\"]}}}\n"
          "  - {check: {mariadb: {address: 'a:1', user: u}, query: select 2, is: down}}\n"
          "  - {check: {file: {path: /x, min_size: 1MiB, newer_than: 1h}, on_host: t}}\n"}
          .plan();
  const auto& condition = [&](std::size_t i) -> const plan::Condition& {
    return std::get<plan::Check>(plan.steps[i].action).condition;
  };
  const auto& dns = std::get<plan::ProbeIs>(condition(0));
  CHECK(catalogue::describe(dns.probe).starts_with("dns web-1.example: expect "));
  CHECK(dns.probe.list("expect").size() == 1);
  CHECK(dns.probe.list("expect")[0] == plan.hosts.at("web-1").address.address);
  const auto& mariadb = std::get<plan::ProbeIs>(condition(1));
  CHECK(catalogue::describe(mariadb.probe) == "mariadb a:1: select 2, user u");
  CHECK_FALSE(mariadb.up);
  const auto& file = std::get<plan::CommandHolds>(condition(2));
  CHECK(file.slot == "t");
  CHECK(file.what == "file /x: min_size 1MiB, newer_than 1h");
  REQUIRE(file.argv.size() == 9);
  CHECK(file.argv[4] == "/x");
  CHECK(file.argv[5] == "1048576");
  CHECK(file.argv[6] == "3600");
  // The script goes through the run's own filling-in unharmed.
  CHECK(plan::resolve(file.argv, {}).value() == file.argv);
  const auto back = plan::plan_from_json(plan::to_json(plan));
  REQUIRE(back);
  CHECK(plan::content_hash(*back) == plan::content_hash(plan));
}

TEST_CASE("parallel branches wait for the same step, and the next step for all of them") {
  const auto plan =
      Asking{
          "targets: {t: web-1}\n"
          "steps:\n"
          "  - {mark: first}\n"
          "  - parallel:\n"
          "      - [{mark: a}, {mark: b}]\n"
          "      - [{mark: c}]\n"
          "  - {mark: last}\n"}
          .plan();
  REQUIRE(plan.steps.size() == 5);
  CHECK(plan.steps[1].after == std::vector<std::size_t>{0});
  CHECK(plan.steps[2].after == std::vector<std::size_t>{1});
  CHECK(plan.steps[3].after == std::vector<std::size_t>{0});
  CHECK(plan.steps[4].after == std::vector<std::size_t>{2, 3});
  for (const auto& step : plan.steps) CHECK(step.within > Duration::zero());
}

TEST_CASE("a host's problem is reported by the drill that uses the host, and by no other") {
  const std::string steps = "steps: [{run: [\"true\"], target: t, undo: [\"true\"]}]\n";
  const auto errors = Asking{"targets: {t: web-3}\n" + steps}.errors();
  CHECK(
      errors.find("inventory/hosts.yaml:5:33: the host `web-3`: `ansible_connection` is one of") !=
      std::string::npos);
  CHECK(Asking{"targets: {t: web-1}\n" + steps}.errors().empty());
}

TEST_CASE("passwords of a host go into the plan as references") {
  const auto plan =
      Asking{"targets: {t: web-4}\nsteps: [{run: [\"true\"], target: t, undo: [\"true\"]}]\n"}
          .plan();
  CHECK(plan.hosts.at("web-4").address.become_password == "${secret.sudo}");
  CHECK(plan.hosts.at("web-4").address.key_passphrase == "${secret.key}");
}

TEST_CASE("what cannot work is refused at its place") {
  struct Row {
    const char* drill;
    const char* says;
  };
  for (const auto& row : {
           Row{"targets: {t: web-1}\nsteps: [{inject: node.kil, target: t}]\n",
               "did you mean `node.kill`"},
           Row{"targets: {t: web-1}\nsteps: [{inject: node.kill, target: t}]\n", "muster_power"},
           Row{"targets: {t: web-1}\nsteps: [{inject: disk.fill, target: t, with: {path: /x, sise: "
               "1GB}}]\n",
               "did you mean `size`"},
           Row{"targets: {t: web-1}\nsteps: [{inject: disk.fill, target: t, with: {path: x}}]\n",
               "absolute path"},
           Row{"targets: {t: web-2}\nsteps: [{inject: disk.fill, target: t, with: {path: /x, size: "
               "1MB}}]\n",
               "web-2 is protected"},
           // What asks runs a command there, too.
           Row{"targets: {t: web-2}\nsteps: [{check: {command: [reboot], on_host: t}}]\n",
               "web-2 is protected"},
           Row{"targets: {t: web-1}\nsteps: [{restore: pgbackres, target: t, with: {stanza: s}}]\n",
               "did you mean `pgbackrest`"},
           Row{"targets: {t: web-1}\nsteps: [{check: {tcp: \"web-1\"}}]\n", "host:port"},
       }) {
    CAPTURE(row.drill);
    const auto errors = Asking{row.drill}.errors();
    CAPTURE(errors);
    CHECK(errors.find(row.says) != std::string::npos);
    CHECK(errors.find("drills/d.yaml:") != std::string::npos);
  }
}

TEST_CASE("an input that ends with a `$` does not turn what follows into plain characters") {
  const Asking workspace{
      "targets: {t: web-1}\nwith: {price: cost$}\nroles: {dba: {holder: ana}}\nplaybook: ask\n"};
  const auto errors = workspace.errors();
  CAPTURE(errors);
  CHECK(errors.find("a `$` directly before ${choice}, which is known only in the run") !=
        std::string::npos);
  CHECK(errors.find("playbooks/ask.yaml:8:") != std::string::npos);
}
