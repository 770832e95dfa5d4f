// Guardrails in a plan: who is counted, how many that makes, and steps that could never be allowed.
#include "base/text.hpp"
#include "config/diagnostics.hpp"
#include "plan/compile.hpp"
#include "tests/plan/workspace.hpp"

using namespace muster;
using muster::test::Workspace;
using namespace std::chrono_literals;

namespace {

/// Five web hosts in two zones, one of them protected, and one without a zone; two databases.
struct Guarded : Workspace {
  explicit Guarded(const std::string& guardrails, const std::string& rest = "") {
    write("inventory/hosts.yaml",
          "all:\n"
          "  children:\n"
          "    web:\n"
          "      hosts:\n"
          "        web-1: {muster_zone: a}\n"
          "        web-2: {muster_zone: a}\n"
          "        web-3: {muster_zone: b}\n"
          "        web-4: {muster_zone: b, muster_protected: true}\n"
          "        web-5: {}\n"
          "    db: {hosts: {db-1: {muster_zone: a}, db-2: {muster_zone: b}}}\n");
    write("drills/d.yaml",
          "drill: d\ntitle: D\nowner: ana\ntargets: {t: 'web-1:web-2:web-3', d: db-1}\n"
          "guardrails:\n" +
              guardrails +
              (rest.empty() ? "steps:\n  - {inject: process.pause, target: d, with: {name: x}}\n"
                            : rest));
  }
};

/// "at_most web: 1 of web-1 web-2"
std::string told(const plan::Plan& plan) {
  std::string out;
  for (const auto& limit : plan.limits)
    out += (limit.kind == plan::Limit::Kind::keep ? "keep " : "at_most ") + limit.of + ": " +
           std::to_string(limit.count) + " of " + joined(limit.hosts, " ") + "\n";
  return out;
}

}  // namespace

TEST_CASE("limits: who is counted, and how many that makes", "[guardrails]") {
  struct Row {
    const char* guardrails;
    const char* limits;
  };
  for (const auto& row : {
           Row{"  at_most: 1\n", "at_most the drill's targets: 1 of web-1 web-2 web-3 db-1\n"},
           Row{"  at_most: 50%\n", "at_most the drill's targets: 2 of web-1 web-2 web-3 db-1\n"},
           Row{"  at_most: 1 per zone\n",
               "at_most the drill's targets in zone a: 1 of web-1 web-2 db-1\n"
               "at_most the drill's targets in zone b: 1 of web-3\n"},
           Row{"  at_most: 2 per group\n",
               "at_most group db: 2 of db-1 db-2\n"
               "at_most group web: 2 of web-1 web-2 web-3 web-5\n"},
           Row{"  at_most: {web: 30%}\n", "at_most web: 1 of web-1 web-2 web-3 web-5\n"},
           // Where the drill aims at nothing nothing is counted: web-5 has no zone.
           Row{"  at_most: {web: 1 per zone}\n",
               "at_most web in zone a: 1 of web-1 web-2\n"
               "at_most web in zone b: 1 of web-3\n"},
           Row{"  at_most: {pair: {of: 'db-2', most: 1}}\n", ""},
           // A share that must stay is rounded up, and the protected one counts among all.
           Row{"  keep: {web: 50% healthy, db: 1 healthy}\n",
               "keep web: 3 of web-1 web-2 web-3 web-5\n"
               "keep db: 1 of db-1 db-2\n"},
       }) {
    CAPTURE(row.guardrails);
    const auto plan = Guarded{row.guardrails}.plan();
    CHECK(told(plan) == row.limits);
    for (const auto& limit : plan.limits) {
      CHECK(limit.by == "the drill");
      CHECK(limit.place.starts_with("drills/d.yaml:6:"));
      for (const auto& host : limit.hosts) CHECK(plan.hosts.contains(host));
    }
  }
}

