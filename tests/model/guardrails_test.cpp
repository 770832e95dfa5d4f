// Guardrails of a drill: what they are read as, and what of them is refused, where and why.
#include "model/blast_radius.hpp"

#include "config/yaml.hpp"
#include "tests/catch.hpp"
#include "tests/model/workspace_helper.hpp"

using namespace muster;
using namespace muster::model;
using namespace std::chrono_literals;

namespace {

const std::string kPauseStep = "steps:\n  - {inject: process.pause, target: a, with: {name: x}}\n";

TemporaryWorkspace& with_drill(TemporaryWorkspace& folder, const std::string& guardrails,
                               const std::string& rest = kPauseStep) {
  return folder.with_inventory().write(
      "drills/d.yaml",
      "drill: d\nowner: ana\ntargets: {a: dr-1, db: orders_db}\nguardrails:\n" + guardrails + rest);
}

Guardrails read_guardrails(const std::string& guardrails) {
  TemporaryWorkspace folder;
  Diagnostics out;
  const auto workspace = load_workspace(with_drill(folder, guardrails).root(), out);
  INFO(config::render(out));
  REQUIRE(out.empty());
  return workspace.drill("d")->guardrails;
}

std::string refused_guardrails(const std::string& guardrails,
                               const std::string& rest = kPauseStep) {
  TemporaryWorkspace folder;
  return with_drill(folder, guardrails, rest).errors();
}

}  // namespace

TEST_CASE("at_most: one value, or some by name", "[guardrails]") {
  struct Row {
    const char* written;
    const char* name;
    int count;
    double share;
    AtMost::Per per;
    const char* back;
  };
  using Per = AtMost::Per;
  for (const auto& row : {
           Row{"1", "", 1, 0, Per::all, "1"},
           Row{"'2'", "", 2, 0, Per::all, "2"},
           Row{"25%", "", 0, 0.25, Per::all, "25%"},
           Row{"12.5%", "", 0, 0.125, Per::all, "12.5%"},
           Row{"1 per zone", "", 1, 0, Per::zone, "1 per zone"},
           Row{"50% per group", "", 0, 0.5, Per::group, "50% per group"},
           Row{"{orders_db: 1}", "orders_db", 1, 0, Per::all, "1"},
           Row{"{edge: {of: 'all:!orders_db', most: 1 per zone}}", "edge", 1, 0, Per::zone,
               "1 per zone"},
       }) {
    CAPTURE(row.written);
    const auto read_back = read_guardrails("  at_most: " + std::string{row.written} + "\n").at_most;
    REQUIRE(read_back.size() == 1);
    CHECK(read_back[0].name == row.name);
    CHECK(read_back[0].of.has_value() == (row.name[0] != '\0'));
    CHECK(read_back[0].amount.count == row.count);
    CHECK(read_back[0].amount.share == row.share);
    CHECK(read_back[0].per == row.per);
    CHECK(to_string(read_back[0]) == row.back);
  }
  CHECK(**read_guardrails("  at_most: {edge: {of: 'all:!orders_db', most: 1}}\n").at_most[0].of ==
        "all:!orders_db");
}

TEST_CASE("keep: a number or a share that stays healthy, and what healthy ones say yes to",
          "[guardrails]") {
  const auto keep = read_guardrails(
                        "  keep:\n    orders_db: 1 healthy\n    others: 50% healthy\n"
                        "    spare: {of: \"db-*\", healthy: 2, where: {command: [pg_isready]}}\n")
                        .keep;
  REQUIRE(keep.size() == 3);
  CHECK(*keep[0].of == "orders_db");
  CHECK(keep[0].healthy.count == 1);
  CHECK_FALSE(keep[0].where);
  CHECK(keep[1].healthy.share == 0.5);
  CHECK(keep[2].name == "spare");
  CHECK(*keep[2].of == "db-*");
  CHECK(keep[2].healthy.count == 2);
  REQUIRE(keep[2].where);
  CHECK(std::get<Command>(keep[2].where->question).argv.size() == 1);
}

TEST_CASE("abort_if: any probe, a service's state, a command on hosts", "[guardrails]") {
  TemporaryWorkspace folder;
  Diagnostics out;
  with_drill(folder,
             "  abort_if:\n"
             "    - {http: {url: \"https://pay.example/health\", status: 200}, fails_for: 20s}\n"
             "    - {service: web, every: 1s}\n"
             "    - {command: [test, -e, /run/ok], on_host: db, name: the flag, timeout: 2s}\n",
             "services: {web: {tcp: \"x:1\", outage: tolerated}}\n" + kPauseStep);
  const auto workspace = load_workspace(folder.root(), out);
  INFO(config::render(out));
  REQUIRE(out.empty());
  const auto& guards = workspace.drill("d")->guardrails.abort_if;
  REQUIRE(guards.size() == 3);
  CHECK(guards[0].name == "http-1");
  CHECK(*guards[0].fails_for == 20s);
  CHECK(guards[0].every == 5s);
  CHECK(guards[0].timeout == 5s);
  CHECK(guards[1].name == "web");
  CHECK(*guards[1].fails_for == 30s);
  CHECK(guards[1].timeout == 0s);
  CHECK(guards[2].name == "the flag");
  CHECK(guards[2].timeout == 2s);
}

