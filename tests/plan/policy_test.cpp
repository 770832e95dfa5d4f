// What the policy makes of a plan: its demands and who can meet them are part of it, and so of its
// hash; what it denies is an error at the step.
#include <functional>

#include "plan/compile.hpp"
#include "tests/catch.hpp"
#include "tests/model/workspace_helper.hpp"

using namespace muster;

namespace {

// Public keys of nobody.
const std::string kAna =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIovrOLKspVLrhQiv3C2xQrZeE9ANOIOGiUjad/3bStz";
const std::string kBo =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIovrOLKspVLrhQiv3C2xQrZeE9ANOIOGiUjad/3bStA";

struct Files {
  std::string policy = "production: {approvals: {need: 1, from: [sre]}}";
  std::string bo = "{name: Bo, teams: [sre], ssh_key: \"" + kBo + "\"}";
  std::string targets = "{a: prod-1}";
  std::string steps = "[{tell: hello}]";

  std::optional<plan::Plan> compile(config::Diagnostics& out) const {
    TemporaryWorkspace w;
    w.write("inventory/hosts.yaml",
            "all:\n  hosts:\n    prod-1: {muster_connection: local}\n"
            "    lab-1: {muster_connection: local, muster_environment: lab}\n")
        .write("inventory/people.yaml", "people:\n  ana: {name: Ana, teams: [dba], ssh_key: \"" +
                                            kAna + "\"}\n  bo: " + bo + "\n")
        .write("inventory/policy.yaml", "policy: {" + policy + "}\n")
        .write("drills/d.yaml",
               "drill: d\nowner: ana\ntargets: " + targets + "\nsteps: " + steps + "\n");
    const auto loaded = model::load_drill(w.root(), "d", out);
    return loaded ? plan::compile(*loaded, {"muster", true}, out) : std::nullopt;
  }
  plan::Plan plan() const {
    config::Diagnostics out;
    auto made = compile(out);
    CAPTURE(TemporaryWorkspace::lines(out));
    REQUIRE(made);
    return *std::move(made);
  }
  std::string errors() const {
    config::Diagnostics out;
    compile(out);
    return TemporaryWorkspace::lines(out);
  }
  std::string hash() const { return hex(plan::content_hash(plan())); }
};

TEST_CASE("how many hosts a policy lets be hit at once counts beside the drill's own guardrails") {
  Files f;
  f.targets = "{a: \"prod-1:lab-1\"}";
  f.policy = "production: {at_most: 1}";
  const auto plan = f.plan();
  REQUIRE(plan.limits.size() == 1);
  CHECK(plan.limits[0].by == "the policy of production");
  CHECK(plan.limits[0].count == 1);
  CHECK(plan.limits[0].hosts.size() == 2);
  f.steps = "[{run: [\"true\"], undo: [\"true\"], target: a}]";
  CHECK(f.errors().find("the policy of production") != std::string::npos);
  f.targets = "{a: lab-1}";  // of an environment that the drill does not touch: nothing
  CHECK(f.errors().empty());
}

TEST_CASE("the demands of the environments that a drill touches are in its plan") {
  Files f;
  f.policy += ", lab: {assurance: signed-key}, staging: {witness: required}";
  auto plan = f.plan();
  REQUIRE(plan.policy.size() == 1);
  CHECK(plan.policy[0].environment == "production");
  CHECK(plan.policy[0].need == 1);
  CHECK_FALSE(plan.needs_signatures());
  REQUIRE(plan.approvers.size() == 1);
  CHECK(plan.approvers[0].id == "bo");
  CHECK(plan.approvers[0].ssh_key == kBo);
  CHECK(plan.anybody("bo"));
  CHECK_FALSE(plan.person("bo"));
  f.targets = "{a: prod-1, b: lab-1}";
  CHECK(f.plan().policy.size() == 2);
  CHECK(f.plan().needs_signatures());
  f.targets = "{b: lab-1}";
  CHECK(f.plan().approvers.empty());
  const auto again = plan::plan_from_json(plan::to_json(plan));
  REQUIRE(again);
  CHECK(plan::content_hash(*again) == plan::content_hash(plan));
}

TEST_CASE("any change of what is demanded, or of who can meet it, is another plan") {
  const Files f;
  const auto changed = [&](const std::function<void(Files&)>& change) {
    Files other = f;
    change(other);
    return other.hash() != f.hash();
  };
  CHECK_FALSE(changed([](Files&) {}));
  CHECK(changed([](Files& o) { o.policy = "lab: {}"; }));
  CHECK(changed([](Files& o) { o.policy = "production: {approvals: {need: 1, from: [dba]}}"; }));
  CHECK(changed(
      [](Files& o) { o.policy = "production: {approvals: {need: 1, from: [sre], valid: 1d}}"; }));
  CHECK(changed([](Files& o) { o.policy += ", lab: {}", o.targets = "{a: lab-1}"; }));
  CHECK(changed([](Files& o) { o.steps = "[{tell: hallo}]"; }));
  CHECK(changed([](Files& o) {
    o.bo = "{name: Bo, teams: [sre], ssh_key: \"" + kBo.substr(0, kBo.size() - 1) + "B\"}";
  }));
}

TEST_CASE("what is denied is an error at the step; of a fault, a restore, a command") {
  struct Row {
    std::string deny, steps, error;
  };
  const Row rows[] = {
      {"node.*", "[{tell: x}, {inject: process.kill, target: a, with: {command: x}}]", ""},
      {"[process.kill]", "[{inject: process.kill, target: a, with: {command: x}}]",
       "drills/d.yaml:4:18: the policy of production denies process.kill\n"},
      {"[\"process.*\"]", "[{inject: process.kill, target: a, with: {command: x}}]",
       "drills/d.yaml:4:18: the policy of production denies process.kill (`process.*`)\n"},
      {"[command]", "[{run: [x], undo: [y], target: a}]",
       "drills/d.yaml:4:9: the policy of production denies commands (a `run` step)\n"},
      {"[\"pg*\"]", "[{restore: pgbackrest, target: a, with: {stanza: x}}]",
       "drills/d.yaml:4:19: the policy of production denies pgbackrest (`pg*`)\n"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.deny, row.steps);
    Files f;
    f.policy = "production: {deny: " + (row.deny[0] == '[' ? row.deny : "[" + row.deny + "]") + "}";
    f.steps = row.steps;
    CHECK(f.errors() == row.error);
  }
}

TEST_CASE("a step that wants signatures brings its approvers into the plan") {
  Files f;
  f.policy = "lab: {}";
  f.steps = "[{name: Go, approve: {from: [sre, dba], need: 2}, late: escalate, within: 1m}]";
  const auto plan = f.plan();
  CHECK(plan.approvers.size() == 2);
  const auto& approve = std::get<plan::Approve>(plan.steps.at(0).action);
  CHECK(approve.need == 2);
  CHECK(approve.say == "Go");
  CHECK(approve.late == plan::Late::escalate);
  CHECK(plan::word_of(plan.steps[0].action) == "approve");
  const auto again = plan::plan_from_json(plan::to_json(plan));
  REQUIRE(again);
  CHECK(plan::content_hash(*again) == plan::content_hash(plan));
  f.steps = "[{approve: {from: [sre], need: 2}}]";
  CHECK(f.errors() ==
        "drills/d.yaml:4:19: 2 must approve, and 1 of sre can: who approves has an "
        "`ssh_key` in people.yaml, and is no service\n");
}

}  // namespace
