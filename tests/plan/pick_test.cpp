// Picks, plays and secrets in plans.
#include "plan/pick.hpp"
#include "config/diagnostics.hpp"
#include "plan/bind.hpp"
#include "plan/compile.hpp"
#include "tests/plan/workspace.hpp"

using namespace muster;
using muster::test::Workspace;
using Strings = std::vector<std::string>;

namespace {

/// A workspace of one drill on five web hosts, in a folder that goes away.
struct Picking : Workspace {
  explicit Picking(const std::string& steps) {
    write("inventory/hosts.yaml",
          "all:\n  vars: {muster_environment: lab}\n  children:\n    web: {hosts: {web-1: , web-2: "
          ", web-3: , web-4: , web-5: }}\n");
    write("inventory/secrets.yaml",
          "secrets: {db: {env: DB}, key: {file: /etc/key}, unused: {env: NO}}\n");
    write("playbooks/p.yaml",
          "playbook: p\ntargets: {all: {group: true}}\nsteps:\n"
          "  - {id: s, run: [true], target: all, undo: [true], pick: {count: 2}}\n");
    write("drills/d.yaml", "drill: d\nowner: ana\ntargets: {web: web}\nsteps:\n" + steps);
  }
};

std::string slot_of(const plan::Step& step) {
  return std::get<plan::Run>(step.action).slot;
}

const std::string kRun = "run: [true], target: web, undo: [true]";

}  // namespace

TEST_CASE("the hosts with the lowest SHA-256 of seed|host are picked, in the inventory's order") {
  const Strings hosts{"web-1", "web-2", "web-3", "web-4", "web-5"};
  // for h in web-1 web-2 web-3 web-4 web-5; do printf '%s' "42|$h" | sha256sum; done
  // web-2 204aed39…, web-1 4ccd1991…, web-5 7aeea112…, web-4 9e1d38cf…, web-3 fa3ef257…
  CHECK(plan::picked(hosts, 1, 42) == Strings{"web-2"});
  CHECK(plan::picked(hosts, 2, 42) == Strings{"web-1", "web-2"});
  CHECK(plan::picked(hosts, 3, 42) == Strings{"web-1", "web-2", "web-5"});
  CHECK(plan::picked(hosts, 5, 42) == hosts);
  // One host more (6dce6167…) does not shuffle the others.
  auto more = hosts;
  more.push_back("web-6");
  CHECK(plan::picked(more, 3, 42) == Strings{"web-1", "web-2", "web-6"});
}

TEST_CASE("a share is rounded up, and is one host at least") {
  CHECK(plan::share_of(0.5, 5) == 3);
  CHECK(plan::share_of(0.01, 5) == 1);
  CHECK(plan::share_of(1.0, 5) == 5);
  CHECK(plan::share_of(0.6, 5) == 3);
  CHECK(plan::share_of(0.07, 100) == 7);
  CHECK(plan::share_of(0.34, 3) == 2);
}

TEST_CASE("a pick is a slot of its step, said in the plan and back from its JSON") {
  const auto plan =
      Picking{"  - {id: loss, " + kRun +
              ", pick: {count: 2, seed: 42}}\n"
              "  - {id: half, " +
              kRun +
              ", pick: {percent: 50%}}\n"
              "  - {id: all, " +
              kRun +
              "}\n"
              "  - {check: {command: [true], on_host: web}, pick: {count: 2, seed: 42}}\n"}
          .plan();
  CHECK(slot_of(plan.steps[0]) == "web/pick:loss");
  CHECK(slot_of(plan.steps[2]) == "web");
  const auto* slot = plan.slot("web/pick:loss");
  REQUIRE(slot);
  CHECK(slot->hosts == plan::picked(plan.slot("web")->hosts, 2, 42));
  CHECK(plan.slot("web/pick:half")->hosts.size() == 3);
  CHECK(plan.slot("web/pick:half")->picked->seed != 0);
  // The same seed picks the same hosts: what was hit can be checked.
  const auto& check =
      std::get<plan::CommandHolds>(std::get<plan::Check>(plan.steps[3].action).condition);
  CHECK(plan.slot(check.slot)->hosts == slot->hosts);
  const auto back = plan::plan_from_json(plan::to_json(plan));
  REQUIRE(back);
  CHECK(plan::content_hash(*back) == plan::content_hash(plan));
  CHECK(back->slot("web/pick:loss")->picked->seed == 42);
}

TEST_CASE("without a seed the plan's own content is one: the same files pick the same hosts") {
  const std::string steps = "  - {" + kRun + ", pick: {count: 2}}\n";
  const auto seed = [](const std::string& text) {
    return Picking{text}.plan().slot("web/pick:1")->picked->seed;
  };
  CHECK(seed(steps) == seed(steps));
  CHECK(seed(steps) != seed(steps + "  - {mark: m}\n"));
}