TEST_CASE("guardrails that are refused, and where", "[guardrails]") {
  struct Row {
    std::string guardrails, error;
  };
  for (const auto& row : {
           Row{"  at_most: 0\n", "5:12: expected a number of hosts above zero"},
           Row{"  at_most: 0%\n", "5:12: expected a number of hosts above zero, found '0%'"},
           Row{"  at_most: 101%\n", "5:12: "},
           Row{"  at_most: 1 per rack\n", "5:12: `per rack`: hosts are counted per zone or per"},
           Row{"  at_most: some\n", "found 'some'"},
           Row{"  at_most: [1]\n", "5:12: expected a number of hosts, found a list"},
           Row{"  at_most: {\"db:!x\": 1}\n", "5:13: `db:!x` is not a name"},
           Row{"  at_most: {db: {of: all}}\n", "5:17: an `at_most` by name needs `most`"},
           Row{"  keep: {orders_db: 1}\n", "5:21: expected `1 healthy`, found '1'"},
           Row{"  keep: {orders_db: none healthy}\n", "found 'none'"},
           Row{"  keep: {orders_db: {healthy: 1, whree: 1}}\n", "`whree` is not a key"},
           Row{"  keep: 1 healthy\n", "5:9: expected `keep` (a map)"},
           Row{"  keep: {orders_db: {healthy: 1, where: {command: [x, \"${a.name}\"]}}}\n",
               "`${a.name}` in `where`: only inputs are known there"},
           Row{"  abort_if: []\n", "5:13: expected a list of what must not be hurt"},
           Row{"  abort_if: [{fails_for: 30s}]\n", "a guardrail needs one of: service"},
           Row{"  abort_if: [{tcp: \"x:1\", fails_for: 9s}]\n",
               "5:38: `fails_for` of 9s is over before a second answer: the guardrail asks every "
               "5s and waits 5s"},
           Row{"  abort_if: [{tcp: \"x:1\", every: 1ms}]\n", "`every` must be at least 100ms"},
           Row{"  abort_if: [{tcp: \"x:1\"}, {tcp: \"x:1\", name: tcp-1}]\n",
               "two guardrails are called `tcp-1`"},
           Row{"  abort_if: [{service: wbe}]\n", "`wbe` is not one of the services"},
           Row{"  abort_if: [{command: [x], on_host: nobody}]\n",
               "`nobody` is not one of the targets"},
           Row{"  max_duration: 30s\n  abort_if: [{tcp: \"x:1\"}]\n",
               "`tcp-1` never stops anything: `max_duration` of 30s ends the run before"},
       }) {
    const auto errors = refused_guardrails(row.guardrails);
    INFO(row.guardrails << "\n" << errors);
    CHECK(errors.find(row.error) != std::string::npos);
  }
}

TEST_CASE("abort_if: what the drill itself breaks must be watched with more patience",
          "[guardrails]") {
  const std::string body =
      "objectives: {orders: {rto: 15m}}\n"
      "services:\n"
      "  orders: {tcp: \"db:5432\", every: 1s}\n"
      "  quiet: {tcp: \"web:80\", outage: tolerated}\n"
      "  unsaid: {tcp: \"mq:5672\"}\n"
      "steps:\n  - {inject: node.kill, target: db, pick: {count: 1}}\n";
  struct Row {
    std::string guard, error;
  };
  for (const auto& row : {
           Row{"{service: orders}", "watches `orders`, whose outage of up to 15m the drill"},
           Row{"{service: orders, fails_for: 15m}", "it would stop the drill after 15m"},
           Row{"{service: orders, fails_for: 16m}", ""},
           Row{"{service: orders, is: down}", ""},
           Row{"{service: quiet}", ""},
           Row{"{service: unsaid}", "and nothing says how long that may be"},
           Row{"{tcp: \"db:5432\"}", "watches `orders`, whose outage of up to 15m the drill"},
           Row{"{tcp: {address: \"db:5432\"}}", "watches `orders`"},
           Row{"{tcp: \"other:5432\"}", ""},
           Row{"{command: [x], on_host: db}",
               "asks on db-1, which the step `inject node.kill` may switch off"},
           Row{"{command: [x], on_host: a}", ""},
       }) {
    const auto errors = refused_guardrails("  abort_if: [" + row.guard + "]\n", body);
    INFO(row.guard << "\n" << errors);
    CHECK(errors.empty() == row.error.empty());
    CHECK(errors.find(row.error) != std::string::npos);
  }
}
