#include "history/gaps.hpp"

#include "model/workspace.hpp"
#include "tests/catch.hpp"
#include "tests/model/workspace_helper.hpp"

using namespace muster;
using namespace muster::history;

namespace {

/// The fields that the one drill lacks.
std::string lacking(const std::string& drill, const Around& around = {true, true}) {
  TemporaryWorkspace folder;
  folder.write("inventory/hosts.yaml", "all: {hosts: {h: {muster_environment: lab}}}\n")
      .write("inventory/people.yaml", "people: {ana: {name: Ana}, bo: {name: Bo}}\n")
      .write("drills/d.yaml", drill);
  config::Diagnostics diagnostics;
  const auto workspace = model::load_workspace(folder.root(), diagnostics);
  INFO(config::render(diagnostics));
  REQUIRE(workspace.drills.size() == 1);
  std::string out;
  for (const auto& gap : gaps_of(workspace.drills.front(), around)) {
    CHECK_FALSE(gap.lacks.empty());
    out += (out.empty() ? "" : ", ") + gap.field;
  }
  return out;
}

}  // namespace

TEST_CASE("what the evidence of a drill would lack is told before it is run") {
  const std::string steps =
      "steps: [{name: One, run: [\"true\"], target: here, undo: [\"true\"]}]\n";
  CHECK(lacking("drill: d\nowner: ana\ntargets: {here: h}\n" + steps, {}) ==
        "scenario and reason, title, approval before, objectives set beforehand, cadence, "
        "people and roles, "
        "proof of the record, retention");
  const std::string served =
      "services: {door: {command: [\"true\"], every: 100ms, timeout: 90ms, "
      "up: 90% over 1s, warm_up: 2s, outage: tolerated}}\nobjectives: {door: {rto: 30s}}\n";
  const std::string whole =
      "drill: d\ntitle: D\nwhy: to know\nowner: ana\nchange: CHG-1\ndue: every quarter\ntargets: "
      "{here: h}\n";
  CHECK(lacking(whole + served +
                "roles: {dba: {holder: ana}, evaluator: {holder: bo, deputy: ana}}\n" + steps) ==
        "key-person absence");
  CHECK(lacking(whole + served + "roles: {dba: {holder: ana, deputy: bo}}\n" + steps) ==
        "evaluator");
  const std::string people =
      "roles: {dba: {holder: ana, deputy: bo}, observer: {holder: bo, deputy: ana}}\n";
  CHECK(lacking(whole + served + people + steps) == "");
  CHECK(lacking(whole + people +
                "steps: [{name: Back, id: copy, restore: pgbackrest, target: here, with: {stanza: "
                "main}}, {teardown: copy}]\n") ==
        "objectives set beforehand, integrity of the backup, restore time");
}