TEST_CASE("what cannot be picked is refused at its place") {
  for (const auto& [step, says] : std::vector<std::pair<std::string, std::string>>{
           {"{" + kRun + ", pick: {count: 6}}", "6 of `web` are to be picked, and it has 5 hosts"},
           {"{restore: pgbackrest, target: web, with: {stanza: s}, pick: {count: 2}}",
            "a restore goes to one host"},
           {"{inject: node.kill, target: web, pick: {count: 2}}", "takes one host at a time"}}) {
    CAPTURE(step);
    const auto errors = Picking{"  - " + step + "\n"}.errors();
    CAPTURE(errors);
    CHECK(errors.find(says) != std::string::npos);
    CHECK(errors.find("drills/d.yaml:5:") != std::string::npos);
  }
  CHECK(Picking{"  - {restore: pgbackrest, target: web, with: {stanza: s}, pick: {count: 1}}\n"}
            .errors() == "");
}

TEST_CASE("two plays of one playbook are two sets of steps, each with its own pick") {
  const auto plan =
      Picking{
          "  - {id: a, play: p, targets: {all: web}}\n"
          "  - {id: b, play: p, targets: {all: web}}\n"}
          .plan();
  REQUIRE(plan.steps.size() == 2);
  CHECK(plan.steps[0].id == "a/s");
  CHECK(plan.steps[0].place.starts_with("playbooks/p.yaml:4:"));
  CHECK(slot_of(plan.steps[0]) == "web/pick:a/s");
  CHECK(slot_of(plan.steps[1]) == "web/pick:b/s");
  CHECK(plan.steps[1].after == std::vector<std::size_t>{0});
}

TEST_CASE("a plan names the secrets that it needs and their sources, never a value") {
  const auto make = [](const std::string& name) {
    return Picking{"  - {" + kRun + ", stdin: \"p=${secret." + name + "} on ${secret.key}\"}\n"};
  };
  const auto plan = make("db").plan();
  CHECK(std::get<plan::Run>(plan.steps[0].action).standard_input ==
        "p=${secret.db} on ${secret.key}");
  REQUIRE(plan.secrets.size() == 2);
  CHECK(plan.secrets.at("db") == SecretSource{SecretSource::Kind::env, {"DB"}});
  const auto back = plan::plan_from_json(plan::to_json(plan));
  REQUIRE(back);
  CHECK(back->secrets == plan.secrets);
  CHECK(plan::content_hash(*back) == plan::content_hash(plan));
  auto moved = plan;
  moved.secrets.at("db").words = {"OTHER"};
  CHECK(plan::content_hash(moved) != plan::content_hash(plan));
  const auto errors = make("bd").errors();
  CAPTURE(errors);
  CHECK(errors.find("there is no secret `bd`") != std::string::npos);
  CHECK(errors.find("did you mean `db`") != std::string::npos);
}

TEST_CASE("a secret stays a name while the rest is bound, and no answer becomes one") {
  const plan::Bindings said{{"answer", "x ${secret.db} ${y} $"}, {"t.name", "web-1"}};
  const auto text = plan::resolve_but_secrets("${t.name}: ${secret.db}, ${answer}, $${z}", said);
  REQUIRE(text);
  CHECK(*text == "web-1: ${secret.db}, x $${secret.db} $${y} $, $${z}");
  const auto filled = fill_secrets(
      *text, [](const std::string& name) -> Result<std::string> { return "<" + name + ">"; });
  CHECK(*filled == "web-1: <db>, x ${secret.db} ${y} $, ${z}");
  CHECK_FALSE(plan::resolve_but_secrets("${nobody}", said));
  // "$${secret.db}" would be the characters, and not the secret.
  CHECK_FALSE(plan::resolve_but_secrets("${price}${secret.db}", {{"price", "5$"}}));
  // Where no secret may stand it is a name without a value, whatever the plan says.
  CHECK_FALSE(plan::resolve("${secret.db}", said));
}

TEST_CASE("of a probe only those texts keep secrets that may hold them") {
  const plan::Bindings said{{"who", "${secret.db}"}};
  const auto bound = plan::resolve(
      catalogue::ProbeSpec{
          "postgres",
          {{"conninfo", "user=${who} password=${secret.db}"}, {"query", "select '${who}'"}}},
      said);
  REQUIRE(bound);
  CHECK(bound->text("conninfo") == "user=$${secret.db} password=${secret.db}");
  CHECK(bound->text("query") == "select '${secret.db}'");
}
