// Drills against inventory, people and playbooks.
#include "tests/catch.hpp"
#include "tests/model/workspace_helper.hpp"

using namespace muster;
using namespace muster::model;

namespace {

const char* const kPlaybook = R"(playbook: p
inputs:
  stanza: {type: string, help: the stanza}
  most: {type: duration, default: 5m}
targets:
  primary: {one_of: group, where: {postgres: select true}}
  spare: {hosts: 1}
roles: [dba]
services:
  orders: {postgres: "host=${primary.address}", ledger: {rate: 50/s}, timeout: 500ms, warm_up: 2m}
  slow: {tcp: "x:1", every: 10s, timeout: 20s, up: 99% over 1m}
steps:
  - {inject: node.kill, target: primary}
  - {ask: dba, say: x, within: "${most}", late: escalate}
)";

/// A drill of that playbook with its usual keys; each given line replaces the one of its key.
std::string drill(const std::vector<std::string>& changes = {}) {
  std::vector<std::string> lines{"drill: d",
                                 "owner: sre",
                                 "playbook: p",
                                 "targets: {primary: orders_db, spare: dr-1}",
                                 "with: {stanza: orders}",
                                 "objectives: {orders: {rto: 15m, rpo: 60s}}",
                                 "roles: {dba: {holder: ana, deputy: bo}}"};
  for (const auto& change : changes) {
    const auto key = change.substr(0, change.find(':') + 1);
    bool replaced = false;
    for (auto& line : lines)
      if (line.starts_with(key)) line = change, replaced = true;
    if (!replaced) lines.push_back(change);
  }
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

std::string drill_errors(const std::string& text) {
  return TemporaryWorkspace{}
      .with_inventory()
      .write("playbooks/p.yaml", kPlaybook)
      .write("drills/d.yaml", text)
      .errors();
}

}  // namespace

TEST_CASE("a drill is complete when it is handed out") {
  TemporaryWorkspace folder;
  folder.with_inventory()
      .write("playbooks/p.yaml", kPlaybook)
      .write("drills/d.yaml",
             drill({"with: {stanza: orders, most: 7m}", "guardrails: {max_duration: 1h}"}));
  Diagnostics out;
  const auto workspace = load_workspace(folder.root(), out);
  INFO(config::render(out));
  REQUIRE(out.empty());
  const auto* d = workspace.drill("d");
  REQUIRE(d);
  CHECK_FALSE(d->own_body);
  CHECK(*d->playbook.name == "p");
  CHECK(d->fill("primary")->hosts == std::vector<std::string>{"db-1", "db-2"});
  CHECK(d->input("stanza")->value.text()->written() == "orders");
  CHECK(d->playbook.steps[1].within == std::chrono::minutes{7});
  CHECK(**d->guardrails.max_duration == std::chrono::hours{1});
  CHECK(*d->role("dba")->holder == "ana");
  CHECK(**d->objectives.service("orders")->rpo == std::chrono::seconds{60});
}

TEST_CASE("an incident commander holds no second role") {
  struct Row {
    const char* roles;
    const char* error;
  };
  const std::string body = R"(targets: {t: dr-1}
steps:
  - {ask: dba, say: x}
  - {ask: incident_commander, say: x}
)";
  for (const auto& row : {
           Row{"{incident_commander: {holder: ana}, dba: {holder: bo}}", ""},
           Row{"{incident_commander: {holder: ana}, dba: {holder: bo, deputy: ana}}", ""},
           Row{"{incident_commander: {holder: ana}, dba: {holder: ana}}",
               "3:58: `ana` is the incident_commander and holds the role `dba` too"},
           Row{"{dba: {holder: bo}, incident_commander: {holder: bo}}",
               "3:23: `bo` is the incident_commander and holds the role `dba` too"},
       }) {
    const auto errors =
        drill_errors("drill: d\nowner: sre\nroles: " + std::string{row.roles} + "\n" + body);
    INFO(row.roles << "\n" << errors);
    CHECK(errors.empty() == (row.error[0] == '\0'));
    CHECK(errors.find(row.error) != std::string::npos);
  }
}

