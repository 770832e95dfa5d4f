// What cannot work although every word of it is right: each with its place, why, and what to do.
#include "tests/catch.hpp"
#include "tests/model/workspace_helper.hpp"

using namespace muster;
using namespace muster::model;

namespace {

/// A drill with its own steps; one given error, with its advice.
std::string refused(const std::string& body) {
  TemporaryWorkspace folder;
  folder.with_inventory().write("drills/d.yaml",
                                "drill: d\nowner: ana\ntargets: {a: dr-1, b: lb-1}\n" + body);
  Diagnostics out;
  load_workspace(folder.root(), out);
  std::string text;
  for (const auto& d : out.sorted()) text += config::to_string(d) + "\n" + d.hint + "\n";
  return text;
}

const std::string kInject = "  - {inject: process.pause, target: a, with: {name: x}}\n";
const std::string kRestore =
    "  - {id: copy, restore: pgbackrest, target: a, with: {stanza: s, promote: true}}\n";

}  // namespace

TEST_CASE("what cannot work is refused with its place, why, and what to do") {
  struct Row {
    std::string what, body, error;
  };
  const Row rows[] = {
      {"gaps",
       "services:\n  web: {tcp: \"x:1\", every: 100ms, timeout: 4s, up: 99% over 1m}\nsteps:\n" +
           kInject,
       "drills/d.yaml:5:3: `web` asks every 100ms and waits 4s for each answer: more than 31 "
       "probes would be unanswered at once, and the next ones could not be sent\n"
       "timeout: 3s100ms or less, or ask less often\n"},
      {"31 are fine",
       "services:\n  web: {tcp: \"x:1\", every: 100ms, timeout: 3100ms}\nsteps:\n" + kInject, ""},
      {"a window of four probes",
       "services:\n  web: {tcp: \"x:1\", every: 1s, up: 99% over 4s}\nsteps:\n" + kInject,
       "drills/d.yaml:5:3: `up` of `web` looks at 4s, which holds 4 probes of every 1s\n"
       "let the window hold 5 or more: up: … over 5s\n"},
      {"no outage is possible",
       "services:\n  web: {tcp: \"x:1\"}\nsteps:\n  - {wait: {service: web}}\n  - {pause: 1s}\n",
       "drills/d.yaml:5:3: `web` expects an outage, and no step could cause one: the drill would "
       "be INVALID\n"
       "outage: tolerated, or a step that injects, runs or asks for something\n"},
      {"none is expected",
       "services:\n  web: {tcp: \"x:1\", outage: tolerated}\nsteps:\n  - {pause: 1s}\n", ""},
      {"the run ends while it warms up",
       "guardrails: {max_duration: 30s}\nservices:\n  web: {tcp: \"x:1\", warm_up: 30s}\nsteps:\n" +
           kInject,
       "drills/d.yaml:4:28: `max_duration` of 30s ends the run while `web` still warms up for 30s\n"
       "allow more, or warm up for less\n"},
      {"the run ends within a pause", "guardrails: {max_duration: 1m}\nsteps:\n  - {pause: 90s}\n",
       "drills/d.yaml:4:28: `max_duration` of 1m ends the run within a pause of 1m30s\n"
       "allow more, or pause less\n"},
      {"a fault beside a step of no return",
       "steps:\n"
       "  - parallel:\n"
       "      - [{run: [switch], target: b, no_return: true}]\n"
       "      - [{pause: 1s}, {inject: process.pause, target: a, with: {name: x}}]\n",
       "drills/d.yaml:7:23: `inject process.pause` arms an undo in a branch beside a step of no "
       "return: it could come after that step has put all undos on hold\n"
       "put the step of no return behind the `parallel`\n"},
      {"an undo deep beside a step of no return",
       "steps:\n"
       "  - parallel:\n"
       "      - [{run: [switch], target: b, no_return: true}]\n"
       "      - [{parallel: [[{pause: 1s}], [{run: [x], undo: [y], target: a}]]}]\n",
       "drills/d.yaml:7:38: `run` arms an undo in a branch beside a step of no return: it could "
       "come after that step has put all undos on hold\n"
       "put the step of no return behind the `parallel`\n"},
      {"a revert beside a step of no return",
       "steps:\n"
       "  - {id: loss, inject: process.pause, target: a, with: {name: x}}\n"
       "  - parallel:\n"
       "      - [{run: [switch], target: b, no_return: true}]\n"
       "      - [{pause: 1s}, {revert: loss}]\n",
       "drills/d.yaml:8:23: `revert loss` undoes something in a branch beside a step of no return: "
       "it would be chance whether that is undone or held\n"
       "put the step of no return behind the `parallel`\n"
       "drills/d.yaml:8:32: `loss` is held by the step of no return `run`: it cannot be undone "
       "after that one\n"
       "undo it before that step, or leave it in place: what is held is listed in the report\n"},
      {"a pause beside a step of no return",
       "steps:\n"
       "  - parallel:\n"
       "      - [{run: [switch], target: b, no_return: true}]\n"
       "      - [{pause: 1s}]\n",
       ""},
      {"the revert of what a step of no return holds",
       "steps:\n"
       "  - {id: stop, inject: process.pause, target: a, with: {name: x}}\n"
       "  - {name: switch, run: [switch], target: b, no_return: true}\n"
       "  - {revert: stop}\n",
       "drills/d.yaml:7:14: `stop` is held by the step of no return `switch`: it cannot be undone "
       "after that one\n"
       "undo it before that step, or leave it in place: what is held is listed in the report\n"},
      {"the revert of what came after a step of no return",
       "steps:\n"
       "  - {name: switch, run: [switch], target: b, no_return: true}\n"
       "  - {id: stop, inject: process.pause, target: a, with: {name: x}}\n"
       "  - {revert: stop}\n",
       ""},
      {"the teardown of what clients use, by no return",
       "steps:\n" + kRestore +
           "  - {name: switch, run: [switch], target: b, no_return: true}\n"
           "  - {teardown: copy}\n",
       "drills/d.yaml:7:16: `copy` was promoted, and `switch` leads clients to it: it would be "
       "torn "
       "down beneath them\n"
       "remove the teardown, or lead the clients away and tear down by hand\n"},
      {"the teardown of what clients use, by its address",
       "steps:\n" + kRestore +
           "  - {name: switch, run: [switch, \"${a.address}\"], target: b, undo: [back]}\n"
           "  - {teardown: copy}\n",
       "drills/d.yaml:7:16: `copy` was promoted, and `switch` leads clients to it: it would be "
       "torn "
       "down beneath them\n"
       "remove the teardown, or lead the clients away and tear down by hand\n"},
      {"the teardown of what nobody was led to",
       "steps:\n" + kRestore +
           "  - {run: [look], target: b, undo: [\"true\"]}\n"
           "  - {teardown: copy}\n",
       ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CHECK(refused(row.body) == row.error);
  }
}

TEST_CASE("a playbook is refused for the same, in its own place") {
  TemporaryWorkspace folder;
  CHECK(folder
            .write("playbooks/p.yaml",
                   "playbook: p\ntargets: {a: {hosts: 1}}\nservices:\n"
                   "  web: {tcp: \"x:1\", every: 1s, up: 99% over 4s}\nsteps:\n" +
                       kInject)
            .errors() ==
        "playbooks/p.yaml:4:3: `up` of `web` looks at 4s, which holds 4 probes of every 1s\n");
}
