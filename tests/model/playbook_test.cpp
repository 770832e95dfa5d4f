// Playbooks: each line of `rows` is one that goes wrong, and its message.
#include "tests/catch.hpp"
#include "tests/model/workspace_helper.hpp"

using namespace muster;
using namespace muster::model;

namespace {

/// A playbook around some steps; the steps begin in line 8.
std::string playbook(const std::string& steps, const std::string& more = "") {
  return "playbook: p\n"
         "inputs: {stanza: {type: string}, most: {type: duration, default: 5m}}\n"
         "targets: {primary: {one_of: group, where: {postgres: select true}}, spare: {hosts: 1}, "
         "all: {group: true}}\n"
         "roles: [dba]\n"
         "services: {orders: {tcp: 'x:1'}}\n" +
         (more.empty() ? std::string{"title: t"} : more) + "\nsteps:\n" + steps;
}

std::string playbook_errors(const std::string& text) {
  return TemporaryWorkspace{}.write("playbooks/p.yaml", text).errors();
}

Playbook loaded(const std::string& text) {
  TemporaryWorkspace folder;
  folder.write("playbooks/p.yaml", text);
  Diagnostics out;
  auto workspace = load_workspace(folder.root(), out);
  INFO(config::render(out));
  REQUIRE(out.empty());
  REQUIRE(workspace.playbooks.size() == 1);
  return workspace.playbooks[0];
}

}  // namespace

TEST_CASE("a probe that is named and says nothing, with its question beside it") {
  const auto text =
      "playbook: p\nservices: {s: {postgres: , query: select 1}}\nsteps: [{tell: x}]\n";
  const auto errors = playbook_errors(text);
  CHECK(errors.starts_with("playbooks/p.yaml:2:16: `postgres` has no value"));
  CHECK(playbook_errors("playbook: p\nsteps: [{check: {command: , on_host: a}}]\n")
            .find("has no value") != std::string::npos);
}