TEST_CASE("drills that are refused, and where") {
  struct Row {
    std::string line, error;
  };
  const Row rows[] = {
      {"schedule: {every: quarter}", "8:11: a schedule needs `timezone`"},
      {"schedule: every quarter", "8:11: expected a schedule (a map), found 'every quarter'"},
      {"due: {grace: 7d}", "8:6: what is due needs `every`"},
      {"guardrails: {max_duration: 0s}", "8:28: `max_duration` must be above zero"},
      {"steps: []", "8:1: `steps` is not a key of a drill of a playbook"},
      {"titel: x", "8:1: `titel` is not a key of a drill of a playbook"},
      {"owner: srre", "2:8: the owner `srre` is no person, no team and no role"},
      {"playbook: q", "3:11: there is no playbook `q`"},
      {"targets: {primary: orders_dv, spare: dr-1}",
       "4:20: `orders_dv` is no host and no group of the inventory"},
      {"targets: {primary: orders_db, spare: orders_db}",
       "4:38: `spare` wants 1 host, 'orders_db' selects 2"},
      {"targets: {primary: orders_db, spare: 'orders_db:!orders_db'}",
       "4:38: 'orders_db:!orders_db' selects no host"},
      {"targets: {primary: orders_db}", "4:10: the target `spare` is not filled"},
      {"targets: {primary: orders_db, spare: dr-1, other: lb-1}",
       "4:44: `other` is no target of the playbook `p`"},
      {"targets: {primary: orders_db, spare: 'xr*'}",
       "4:38: `xr*` fits no host and no group of the inventory"},
      {"with: {stanza: orders, mots: 1m}", "5:24: `mots` is no input of the playbook `p`"},
      {"with: {most: 1m}", "5:7: the input `stanza` is not given"},
      {"with: {stanza: orders, most: long}",
       "5:30: expected a duration such as 30s or 15m, found 'long'"},
      {"with: {stanza: '${x}'}", "5:17: `${x}` cannot stand here"},
      {"with: {stanza: [a]}", "5:16: expected text, found a list"},
      {"objectives: {ordrs: {rto: 15m}}", "6:14: `ordrs` is not one of the services"},
      {"objectives: {orders: {rpo: 0s}}",
       "6:28: `rpo: 0s` cannot be proven: a measured time has a width"},
      {"objectives: {orders: {}}", "6:14: `orders` has no objective"},
      {"objectives: {orders: {rto: 15m, mtpd: 10m}}", "6:39: `mtpd` is shorter than `rto`"},
      {"objectives: {orders: {rto: 10s}}",
       "6:28: the probe of `orders` is too slow to judge an RTO of 10s: every 20ms + timeout 500ms "
       "is above a twentieth of it"},
      {"objectives: {slow: {rto: 5m}}",
       "6:26: the probe of `slow` is too slow to judge an RTO of 5m: every 10s + timeout 20s is "
       "above a twentieth of it"},
      {"objectives: {orders: {rpo: 61s}}",
       "6:28: the ledger of `orders` warms up for 2m, shorter than twice the RPO of 1m1s"},
      {"objectives: {slow: {rpo: 1s}}", "6:26: `rpo` of `slow`: the service has no ledger"},
      {"objectives: {slow: {lost_writes: 0}}",
       "6:34: `lost_writes` of `slow`: the service has no ledger"},
      {"objectives: {restore: 2h}", "6:23: an objective of a restore, and no step restores"},
      {"roles: {}", "1:8: nobody holds the role `dba`"},
      {"roles: {dba: {holder: ana}}",
       "7:9: the role `dba` has no deputy, and the step `ask dba` escalates to it"},
      {"roles: {dba: {holder: anna, deputy: bo}}", "7:23: `anna` is not one of the people"},
      {"roles: {dba: {holder: bo, deputy: bo}}", "7:35: `bo` is the deputy of themself"},
      {"roles: {dba: {holder: ana, deputy: bo}, dbaa: {holder: bo}}",
       "7:41: `dbaa` is no role of the playbook"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.line);
    CHECK(drill_errors(drill({row.line})) == "drills/d.yaml:" + row.error + "\n");
  }
}

TEST_CASE("all errors of all files at once, in order") {
  CHECK(drill_errors(drill({"owner: x", "playbook: q", "titel: x"})) ==
        "drills/d.yaml:3:11: there is no playbook `q`\n"
        "drills/d.yaml:8:1: `titel` is not a key of a drill of a playbook\n");
  TemporaryWorkspace folder;
  CHECK(folder.with_inventory()
            .write("playbooks/p.yaml", std::string{kPlaybook} + "x: 1\n")
            .write("playbooks/q.yaml", kPlaybook)
            .write("drills/a.yaml", "a: [x\nb: c\n")
            .write("drills/d.yaml", drill({"owner: x", "titel: x"}))
            .write("drills/e.yaml", drill())
            .write("drills/f.yaml", drill())
            .write("drills/notes.txt", "x")
            .write("inventory/hosts", "[db\n")
            .write("inventory/x.ini", "x y\n")
            .write("inventory/group_vars/all.yaml", "muster_zome: 1\n")
            .write("inventory/policy.yaml", "policy: {production: {}, prod: {}}\n")
            .errors() ==
        "drills/a.yaml:2:2: not YAML: end of sequence flow not found\n"
        "drills/d.yaml:2:8: the owner `x` is no person, no team and no role\n"
        "drills/d.yaml:8:1: `titel` is not a key of a drill of a playbook\n"
        "drills/f.yaml:1:8: there are two drills `d`\n"
        "inventory/group_vars/all.yaml:1:1: `muster_zome` is no variable of Muster\n"
        "inventory/hosts:1:1: the range in '[db' is not closed\n"
        "inventory/policy.yaml:1:26: `prod` is not a key of a policy\n"
        "inventory/x.ini:1:3: expected `key=value` behind a host\n"
        "playbooks/p.yaml:15:1: `x` is not a key of a playbook\n"
        "playbooks/q.yaml:1:11: there are two playbooks `p`\n");
}

