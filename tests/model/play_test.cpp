// Playbooks in playbooks: what a play becomes, and each way in which one is refused.
#include "tests/catch.hpp"
#include "tests/model/workspace_helper.hpp"

using namespace muster;
using namespace muster::model;

namespace {

const std::string kInner = R"(
playbook: inner
inputs:
  path: {type: string}
  most: {type: duration, default: 3m}
  words: {type: list, default: [a, b]}
targets: {it: {hosts: 1}}
roles: [dba]
steps:
  - {id: fill, inject: disk.fill, target: it, with: {path: "${path}/x", list: "${words}"}, within: "${most}"}
  - {id: which, ask: dba, say: "What of ${it.name}, ${path}?", answer: {until: {type: time, default: latest}}}
  - {run: [echo, "${until}", "${it.address}"], target: it, undo: [true], stdin: "${path} ${secret.db}"}
  - parallel:
      - [{revert: fill}]
      - [{check: {command: [test, -e, "${path}"], on_host: it}}]
ends:
  - {check: {tcp: "${it.address}:80"}}
)";

/// `outer` around some steps; its services are empty.
std::string outer(const std::string& steps) {
  return "playbook: outer\n"
         "inputs: {base: {type: string}, limit: {type: duration, default: 9m}, names: {type: list, "
         "default: [n]}}\n"
         "targets: {web: {hosts: 1}, all: {group: true, min: 2}, lead: {one_of: group, where: "
         "{postgres: select true}}}\n"
         "roles: [dba, boss]\nsteps:\n" +
         steps;
}

/// The steps begin in line 6 of playbooks/outer.yaml.
std::string play_errors(const std::string& steps, const std::string& inner = kInner) {
  return TemporaryWorkspace{}
      .write("playbooks/inner.yaml", inner)
      .write("playbooks/outer.yaml", outer(steps))
      .errors();
}

Playbook expanded(const std::string& steps, const std::string& inner = kInner) {
  TemporaryWorkspace folder;
  folder.write("playbooks/inner.yaml", inner).write("playbooks/outer.yaml", outer(steps));
  Diagnostics out;
  auto workspace = load_workspace(folder.root(), out);
  INFO(config::render(out));
  REQUIRE(out.empty());
  for (auto& playbook : workspace.playbooks)
    if (*playbook.name == "outer") return playbook;
  FAIL("no outer playbook");
  return {};
}

std::string with(const Step& step, const std::string& key) {
  const auto* value = find(std::get<Inject>(step.action).with, key);
  if (!value) return "nothing";
  if (value->text()) return value->text()->written();
  std::string all;
  for (const auto& item : *value->list()) all += item.text()->written() + ",";
  return all;
}

}  // namespace

TEST_CASE("a play becomes the steps of its playbook, with its own ids and what was given to it") {
  const auto p = expanded(R"(
  - {mark: before}
  - {id: first, play: inner, targets: {it: web}, with: {path: "${base}/a"}}
  - {id: again, play: inner, targets: {it: lead}, roles: {dba: boss}, with: {path: /b, most: "${limit}", words: "${names}"}}
)");
  std::vector<std::string> ids;
  each_step(p.steps, [&](const Step& step) { ids.push_back(step.id); });
  CHECK(ids == std::vector<std::string>{"1", "first/fill", "first/which", "first/3", "first/4",
                                        "first/4.1.1", "first/4.2.1", "again/fill", "again/which",
                                        "again/3", "again/4", "again/4.1.1", "again/4.2.1"});
  const auto& fill = *p.step("first/fill");
  CHECK(fill.place.source->name() == "playbooks/inner.yaml");
  CHECK(**fill.target == "web");
  CHECK(with(fill, "path") == "${base}/a/x");
  CHECK(with(fill, "list") == "a,b,");
}