TEST_CASE("one step of each word") {
  const auto p = loaded(playbook(R"(
  - {id: loss, name: Lose it, inject: node.kill, target: primary, with: {x: 1}, within: "${most}"}
  - {revert: loss}
  - {id: copy, restore: pgbackrest, target: spare, with: {stanza: "${stanza}"}, on_failure: continue}
  - {teardown: restore}
  - {check: {command: [true], on_host: primary}}
  - {wait: {service: orders, is: down}, within: 1m}
  - {run: [x], target: spare, undo: [y]}
  - {ask: dba, say: when, answer: {to: {type: time, default: latest}}, within: 5m, late: proceed, mark: decided}
  - {tell: "recover to ${to} on ${spare.address}"}
  - parallel:
      - {pause: 3s}
      - - {mark: here}
        - {check: {http: {url: "http://x/", status: 204}}}
)"));
  REQUIRE(p.steps.size() == 10);
  std::string words;
  each_step(p.steps,
            [&](const Step& s) { words += std::string{action_word(s.action)} + ":" + s.id + " "; });
  CHECK(
      words ==
      "inject:loss revert:2 restore:copy teardown:4 check:5 wait:6 run:7 ask:8 tell:9 parallel:10 "
      "pause:10.1.1 mark:10.2.1 check:10.2.2 ");
  CHECK(p.steps[0].name == "Lose it");
  CHECK(p.steps[0].within_from->root() == "most");
  CHECK(p.steps[1].name == "revert loss");
  CHECK(p.steps[2].on_failure == OnFailure::proceed);
  CHECK(*std::get<Teardown>(p.steps[3].action).step == "copy");
  const auto& ask = std::get<Ask>(p.steps[7].action);
  CHECK(ask.mark == "decided");
  CHECK(ask.late == Late::proceed);
  CHECK(ask.answers.at(0).type == ValueType::time);
  CHECK(p.step("10.2.1"));
  CHECK_FALSE(std::get<ServiceIs>(std::get<Wait>(p.steps[5].action).condition).up);
  CHECK(p.slot("all")->kind == Slot::Kind::group);
  CHECK_FALSE(p.slot("all")->is_single());
}

TEST_CASE("steps that are refused, and where") {
  struct Row {
    std::string steps, error;
  };
  const Row rows[] = {
      {"- {approve: {need: 2}}", "8:13: `approve` needs `from`"},
      {"- {approve: {from: []}}", "8:20: `from` names no team"},
      {"- {approve: {from: [sre], need: 0}}", "8:33: `need` is a number from 1 to 20"},
      {"- {approve: {from: [sre]}, late: proceed}", "8:34: "},
      {"- {load: x}", "8:4: `load` is not in this version"},
      {"- {play: other}", "8:10: there is no playbook `other`"},
      {"- {inject: a, target: primary, pick: {count: 1}}", "8:38: `primary` is one host, chosen"},
      {"- {injekt: a, target: primary}", "8:4: `injekt` is not an action"},
      {"- {name: x}", "8:3: a step needs an action"},
      {"- {with: {a: 1}}", "8:3: a step needs an action"},
      {"- x", "8:3: expected a step (a map), found 'x'"},
      {"- {pause: 1s, mark: x}", "8:15: a step has one action, this one `pause` and `mark`"},
      {"- {inject: a}", "8:3: an `inject` step needs `target`"},
      {"- {inject: a, target: primry}", "8:23: `primry` is not one of the targets"},
      {"- {pause: 1s, within: 2s}", "8:15: `within` is not a key of a `pause` step"},
      {"- {pause: 1s, target: primary}", "8:15: `target` is not a key of a `pause` step"},
      {"- {check: {service: orders}, target: primary}", "8:30: `target` of a `check` step"},
      {"- {inject: a, target: primary, no_return: true}",
       "8:32: `no_return` is not a key of an `inject` step"},
      {"- {run: [x], target: primary}", "8:4: a `run` step needs `undo` or `no_return: true`"},
      {"- {run: [x], target: primary, undo: [y], no_return: true}",
       "8:42: a `run` step has both `undo` and `no_return`"},
      {"- {run: [x], target: primary, undo: [y], no_return: yes}",
       "8:53: expected true or false, found 'yes'"},
      {"- {revert: nothing}", "8:12: `nothing` is the id of no earlier `inject` step"},
      {"- {teardown: restore}", "8:14: `restore` is the id of no earlier `restore` step"},
      {"- {pause: 1s, id: a}\n- {pause: 1s, id: a}", "9:3: two steps have the id `a`"},
      {"- {pause: 1s, id: 7up}", "8:19: the id `7up` begins with a digit"},
      {"- {ask: dbaa, say: x}", "8:9: `dbaa` is not one of the roles"},
      {"- {ask: dba}", "8:3: an `ask` step needs `say`"},
      {"- {ask: dba, say: x, late: proceed, answer: {a: {type: time}}}",
       "8:46: `late: proceed` leaves `a` without an answer"},
      {"- {ask: dba, say: x, answer: {a: {type: integer, default: x}}}",
       "8:59: expected a whole number, found 'x'"},
      {"- {ask: dba, say: x, answer: {stanza: {type: time}}}",
       "8:31: `stanza` is an input already"},
      {"- {ask: dba, say: x, escalate: bo}", "8:22: `escalate` is not a key of an `ask` step"},
      {"- {wait: {service: order}}", "8:20: `order` is not one of the services"},
      {"- {wait: {service: orders, is: working}}",
       "8:32: expected one of up, down, found 'working'"},
      {"- {wait: {tcp: nowhere}}", "8:16: expected host:port, found 'nowhere'"},
      {"- {wait: {http: 'ftp://x/'}}", "8:17: expected http://… or https://…, found 'ftp://x/'"},
      {"- {wait: {http: {url: 'http://x/', staus: 204}}}", "8:36: `staus` is not a key of `http`"},
      {"- {wait: {http: {url: 'http://x/', status: 99}}}", "8:44: 99 is too small"},
      {"- {wait: {http: {status: 204}}}", "8:17: `http` needs `url`"},
      {"- {wait: {http: {url: 'http://x/', method: POST}}}",
       "8:44: 'POST' is not one of its words"},
      {"- {wait: {dns: {name: x, type: AAA}}}", "8:32: 'AAA' is not one of its words"},
      {"- {wait: {dns: {name: [x]}}}", "8:23: `name` is one value, not a list or a map"},
      {"- {wait: {tls: 'x'}}", "8:16: expected host:port, found 'x'"},
      {"- {wait: {redis: {address: 'x:1', password: geheim}}}", "8:45: `password` in a file"},
      {"- {wait: {mariadb: 'x:3306'}}", "8:20: `mariadb` needs `user`"},
      {"- {wait: {postgres: a, query: b, is: maybe}}", "8:38: expected one of up, down"},
      {"- {wait: {tcp: '${nothing}:1'}}", "8:17: `${nothing}` is no input"},
      {"- {check: {file: x}}", "8:18: 'x' is not an absolute path"},
      {"- {check: {file: /x, on_host: spare, is: down}}", "8:38: `is: down` of what is asked on"},
      {"- {wait: {postgres: 'host=x password=y'}}", "8:21: a password in a file"},
      {"- {check: {command: [x], is: down}}", "8:26: `is` is not a key of a condition"},
      {"- {check: {command: [x], on_host: spar}}", "8:35: `spar` is not one of the targets"},
      {"- {check: {tcp: 'x:1', http: 'http://x'}}", "8:24: a condition has both `tcp` and `http`"},
      {"- {tell: '${stanzas}'}", "8:11: `${stanzas}` is no input, no target and no answer"},
      {"- {tell: '${primary}'}", "8:11: `${primary}` is a target, not a text"},
      {"- {tell: '${primary.adress}'}", "8:11: `${primary.adress}`: a target has no such field"},
      {"- {tell: '${all.address}'}", "8:11: `${all.address}` has no one answer"},
      {"- {tell: '${stanza.x}'}", "8:11: `${stanza.x}`: `stanza` has no fields"},
      {"- {tell: '${a}'}\n- {ask: dba, say: x, answer: {a: {type: time}}}",
       "8:11: `${a}` is not answered yet"},
      {"- {check: {service: orders}, within: '${stanza}'}",
       "8:39: `within` expects an input of type duration, found `${stanza}`"},
      {"- {parallel: [{pause: 1s}]}", "8:14: `parallel` expects a list of two or more branches"},
      {"- {parallel: [{ask: dba, say: x, answer: {a: {}}}, {tell: '${a}'}]}",
       "8:60: `${a}` is not answered yet"},
      {"- {pause: 10}", "8:11: "},
      {" []", "8:2: there are no steps"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.steps);
    const auto errors = playbook_errors(playbook(row.steps));
    CAPTURE(errors);
    CHECK(errors.substr(0, 17 + row.error.size()) == "playbooks/p.yaml:" + row.error);
    CHECK(std::count(errors.begin(), errors.end(), '\n') == 1);
  }
}

TEST_CASE("the rest of a playbook that is refused") {
  struct Row {
    std::string more, error;
  };
  const Row rows[] = {
      {"titel: x", "6:1: `titel` is not a key of a playbook"},
      {"ends: [{pause: 1s}]", "6:8: `pause` among `ends`"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.more);
    CHECK(playbook_errors(playbook("- {pause: 1s}", row.more)) ==
          "playbooks/p.yaml:" + row.error + "\n");
  }
}

TEST_CASE("services that are refused") {
  struct Row {
    std::string service, error;
  };
  const Row rows[] = {
      {"restore: {tcp: 'x:1'}", "1:26: `restore` cannot be a service's name"},
      {"s: {}", "1:29: a service needs one of: postgres, mariadb, redis, tcp"},
      {"s: {tcp: 'x:1', ledger: {rate: 1/s}}", "1:42: a ledger needs a postgres probe"},
      {"s: {postgres: a, ledger: {rate: 1}}", "1:58: '1' is not a rate"},
      {"s: {postgres: a, ledger: {table: 'x; drop'}}", "1:59: 'x; drop' is not a table's name"},
      {"s: {tcp: 'x:1', every: 0s}", "1:49: `every` must be at least 1ms"},
      {"s: {tcp: 'x:1', up: 99%}", "1:46: expected a share over a time, found '99%'"},
      {"s: {tcp: 'x:1', up: 99% over 1}", "1:46: "},
      {"s: {tcp: 'x:1', up: 99% over 1s, every: 2s}",
       "1:26: `up` looks at 1s, and the probe asks every 2s"},
      {"s: {tcp: 'x:1', outage: maybe}",
       "1:50: expected one of expected, tolerated, found 'maybe'"},
      {"s: {command: [x], on_host: y}", "1:44: `on_host` of a service is not in this version"},
      {"s: {tcp: 'x:1', evry: 1s}", "1:42: `evry` is not a key of a service"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.service);
    const auto errors =
        playbook_errors("{playbook: p, services: {" + row.service + "}, steps: [{pause: 1s}]}");
    CAPTURE(errors);
    CHECK(errors.find("playbooks/p.yaml:" + row.error) == 0);
  }
}

TEST_CASE("inputs and targets that are refused") {
  struct Row {
    std::string part, error;
  };
  const Row rows[] = {
      {"inputs: {a: {type: text}}",
       "1:34: expected one of string, integer, boolean, duration, size, time, list, found 'text'"},
      {"inputs: {a: {type: list, default: x}}", "1:49: expected a list, found 'x'"},
      {"inputs: {a: {default: '${b}'}}", "1:38: `${b}` cannot stand here"},
      {"inputs: {secret: {}}", "1:24: `secret` is a word of Muster's own"},
      {"targets: {t: {one_of: group}}", "1:28: a target needs `where`"},
      {"targets: {t: {one_of: db, where: {postgres: select true}}}",
       "1:37: expected `group`, found 'db'"},
      {"targets: {t: {hosts: 0}}", "1:36: `hosts` is a number from 1 to 1000, found 0"},
      {"targets: {t: {}}", "1:28: a target needs one of: hosts, one_of, group"},
      {"targets: {t: {one_of: group, where: {postgres: 'select ${t.name}'}}}",
       "1:70: `${t.name}` in `where`: only inputs are known there"},
      {"inputs: {t: {}}, targets: {t: {hosts: 1}}", "1:42: `t` is an input already"},
      {"roles: [a, a]", "1:26: the role `a` is here twice"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.part);
    CHECK(playbook_errors("{playbook: p, " + row.part + ", steps: [{pause: 1s}]}") ==
          "playbooks/p.yaml:" + row.error + "\n");
  }
}

TEST_CASE("with a ledger, its rate is the rhythm") {
  const auto p = loaded(
      "{playbook: p, services: {s: {postgres: a, ledger: {rate: 50/s}, timeout: 500ms, up: 90% "
      "over 5s, outage: "
      "tolerated}}, "
      "steps: [{pause: 1s}]}");
  CHECK(p.services.at(0).every == std::chrono::milliseconds{20});
  CHECK(p.services.at(0).up.share == 0.9);
  CHECK(p.services.at(0).outage == Outage::tolerated);
}