TEST_CASE("limits: a protected host is never asked, and nothing of it is in the plan",
          "[guardrails]") {
  const auto plan =
      Guarded{"  keep: {web: {healthy: 1, where: {command: [test, -e, /run/ok]}}}\n"}.plan();
  REQUIRE(plan.limits.size() == 1);
  CHECK(plan.limits[0].never_asked == std::vector<std::string>{"web-4"});
  CHECK_FALSE(plan.hosts.contains("web-4"));
  CHECK(plan.limits[0].healthy->argv == std::vector<std::string>{"test", "-e", "/run/ok"});
}

TEST_CASE("guardrails come back from the plan's JSON, and change its hash", "[guardrails]") {
  const auto plan =
      Guarded{
          "  keep: {db: {healthy: 1, where: {postgres: select true}}}\n  at_most: {web: 1}\n"
          "  abort_if:\n    - {tcp: \"${d.address}:80\", fails_for: 20s}\n"
          "    - {command: [test, -e, /run/ok], on_host: t, timeout: 2s}\n"}
          .plan();
  REQUIRE(plan.guards.size() == 2);
  const auto& probe = std::get<plan::ProbeIs>(plan.guards[0].condition);
  CHECK(probe.probe.text("address") == "db-1:80");
  CHECK(plan.guards[0].fails_for == 20s);
  CHECK(std::get<plan::CommandHolds>(plan.guards[1].condition).slot == "t");
  const auto back = plan::plan_from_json(plan::to_json(plan));
  REQUIRE(back);
  CHECK(plan::content_hash(*back) == plan::content_hash(plan));
  CHECK(back->limits.at(0).healthy->sql == "select true");
  CHECK(back->guards.at(1).timeout == 2s);
  auto without = plan;
  without.limits.clear();
  CHECK(plan::content_hash(without) != plan::content_hash(plan));
  const auto bare = plan::to_json(Guarded{"  max_duration: 1h\n"}.plan());
  CHECK_FALSE(bare.contains("limits"));
  CHECK_FALSE(bare.contains("abort_if"));
}

TEST_CASE("steps and limits that can never go together are refused", "[guardrails]") {
  struct Row {
    std::string guardrails, steps, error;
  };
  const std::string all = "steps:\n  - {inject: process.pause, target: t, with: {name: x}}\n";
  const std::string one =
      "steps:\n  - {inject: process.pause, target: t, pick: {count: 1}, with: {name: x}}\n";
  for (const auto& row : {
           Row{"  at_most: 1\n", all,
               "`inject process.pause` hits 3 hosts of the drill's targets at once, and "
               "`at_most: 1` of the drill (drills/d.yaml:6:12) allows 1"},
           Row{"  at_most: 1\n", one, ""},
           Row{"  at_most: {web: 1 per zone}\n", all, "hits 2 hosts of web in zone a at once"},
           Row{"  at_most: 3\n", all, ""},
           Row{"  keep: {web: 2 healthy}\n", all, "leaves 1 of `web` healthy at best"},
           Row{"  keep: {web: 1 healthy}\n", all, ""},
           Row{"  keep: {db: 2 healthy}\n", "steps:\n  - {run: [x], undo: [y], target: d}\n",
               "leaves 1 of `db` healthy at best"},
           // What is not undone by itself is no effect.
           Row{"  keep: {db: 2 healthy}\n", "steps:\n  - {run: [x], no_return: true, target: d}\n",
               ""},
           Row{"  keep: {web: 5 healthy}\n", one,
               "5 of `web` are to stay healthy, and 4 hosts can be asked: a protected one never "
               "is"},
           Row{"  at_most: {db: 10%}\n", one,
               "10% of 2 hosts is less than one (db): no effect would ever be allowed"},
           Row{"  at_most: {web: 10%}\n", one,
               "10% of 4 hosts is less than one (web): no effect would ever be allowed"},
           Row{"  keep: {wbe: 1 healthy}\n", one, "`wbe` is no host and no group"},
           Row{"  at_most: {wbe: 1}\n", one, "`wbe` is no host and no group"},
       }) {
    const auto errors = Guarded{row.guardrails, row.steps}.errors();
    INFO(row.guardrails << row.steps << errors);
    CHECK(errors.empty() == row.error.empty());
    CHECK(errors.find(row.error) != std::string::npos);
  }
}
