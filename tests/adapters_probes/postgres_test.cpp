// Query probes and the ledger against a real PostgreSQL that is refused, frozen, killed and started
// again.
#include <atomic>
#include <filesystem>
#include <set>

#include "measure/recovery.hpp"
#include "tests/adapters_probes/fixture.hpp"
#include "tests/adapters_probes/postgres_cluster.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::probes;
using namespace muster::probes::test;
using measure::Outcome;
using measure::Sample;

namespace {

/// Asked with a query or, when there is a table for it, by writes.
ports::ServiceProbe orders(const PostgresCluster& cluster, const std::string& table) {
  ports::ServiceProbe service;
  service.service = "orders";
  service.probe = postgres_probe(cluster.conninfo(), "select 1");
  if (!table.empty()) service.ledger = catalogue::LedgerSpec{10, table};
  service.ledger_key = "the key of this run";
  service.run = "20261123-000000-abcdef";
  service.every = 20ms;
  service.timeout = 2s;  // far from what a busy machine needs; the frozen ones say less
  return service;
}

std::size_t count(const std::vector<Sample>& samples, Outcome outcome) {
  return static_cast<std::size_t>(std::count_if(
      samples.begin(), samples.end(), [&](const Sample& s) { return s.outcome == outcome; }));
}

std::size_t acknowledged(const std::vector<Sample>& samples) {
  return count(samples, Outcome::ok);
}

}  // namespace

TEST_CASE("a query is up when it ends well and does not say false", "[.postgres]") {
  auto* const cluster = PostgresCluster::shared();
  if (cluster == nullptr) return;
  Engine engine;
  struct Row {
    std::string query;
    Outcome outcome;
    std::string why, evidence;
  };
  const std::vector<Row> rows{
      {"select 1", Outcome::ok, "", "1"},
      {"select true", Outcome::ok, "", "t"},
      {"select pg_is_in_recovery()", Outcome::failed, "the query says f", "f"},
      {"select null::boolean", Outcome::failed, "the query says null", "null"},
      {"select 1, null, 'a' || chr(27)", Outcome::ok, "", "1 | null | a\\x1b"},
      {"select 1 where false", Outcome::ok, "", ""},
      {"select generate_series(1, 20000)", Outcome::ok, "", "1"},
      {"select 1/0", Outcome::failed, "22012 division by zero", ""},
      {"copy (select 1) to stdout", Outcome::failed, "the statement is a COPY", ""},
      {"do $$ begin raise notice 'not for stderr'; end $$", Outcome::ok, "", ""},
      {"", Outcome::ok, "", ""},
      {"select pg_terminate_backend(pg_backend_pid())", Outcome::failed,
       "57P01 terminating connection due to administrator command", "t"},
      {"select pg_sleep(5)", Outcome::unknown, "no answer in time", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.query);
    const auto answer = engine.ask(postgres_probe(cluster->conninfo(), row.query),
                                   row.outcome == Outcome::unknown ? 1s : 10s);
    CHECK(answer.sample.outcome == row.outcome);
    CHECK(answer.sample.why == row.why);
    CHECK(answer.evidence == row.evidence);
  }
}

TEST_CASE("what keeps a client out keeps the probe out", "[.postgres]") {
  auto* const cluster = PostgresCluster::shared();
  if (cluster == nullptr) return;
  Engine engine;
  const auto asked = [&](const std::string& conninfo) {
    return engine.ask(postgres_probe(conninfo, "select 1")).sample;
  };
  CHECK(asked(cluster->conninfo() + " user=nobody_known").outcome == Outcome::failed);
  CHECK(asked("host=127.0.0.1 dbname=x port=" + std::to_string(closed_port())).why ==
        "connect: Connection refused");
  CHECK(asked("oops").outcome == Outcome::failed);
  // libpq tries the second host when the first refuses.
  const auto port = cluster->conninfo().substr(cluster->conninfo().find("port=") + 5);
  CHECK(asked("host=127.0.0.1,127.0.0.1 dbname=postgres user=tester port=" +
              std::to_string(closed_port()) + "," + port.substr(0, port.find(' ')))
            .outcome == Outcome::ok);
  // A name, resolved on a worker.
  CHECK(asked("host=localhost dbname=postgres user=tester port=" + port.substr(0, port.find(' ')))
            .outcome == Outcome::ok);
  Server other{says("HTTP/1.1 400 Bad Request\r\n\r\n")};
  CHECK(asked("host=127.0.0.1 dbname=x port=" + std::to_string(other.port())).outcome !=
        Outcome::ok);
  Server silent{[](Server::tcp::socket&) {}};
  CHECK(asked("host=127.0.0.1 dbname=x port=" + std::to_string(silent.port())).why ==
        "no connection in time");
}