TEST_CASE("types, times, roles and answers go through a play") {
  const auto p = expanded(R"(
  - {id: first, play: inner, targets: {it: web}, with: {path: "${base}/a"}}
  - {id: again, play: inner, targets: {it: lead}, roles: {dba: boss}, with: {path: /b, most: "${limit}", words: "${names}"}}
)");
  CHECK(*p.step("first/fill")->within == std::chrono::minutes{3});
  CHECK_FALSE(p.step("first/fill")->within_from);
  CHECK(p.step("again/fill")->within_from->root() == "limit");
  CHECK(with(*p.step("again/fill"), "list") == "${names}");
  const auto& ask = std::get<Ask>(p.step("again/which")->action);
  CHECK(*ask.role == "boss");
  CHECK(ask.say.written() == "What of ${lead.name}, /b?");
  CHECK(*ask.answers.at(0).name == "again/until");
  CHECK(*std::get<Ask>(p.step("first/which")->action).answers.at(0).name == "first/until");
  const auto& run = std::get<Run>(p.step("again/3")->action);
  CHECK(run.command.argv[1].written() == "${again/until}");
  CHECK(run.command.argv[2].written() == "${lead.address}");
  CHECK(run.standard_input->written() == "/b ${secret.db}");
  CHECK(*std::get<Revert>(p.step("again/4.1.1")->action).step == "again/fill");
  CHECK(*host_slot(*p.step("again/4.2.1")) == "lead");
  REQUIRE(p.ends.size() == 2);
  CHECK(p.ends[1].id == "again/end.1");
  const auto& end = std::get<Check>(p.ends[1].action).condition;
  CHECK(std::get<ProbeIs>(end).probe.values.at(0).value.text()->written() == "${lead.address}:80");
}

TEST_CASE("plays in plays: names go through each of them") {
  TemporaryWorkspace folder;
  folder.write("playbooks/inner.yaml", kInner)
      .write("playbooks/middle.yaml",
             "playbook: middle\ninputs: {where: {type: string}}\ntargets: {it: {hosts: 1}}\n"
             "roles: [dba]\nsteps:\n"
             "  - parallel:\n"
             "      - [{id: deep, play: inner, with: {path: \"/m${where}\"}}]\n"
             "      - [{mark: beside}]\n")
      .write(
          "playbooks/outer.yaml",
          outer("  - {id: top, play: middle, targets: {it: web}, with: {where: \"/${base}\"}}\n"));
  Diagnostics out;
  const auto workspace = load_workspace(folder.root(), out);
  INFO(config::render(out));
  REQUIRE(out.empty());
  for (const auto& playbook : workspace.playbooks) {
    if (*playbook.name != "outer") continue;
    const auto* fill = playbook.step("top/deep/fill");
    REQUIRE(fill);
    CHECK(with(*fill, "path") == "/m/${base}/x");
    CHECK(std::get<Run>(playbook.step("top/deep/3")->action).command.argv[1].written() ==
          "${top/deep/until}");
    CHECK(playbook.ends.at(0).id == "top/deep/end.1");
  }
}

TEST_CASE("a play that does not fit is refused at its place") {
  struct Row {
    const char* steps;
    const char* says;
  };
  for (const auto& row : {
           Row{"  - {play: inne, targets: {it: web}, with: {path: /x}}\n",
               "playbooks/outer.yaml:6:12: there is no playbook `inne`"},
           Row{"  - {play: inner, targets: {it: web}}\n",
               "the input `path` of `inner` is not given"},
           Row{"  - {play: inner, targets: {it: web}, with: {path: /x, pth: /y}}\n",
               "`pth` is no input of the playbook `inner`"},
           Row{"  - {play: inner, targets: {it: web}, with: {path: /x, most: soon}}\n",
               "expected a duration"},
           Row{"  - {play: inner, targets: {it: web}, with: {path: \"${names}\"}}\n",
               "the input `path` of `inner` is a string, found `${names}`, a list"},
           Row{"  - {play: inner, targets: {it: web}, with: {path: /x, most: \"${base}\"}}\n",
               "the input `most` of `inner` is a duration, found `${base}`, a string"},
           Row{"  - {play: inner, targets: {it: web}, with: {path: /x, most: \"1${base}\"}}\n",
               "the input `most` of `inner` is a duration, found a text"},
           Row{"  - {play: inner, targets: {it: web}, with: {path: \"${secret.db}\"}}\n",
               "`${secret.db}` cannot stand here"},
           Row{"  - {play: inner, targets: {it: web}, with: {path: \"${nobody}\"}}\n",
               "`${nobody}` is no input, no target and no answer"},
           Row{"  - {play: inner, with: {path: /x}}\n", "the target `it` of `inner` is not filled"},
           Row{"  - {play: inner, targets: {it: all}, with: {path: /x}}\n",
               "the target `it` of `inner` wants one host, `all` is not"},
           Row{"  - {play: inner, targets: {it: wbe}, with: {path: /x}}\n",
               "`wbe` is not one of the targets"},
           Row{"  - {play: inner, targets: {it: web, that: web}, with: {path: /x}}\n",
               "`that` is no target of the playbook `inner`"},
           Row{"  - {play: inner, targets: {it: web}, roles: {dba: bos}, with: {path: /x}}\n",
               "`bos` is not one of the roles"},
           Row{"  - {play: inner, targets: {it: web}, within: 5m, with: {path: /x}}\n",
               "`within` of a `play` step"},
           Row{"  - {play: inner, targets: {it: web}, on_failure: continue, with: {path: /x}}\n",
               "`on_failure` of a `play` step"},
           Row{"  - {ask: dba, say: s, answer: {m: {type: duration}}}\n"
               "  - {play: inner, targets: {it: web}, with: {path: /x, most: \"${m}\"}}\n",
               "is not known before the run"},
       }) {
    CAPTURE(row.steps);
    const auto errors = play_errors(row.steps);
    CAPTURE(errors);
    CHECK(errors.find(row.says) != std::string::npos);
    CHECK(errors.find("playbooks/outer.yaml:") != std::string::npos);
  }
}

