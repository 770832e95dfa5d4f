#include "plans.hpp"

namespace muster::test {

using namespace std::chrono_literals;

namespace {

plan::Script script(const char* name, catalogue::Healer healer) {
  const std::string text = std::string{"# "} + name + "\n";
  return {name, text, sha256(text), healer, {"sh"}};
}

plan::Host host(const char* name, const char* address, const char* zone) {
  plan::Host h;
  h.address.name = name;
  h.address.address = address;
  h.environment = "lab";
  h.zone = zone;
  return h;
}

plan::Step step(const char* id, const char* name, std::vector<std::size_t> after,
                plan::Action action, Duration within) {
  return {id,
          name,
          "playbooks/postgres-primary-loss.yaml:24:5",
          std::move(after),
          std::move(action),
          within,
          true};
}

}  // namespace

plan::Plan primary_loss() {
  plan::Plan p;
  p.drill = "orders-primary-loss";
  p.title = "Orders: lose the primary, restore from backup";
  p.why =
      "Quarterly proof that losing the primary costs at most three minutes and ten seconds of "
      "orders.";
  p.owner = "dba";
  p.change = "CHG-4711";
  p.playbook = "postgres-primary-loss";
  p.hosts = {{"controller", host("controller", "", "")},
             {"pg-1", host("pg-1", "10.99.0.11", "a")},
             {"dr-1", host("dr-1", "10.99.0.21", "b")},
             {"lb-1", host("lb-1", "10.99.0.31", "a")}};
  p.slots = {{"primary", {"pg-1"}, {}}, {"recovery", {"dr-1"}, {}}, {"front", {"lb-1"}, {}}};
  plan::Service orders;
  orders.name = "orders";
  orders.probe = {
      "postgres",
      {{"conninfo", "host=${front.address} port=5432 dbname=orders user=app connect_timeout=2"}}};
  orders.ledger = catalogue::LedgerSpec{20, "muster_ledger"};
  orders.every = 50ms;
  orders.timeout = 500ms;
  orders.up = {0.99, 5s};
  orders.warm_up = 2min;
  p.services = {orders};
  plan::Objective o;
  o.service = "orders";
  o.rto = 3min;
  o.rpo = 10s;
  p.objectives = {o};
  p.roles = {{"incident_commander", "ana", "bo"}, {"dba", "chen", "dee"}};
  p.max_duration = 20min;
  p.guardian = "controller";
  p.scripts = {{"node.kill", script("node.kill", catalogue::Healer::guardian)},
               {"pgbackrest", script("pgbackrest", catalogue::Healer::target)}};
  plan::Run change;
  change.slot = "front";
  change.argv = {"/usr/local/sbin/switch-orders", "${recovery.address}"};
  change.no_return = true;
  p.steps = {
      step("loss", "Lose the primary", {}, plan::Inject{"node.kill", "primary", {}}, 1min),
      step("decide", "Choose the point to restore to", {0},
           plan::Ask{"dba",
                     "The primary is gone. Name the last good moment, or leave it for the newest.",
                     {{"recover_to", "time", "latest"}},
                     plan::Late::proceed,
                     "decided"},
           5min),
      step("copy", "Restore the backup on the recovery host", {1},
           plan::Restore{"pgbackrest", "recovery", {{"stanza", "orders"}}, 1}, 10min),
      step("switch", "Point the front door at the recovered database", {2}, change, 1min),
      step("served", "Clients are served again", {3}, plan::Wait{plan::ServiceIs{"orders", true}},
           5min)};
  p.ends = {step(
      "alone", "Nobody answers on the old primary", {},
      plan::Check{plan::ProbeIs{{"tcp", {{"address", "${primary.address}:5432"}}}, false}}, 1min)};
  return p;
}

plan::Plan restore_test() {
  plan::Plan p = primary_loss();
  p.drill = "orders-restore-test";
  p.title = "Orders: the backups come back";
  p.why =
      "Proof that the newest and the oldest backup can be restored, and that a damaged copy is "
      "refused.";
  p.playbook = "";
  p.services.clear();
  p.objectives.clear();
  p.roles.clear();
  p.ends.clear();
  p.scripts.erase("node.kill");
  p.slots = {{"scratch", {"dr-1"}, {}}};
  p.hosts = {{"dr-1", host("dr-1", "10.99.0.21", "b")}};
  p.guardian = "";
  p.restore_time = 2min;
  p.data_age = 15min;
  p.estimate = plan::Estimate{15min, 2min, 5min, 1min};
  p.steps = {step("copy", "The backups come back", {},
                  plan::Restore{"pgbackrest", "scratch", {{"stanza", "orders"}}, 7}, 10min),
             step("remove", "Remove the copy", {0}, plan::Teardown{"copy"}, 5min)};
  return p;
}

}  // namespace muster::test
