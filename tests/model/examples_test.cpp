// The files that the documents show (without what a later version brings), and the repository's
// own.
#include "tests/catch.hpp"
#include "tests/model/workspace_helper.hpp"

using namespace muster;
using namespace muster::model;

namespace {

const char* const kExamplePlaybook = R"yaml(playbook: postgres-primary-loss
title: Lose the primary of a PostgreSQL service and bring it back from its backup
inputs:
  stanza: {type: string, help: pgBackRest stanza}
targets:                                # slots; the drill fills them
  primary:  {one_of: group, where: {postgres: "select not pg_is_in_recovery()"}}
  recovery: {hosts: 1}
  front:    {hosts: 1}
roles: [incident_commander, dba]

services:
  orders:
    postgres: "host=${front.address} dbname=orders user=app"
    ledger: {rate: 50/s}
    every: 100ms
    timeout: 500ms
    up: 99% over 10s
    warm_up: 2m
    outage: expected

steps:
  - name: Lose the primary
    id: loss
    inject: node.kill
    target: primary
  - name: Choose the point to restore to
    ask: dba
    say: Name the last good moment, or leave it for the newest.
    answer: {recover_to: {type: time, default: latest}}
    within: 5m
    late: escalate
    mark: decided
  - name: Restore the backup on the recovery host
    id: copy
    restore: pgbackrest
    target: recovery
    with: {stanza: "${stanza}", to: "${recover_to}", validate: [checksum, structure, {query: "select count(*) > 0 from orders"}], promote: true}
  - name: Point the front door at the recovered database
    run: [/usr/local/sbin/switch-orders, "${recovery.address}"]
    target: front
    no_return: true
  - name: Clients are served again
    wait: {service: orders, is: up}
    within: 15m
ends:
  - name: Nobody writes to the old primary
    check: {command: [sh, -c, "! pg_isready -q"], on_host: primary}
)yaml";

const char* const kPrimaryLoss = R"yaml(drill: orders-primary-loss
title: "Orders: lose the primary, restore from backup"
why: Quarterly proof that losing the primary costs at most fifteen minutes and one minute of orders.
owner: dba
change: CHG-4711
playbook: postgres-primary-loss
targets: {primary: orders_db, recovery: dr-1, front: lb-1}
with: {stanza: orders}
objectives: {orders: {rto: 15m, rpo: 60s}}
roles:
  incident_commander: {holder: ana, deputy: bo}
  dba: {holder: bo, deputy: ana}
guardrails:
  max_duration: 1h
)yaml";

const char* const kRestoreTest = R"yaml(drill: orders-restore-test
owner: sre
targets: {scratch: dr-1}
objectives: {restore: 2h, data_age: 15m}
estimate: {rto: 4h, detect: 10m, decide: 15m, reroute: 5m}
steps:
  - name: The backups come back
    restore: pgbackrest
    target: scratch
    with: {stanza: orders, backups: [newest, oldest, random], cutoff: start, system_id: "7312…", age: "select max(created_at) from orders", validate: [checksum, structure, logical], prove_detects: true}
  - name: Remove the copy
    teardown: restore
)yaml";

}  // namespace

TEST_CASE("the examples of the format load") {
  TemporaryWorkspace folder;
  folder.with_inventory()
      .write("playbooks/postgres-primary-loss.yaml", kExamplePlaybook)
      .write("drills/loss.yaml", kPrimaryLoss)
      .write("drills/restore.yaml", kRestoreTest);
  Diagnostics out;
  const auto workspace = load_workspace(folder.root(), out);
  INFO(config::render(out));
  REQUIRE(out.empty());
  CHECK(workspace.drills.size() == 2);
  const auto& restore = *workspace.drill("orders-restore-test");
  const auto& with = std::get<Restore>(restore.playbook.steps[0].action).with;
  CHECK(find(with, "backups")->list()->size() == 3);
  CHECK(find(with, "prove_detects")->text()->written() == "true");
}

TEST_CASE("the repository's own workspace loads") {
  const std::filesystem::path root = MUSTER_SOURCE_DIR;
  Diagnostics out;
  const auto workspace = load_workspace(root, out);
  INFO(config::render(out));
  CHECK(out.empty());
  for (const auto* name : {"lab-orders-restore-test", "lab-orders-primary-loss"}) {
    CAPTURE(name);
    Diagnostics alone;
    CHECK((workspace.drill(name) && load_drill(root, name, alone)));
  }
}