TEST_CASE("a frozen server: the rhythm holds, its answers are unknown, and it is up again",
          "[.postgres]") {
  auto* const cluster = PostgresCluster::shared();
  if (cluster == nullptr) return;
  Engine engine;
  std::vector<Sample> samples;
  auto service = orders(*cluster, "");
  service.timeout = 200ms;
  engine.start(service, samples);
  engine.pass(500ms);
  const Instant frozen_lo = engine.clock.now();
  cluster->freeze();
  const Instant frozen_hi = engine.clock.now();
  engine.pass(1s);
  const Instant thawed_lo = engine.clock.now();
  cluster->thaw();
  const Instant thawed_hi = engine.clock.now();
  engine.pass(1s);
  REQUIRE(engine.stop("orders"));

  CHECK(count(samples, Outcome::unknown) > 10);
  std::size_t in_freeze = 0;
  for (const auto& s : measure::in_order(samples)) {
    const bool inside = s.sent > frozen_hi && s.completed < thawed_lo;
    if (inside) CHECK(s.outcome != Outcome::ok);
    if (s.sent > frozen_hi && s.sent < thawed_lo) ++in_freeze;
  }
  CHECK(in_freeze > 25);  // of 50 beats: silence does not slow the rhythm

  measure::RecoveryQuestion question;
  question.probing.up = {0.8, 300ms};
  question.probing.every = service.every;
  question.probing.timeout = service.timeout;
  question.declared.push_back({"freeze", frozen_lo - 1s, std::nullopt, std::nullopt});
  const auto recovery = measure::measure_recovery(samples, question);
  REQUIRE(recovery.outages.size() == 1);
  const auto& length = recovery.outages[0].length;
  REQUIRE(length.hi);
  CHECK(length.lo <= thawed_hi - frozen_lo);
  CHECK(*length.hi >= thawed_lo - frozen_hi);
}

TEST_CASE("connections that the server closed while they were idle cost no sample", "[.postgres]") {
  auto* const cluster = PostgresCluster::shared();
  if (cluster == nullptr) return;
  Engine engine;
  auto service = orders(*cluster, "muster_idle");
  service.every = 150ms;
  std::vector<Sample> samples;
  engine.start(service, samples);
  engine.pass(400ms);
  for (int i = 0; i < 4; ++i) {
    engine.ask(postgres_probe(cluster->conninfo(),
                              "select pg_terminate_backend(pid) from pg_stat_activity where "
                              "application_name = 'muster' and pid <> pg_backend_pid()"));
    engine.pass(150ms);
  }
  REQUIRE(engine.stop("orders"));
  // One may have been in the middle of a write.
  CHECK(samples.size() - acknowledged(samples) <= 1);
}

TEST_CASE("the ledger: what was acknowledged is read back, once, with a right mac", "[.postgres]") {
  auto* const cluster = PostgresCluster::shared();
  if (cluster == nullptr) return;
  Engine engine;
  const auto service = orders(*cluster, "muster_ledger");
  const auto empty = engine.read_back(service);
  CHECK(empty.read);
  CHECK(empty.survivors.empty());

  std::vector<Sample> samples;
  engine.start(service, samples);
  engine.pass(600ms);
  REQUIRE(engine.stop("orders"));
  CHECK(acknowledged(samples) == samples.size());

  auto back = engine.read_back(service);
  REQUIRE(back.read);
  CHECK(back.survivors.size() == samples.size());
  for (const auto& s : samples) {
    const auto& found = back.survivors.at(s.n);
    CHECK(found.count == 1);
    CHECK(found.mac_ok);
  }

  // Another run's rows are not this one's; doubled and forged ones show.
  const auto change = [&](const std::string& sql) {
    CHECK(engine.ask(postgres_probe(cluster->conninfo(), sql)).sample.outcome == Outcome::ok);
  };
  change("insert into muster_ledger select n, 'another', mac from muster_ledger");
  change(
      "insert into muster_ledger select n, run, mac from muster_ledger where n = 1 and run <> "
      "'another'");
  change("update muster_ledger set mac = 'forged' where n = 2 and run <> 'another'");
  change("update muster_ledger set n = -3 where n = 3 and run <> 'another'");
  change("delete from muster_ledger where n = 4 and run <> 'another'");
  back = engine.read_back(service);
  REQUIRE(back.read);
  CHECK(back.survivors.at(1).count == 2);
  CHECK(back.survivors.at(1).mac_ok);
  CHECK_FALSE(back.survivors.at(2).mac_ok);
  CHECK_FALSE(back.survivors.at(0).mac_ok);  // the one without a number
  CHECK(back.survivors.count(3) == 0);
  CHECK(back.survivors.count(4) == 0);
}