TEST_CASE("a slot that is chosen by its role is chosen in one way") {
  const auto inner = [](const std::string& where) {
    return "playbook: inner\ntargets: {it: {one_of: group, where: {postgres: " + where +
           "}}}\nsteps: [{mark: m}]\n";
  };
  const std::string play = "  - {play: inner, targets: {it: lead}}\n";
  CHECK(play_errors(play, inner("select true")).empty());
  CHECK(play_errors(play, inner("select false")).find("by the same `where`") != std::string::npos);
  CHECK(play_errors("  - {play: inner, targets: {it: web}}\n", inner("select true"))
            .find("(one_of)") != std::string::npos);
}

TEST_CASE("the services of a playbook that is played are those of the one that plays it") {
  const std::string inner =
      "playbook: inner\nservices: {orders: {tcp: 'x:1'}}\nsteps: [{wait: {service: orders}}]\n";
  CHECK(play_errors("  - {play: inner}\n", inner).find("needs the service `orders`") !=
        std::string::npos);
}

TEST_CASE("a cycle is named whole, once, with its places") {
  TemporaryWorkspace folder;
  for (const auto& [name, plays] : std::vector<std::pair<std::string, std::string>>{
           {"a", "b"}, {"b", "c"}, {"c", "a"}, {"other", "other"}})
    folder.write("playbooks/" + name + ".yaml",
                 "playbook: " + name + "\nsteps:\n  - {play: " + plays + "}\n");
  Diagnostics out;
  load_workspace(folder.root(), out);
  const auto all = out.sorted();
  REQUIRE(all.size() == 2);
  CHECK(config::to_string(all[0]) ==
        "playbooks/c.yaml:3:12: the playbook `a` plays itself: a -> b -> c -> a");
  CHECK(all[0].hint ==
        "b is played at playbooks/a.yaml:3:12; c is played at playbooks/b.yaml:3:12; a again at "
        "playbooks/c.yaml:3:12");
  CHECK(config::to_string(all[1]) ==
        "playbooks/other.yaml:3:12: the playbook `other` plays itself: other -> other");
}

TEST_CASE("plays have a depth, and what they multiply to a limit") {
  const auto chain = [](int length, int times) {
    auto folder = std::make_unique<TemporaryWorkspace>();
    for (int i = 0; i < length; ++i) {
      std::string steps;
      for (int n = 0; n < times; ++n)
        steps +=
            i + 1 < length ? "  - {play: p" + std::to_string(i + 1) + "}\n" : "  - {mark: m}\n";
      const auto name = "p" + std::to_string(i);
      folder->write("playbooks/" + name + ".yaml", "playbook: " + name + "\nsteps:\n" + steps);
    }
    return folder->errors();
  };
  CHECK(chain(9, 1).empty());
  CHECK(chain(10, 1).find("p0.yaml:3:12: plays stand in each other more than 8 deep") !=
        std::string::npos);
  CHECK(chain(3, 12).empty());
  CHECK(chain(8, 12).find("plays more than 2000 steps in all") != std::string::npos);
}

TEST_CASE("a drill with steps of its own plays, and other playbooks' errors do not matter") {
  TemporaryWorkspace folder;
  folder.with_inventory()
      .write("playbooks/inner.yaml", kInner)
      .write("playbooks/broken.yaml", "playbook: broken\nsteps: [{play: nobody}]\n")
      .write("drills/d.yaml",
             "drill: d\nowner: ana\ntargets: {it: dr-1}\nroles: {dba: {holder: ana}}\n"
             "steps:\n  - {id: p, play: inner, with: {path: /x}}\n");
  Diagnostics out;
  const auto loaded = load_drill(folder.root(), "d", out);
  INFO(config::render(out));
  REQUIRE(loaded);
  CHECK(loaded->drill.playbook.step("p/fill"));
  CHECK(loaded->drill.playbook.ends.size() == 1);
}