TEST_CASE("people that are refused") {
  struct Row {
    std::string people, error;
  };
  const Row rows[] = {
      {"{ana: {unix: ana}}", "1:15: a person needs `name`"},
      {"{ana: {name: A, mail: x}}", "1:25: `mail` is not a key of a person"},
      {"{ana: {name: A, unix: x}, bo: {name: B, unix: x}}",
       "1:35: `bo` and `ana` have the same unix user"},
      {"[ana]", "1:9: expected people (a map), found a list"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.people);
    CHECK(TemporaryWorkspace{}.write("inventory/people.yaml", "people: " + row.people).errors() ==
          "inventory/people.yaml:" + row.error + "\n");
  }
}

TEST_CASE("one drill is loaded by its name or its file, whatever its neighbours look like") {
  TemporaryWorkspace folder;
  folder.with_inventory()
      .write("playbooks/p.yaml", kPlaybook)
      .write("playbooks/broken.yaml", "playbook: broken\n")
      .write("drills/broken.yaml", "drill: broken\nx: [")
      .write("drills/file.yaml", drill());
  for (const std::string name : {"d", "file", "drills/file.yaml"}) {
    CAPTURE(name);
    Diagnostics out;
    const auto loaded = load_drill(folder.root(), name, out);
    INFO(config::render(out));
    REQUIRE(loaded);
    CHECK(*loaded->drill.name == "d");
    CHECK(loaded->inventory.host("db-1"));
    CHECK(loaded->people.with_unix_user("ana"));
  }
  Diagnostics out;
  CHECK(load_drill(folder.root(), (folder.root() / "drills/file.yaml").string(), out));
  CHECK_FALSE(load_drill(folder.root(), "brken", out));
  CHECK(TemporaryWorkspace::lines(out) == "drills: there is no drill `brken`\n");
  CHECK(out.sorted().at(0).hint == "did you mean `broken`?");
  Diagnostics broken;
  CHECK_FALSE(load_drill(folder.root(), "broken", broken));
  CHECK(TemporaryWorkspace::lines(broken).find("drills/broken.yaml:") == 0);
}

TEST_CASE("a drill with its own steps") {
  TemporaryWorkspace folder;
  folder.with_inventory().write("drills/d.yaml", R"(drill: d
owner: ana
targets: {scratch: dr-1, many: "orders_db:lb-1", primary: {one_of: orders_db, where: {command: [test]}}, db: {group: orders_db, min: 2}}
objectives: {restore: 2h, data_age: 15m}
estimate: {rto: 4h, detect: 10m}
roles: {dba: {holder: ana}}
steps:
  - {restore: pgbackrest, target: scratch, with: {stanza: orders, system_id: "7312"}}
  - {ask: dba, say: "look at ${scratch.name}"}
  - {teardown: restore}
)");
  Diagnostics out;
  const auto loaded = load_drill(folder.root(), "d", out);
  INFO(config::render(out));
  REQUIRE(loaded);
  const auto& d = loaded->drill;
  CHECK(d.own_body);
  CHECK(d.playbook.slot("scratch")->is_single());
  CHECK(d.playbook.slot("many")->count == 3);
  CHECK(d.playbook.slot("primary")->kind == Slot::Kind::one_of);
  CHECK(d.fill("primary")->hosts.size() == 2);
  CHECK(*std::get<Teardown>(d.playbook.steps[2].action).step == "1");
  CHECK(d.estimate->detect == std::chrono::minutes{10});
}

TEST_CASE("a drill with its own steps that is refused") {
  struct Row {
    std::string line, error;
  };
  const Row rows[] = {
      {"with: {a: b}", "4:1: `with` is not a key of a drill"},
      {"targets: {a: {hosts: 1}}", "4:14: nobody fills `a`"},
      {"targets: {a: {group: orders_db, min: 3}}",
       "4:22: `a` wants at least 3 hosts, 'orders_db' selects 2"},
      {"targets: {a: nobody}", "4:14: `nobody` is no host and no group of the inventory"},
      {"targets: [a]", "4:10: expected targets (a map), found a list"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.line);
    TemporaryWorkspace folder;
    CHECK(folder.with_inventory()
              .write("drills/d.yaml",
                     "drill: d\nowner: ana\nsteps: [{pause: 1s}]\n" + row.line + "\n")
              .errors() == "drills/d.yaml:" + row.error + "\n");
  }
}
