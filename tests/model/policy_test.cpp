// inventory/policy.yaml: what is read of it, and what is refused.
#include "model/policy.hpp"

#include "tests/catch.hpp"
#include "workspace_helper.hpp"

namespace muster::model {
namespace {

// Public keys of nobody: made for these tests, their private halves were thrown away.
const std::string kAna =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIovrOLKspVLrhQiv3C2xQrZeE9ANOIOGiUjad/3bStz";
const std::string kBo =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIovrOLKspVLrhQiv3C2xQrZeE9ANOIOGiUjad/3bStA";

TemporaryWorkspace& with_people(TemporaryWorkspace& w) {
  return w.write("inventory/people.yaml",
                 "people:\n  ana: {name: Ana, teams: [sre], ssh_key: \"" + kAna +
                     " ana@laptop\"}\n  bo: {name: Bo, teams: [dba], ssh_key: \"" + kBo +
                     "\"}\n  eve: {name: Eve, teams: [dba]}\n"
                     "  robot: {name: Robot, teams: [bots], service: true}\n");
}

TEST_CASE("a policy is read as it stands") {
  TemporaryWorkspace w;
  with_people(w).write(
      "inventory/policy.yaml",
      "policy:\n  production: {approvals: {need: 2, from: [sre, dba]}, assurance: signed-key, "
      "witness: required, deny: [node.crash, \"disk.*\"]}\n  lab: {}\n");
  config::Diagnostics out;
  const auto loaded = load_workspace(w.root(), out);
  CHECK(TemporaryWorkspace::lines(out) == "");
  REQUIRE(loaded.policy.environments.size() == 2);
  const auto* production = loaded.policy.of("production");
  REQUIRE(production);
  CHECK(production->approvals->need == 2);
  CHECK(production->approvals->valid == std::chrono::hours{24 * 7});
  CHECK(production->signed_key);
  CHECK(production->witness);
  CHECK(production->deny == std::vector<std::string>{"node.crash", "disk.*"});
  const auto* lab = loaded.policy.of("lab");
  REQUIRE(lab);
  CHECK_FALSE(lab->approvals);
  CHECK_FALSE(lab->signed_key);
  CHECK_FALSE(loaded.policy.of("staging"));
  // The comment of a key is none of its bytes.
  CHECK(loaded.people.find("ana")->ssh_key == kAna);
  CHECK(approvers_in(loaded.people, {"sre", "dba", "bots"}).size() == 2);
}

TEST_CASE("what is refused in a policy, and where") {
  struct Row {
    std::string policy, error;
  };
  const Row rows[] = {
      {"[]", "1:9: expected a policy (a map), found a list"},
      {"{production: }", "1:10: `production` has no value"},
      {"{production: {aprovals: {}}}", "1:23: `aprovals` is not a key of the policy of an"},
      {"{lab: {approvals: {from: [sre]}}}", "1:27: `approvals` needs `need`"},
      {"{lab: {approvals: {need: 7, from: [sre]}}}", "1:34: `need` is a number from 1 to 6"},
      {"{lab: {approvals: {need: 1, from: []}}}", "1:43: `from` names no team"},
      {"{lab: {approvals: {need: 1, from: [sree]}}}", "1:27: nobody is in the team `sree`"},
      {"{lab: {approvals: {need: 2, from: [dba]}}}", "1:27: 2 must approve, and 1 of dba can"},
      {"{lab: {approvals: {need: 1, from: [bots]}}}", "1:27: 1 must approve, and 0 of bots can"},
      {"{lab: {approvals: {need: 1, from: [sre], valid: 91d}}}", "1:57: an approval is valid for"},
      {"{lab: {assurance: oath}}", "1:27: "},
      {"{lab: {witness: maybe}}", "1:25: "},
      {"{lab: {deny: [node.kil]}}", "1:22: `node.kil` is no fault and no restore provider"},
      {"{lab: {at_most: 0}}", "1:25: "},
  };
  for (const auto& row : rows) {
    CAPTURE(row.policy);
    TemporaryWorkspace w;
    const auto errors =
        with_people(w).write("inventory/policy.yaml", "policy: " + row.policy + "\n").errors();
    CHECK(errors.starts_with("inventory/policy.yaml:" + row.error));
  }
}

TEST_CASE("one environment in two files, and people beside a policy") {
  TemporaryWorkspace w;
  CHECK(with_people(w)
            .write("inventory/a.yaml", "policy: {lab: {}}\n")
            .write("inventory/b.yaml", "policy: {lab: {}}\n")
            .write("inventory/c.yaml", "policy: {staging: {}}\npeople: {}\n")
            .errors() ==
        "inventory/b.yaml:1:10: the policy of lab stands in two files\n"
        "inventory/c.yaml:2:1: `people` beside `policy`: they are owned by different people\n");
}

TEST_CASE("keys of people: public ones, each of one person") {
  struct Row {
    std::string key, error;
  };
  const Row rows[] = {
      {"ssh-ed25519", "this is no SSH public key"},
      {"ssh-rsa " + kAna.substr(12), "this is no SSH public key"},
      {"ssh-ed25519 !!", "this is no SSH public key"},
      {"cert-authority " + kAna, "this is no SSH public key"},
      {"-----BEGIN OPENSSH PRIVATE KEY-----", "this is no SSH public key"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.key);
    TemporaryWorkspace w;
    const auto errors =
        w.write("inventory/people.yaml", "people: {ana: {name: A, ssh_key: \"" + row.key + "\"}}\n")
            .errors();
    CHECK(errors.find(row.error) != std::string::npos);
  }
  TemporaryWorkspace w;
  CHECK(w.write("inventory/people.yaml", "people:\n  ana: {name: A, ssh_key: \"" + kAna +
                                             "\"}\n  bo: {name: B, ssh_key: \"" + kAna +
                                             " other\"}\n")
            .errors() == "inventory/people.yaml:3:3: `bo` and `ana` have the same SSH key\n");
}

}  // namespace
}  // namespace muster::model