TEST_CASE("a write that the server refuses is failed, and its table comes back by itself",
          "[.postgres]") {
  auto* const cluster = PostgresCluster::shared();
  if (cluster == nullptr) return;
  Engine engine;
  const auto run_sql = [&](const std::string& sql) {
    const auto door = cluster->conninfo() + " options='-c default_transaction_read_only=off'";
    CHECK(engine.ask(postgres_probe(door, sql)).sample.outcome == Outcome::ok);
  };
  const auto writes = [&](ports::ServiceProbe service) {
    std::vector<Sample> samples;
    engine.start(service, samples);
    engine.pass(300ms);
    REQUIRE(engine.stop("orders"));
    REQUIRE(samples.size() >= 3);
    return samples;
  };
  auto service = orders(*cluster, "muster_refused");
  CHECK(acknowledged(writes(service)) > 0);
  run_sql("drop table muster_refused");  // as a restore to a moment before the table does
  const auto again = writes(service);
  CHECK(acknowledged(again) == again.size());

  run_sql("alter database postgres set default_transaction_read_only = on");
  const auto refused = writes(service);
  CHECK(count(refused, Outcome::failed) == refused.size());
  CHECK(refused[0].why.starts_with("25006"));
  run_sql("alter database postgres reset default_transaction_read_only");

  run_sql("create function nothing() returns trigger language plpgsql as 'begin return null; end'");
  run_sql(
      "create trigger t before insert on muster_refused for each row execute function nothing()");
  const auto swallowed = writes(service);
  CHECK(count(swallowed, Outcome::failed) == swallowed.size());
  CHECK(swallowed[0].why == "acknowledged without a row");

  // Deferred: the insert itself succeeds, the commit is what fails.
  run_sql("drop trigger t on muster_refused");
  run_sql(
      "create function never() returns trigger language plpgsql as "
      "'begin raise exception ''no commit''; end'");
  run_sql(
      "create constraint trigger t after insert on muster_refused deferrable initially deferred "
      "for each row execute function never()");
  const auto uncommitted = writes(service);
  CHECK(count(uncommitted, Outcome::failed) == uncommitted.size());
  CHECK(uncommitted[0].why == "P0001 no commit");

  service.ledger->table = "x; drop table muster_refused";
  const auto injected = writes(service);
  CHECK(count(injected, Outcome::failed) == injected.size());
  CHECK_FALSE(engine.read_back(service).read);
}

TEST_CASE("a frozen server may or may not hold the writes it was sent", "[.postgres]") {
  auto* const cluster = PostgresCluster::shared();
  if (cluster == nullptr) return;
  Engine engine;
  auto service = orders(*cluster, "muster_frozen");
  service.timeout = 200ms;
  std::vector<Sample> samples;
  engine.start(service, samples);
  engine.pass(300ms);
  cluster->freeze();
  engine.pass(600ms);
  CHECK_FALSE(engine.read_back(service, 300ms).read);
  cluster->thaw();
  engine.pass(500ms);
  REQUIRE(engine.stop("orders"));
  const auto back = engine.read_back(service);
  REQUIRE(back.read);
  std::size_t never_sent = 0;
  for (const auto& s : samples) {
    CAPTURE(s.n, s.why);
    if (s.outcome == Outcome::ok) CHECK(back.survivors.count(s.n) == 1);
    if (s.outcome == Outcome::failed) {
      ++never_sent;
      CHECK(s.why == "not sent in time");
      CHECK(back.survivors.count(s.n) == 0);
    }
  }
  CHECK(never_sent > 10);  // new connections hang before anything is written
}

TEST_CASE("kill -9 in the middle: every acknowledged write is there after the restart",
          "[.postgres]") {
  auto* const cluster = PostgresCluster::shared();
  if (cluster == nullptr) return;
  Engine engine;
  auto service = orders(*cluster, "muster_killed");
  service.every = 5ms;
  std::vector<Sample> samples;
  engine.start(service, samples);
  for (int round = 0; round < 3; ++round) {
    engine.pass(500ms);
    cluster->kill();
    engine.pass(200ms);
    cluster->start();
  }
  engine.pass(500ms);
  REQUIRE(engine.stop("orders"));
  const auto back = engine.read_back(service);
  REQUIRE(back.read);
  CHECK(acknowledged(samples) > 50);
  CHECK(acknowledged(samples) < samples.size());
  for (const auto& s : samples) {
    CAPTURE(s.n, s.why);
    const bool there = back.survivors.count(s.n) == 1;
    if (s.outcome == Outcome::ok) CHECK(there);
    if (s.outcome == Outcome::failed) CHECK_FALSE(there);
    if (there) CHECK(back.survivors.at(s.n).mac_ok);
    if (there) CHECK(back.survivors.at(s.n).count == 1);
  }
  CHECK(samples.back().outcome == Outcome::ok);
}
