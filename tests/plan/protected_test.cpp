// No way leads to a protected host: every one that a file has is tried, and refused at its place.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "config/diagnostics.hpp"
#include "plan/compile.hpp"
#include "tests/catch.hpp"

using namespace muster;

namespace {

/// `safe` is protected; `twin` is another name of it, `near` another machine.
std::string errors_of(const std::string& targets, const std::string& rest,
                      plan::Plan* made = nullptr) {
  const auto root =
      std::filesystem::temp_directory_path() / ("muster-protected-" + std::to_string(getpid()));
  const auto write = [&](const std::string& name, const std::string& text) {
    std::filesystem::create_directories((root / name).parent_path());
    std::ofstream{root / name} << text;
  };
  const std::string power = "muster_power: {down: [x, down], up: [x, up], status: [x, status]}";
  write("inventory/hosts.yaml",
        "all:\n  children:\n    pair:\n      hosts:\n"
        "        safe: {ansible_host: 10.0.0.1, muster_protected: true, " +
            power +
            "}\n"
            "        near: {ansible_host: 10.0.0.2, " +
            power +
            "}\n"
            "    rest:\n      hosts:\n"
            "        twin: {ansible_host: 10.0.0.1, ansible_port: 22, " +
            power +
            "}\n"
            "        port: {ansible_host: 10.0.0.1, ansible_port: 2222}\n");
  write("inventory/people.yaml", "people:\n  ana: {name: Ana, unix: ana}\n");
  write("playbooks/p.yaml",
        "playbook: p\ntitle: P\ntargets: {inner: {group: true}}\nsteps:\n"
        "  - {inject: process.pause, target: inner, with: {name: x}}\n");
  write("drills/d.yaml", "drill: d\ntitle: D\nowner: ana\n" + targets + rest);
  config::Diagnostics out;
  const auto loaded = model::load_drill(root, "d", out);
  if (loaded) {
    const auto plan = plan::compile(*loaded, {}, out);
    if (plan && made) *made = *plan;
  }
  std::filesystem::remove_all(root);
  return config::render(out);
}

}  // namespace

TEST_CASE("no way leads to a protected host", "[protected]") {
  struct Row {
    const char* way;
    const char* targets;
    const char* rest;
    bool refused = true;
  };
  for (const auto& row : {
           Row{"inject", "t: safe",
               "steps: [{inject: disk.fill, target: t, with: {path: /x, size: 1MiB}}]\n"},
           Row{"inject by a group", "t: pair",
               "steps: [{inject: process.pause, target: t, with: {name: x}}]\n"},
           Row{"node.kill, by the guardian", "t: safe",
               "steps: [{inject: node.kill, target: t}]\n"},
           Row{"restore", "t: safe",
               "steps: [{restore: pgbackrest, target: t, with: {stanza: s}}]\n"},
           Row{"run with undo", "t: safe", "steps: [{run: [x], undo: [y], target: t}]\n"},
           Row{"run of no return", "t: safe", "steps: [{run: [x], no_return: true, target: t}]\n"},
           Row{"check on hosts", "t: safe", "steps: [{check: {command: [x], on_host: t}}]\n"},
           Row{"wait on hosts", "t: pair", "steps: [{wait: {command: [x], on_host: t}}]\n"},
           Row{"an end on hosts", "t: pair",
               "steps: [{mark: m}]\nends: [{check: {command: [x], on_host: t}}]\n"},
           Row{"a file's check on hosts", "t: pair", "steps: [{check: {file: /x, on_host: t}}]\n"},
           Row{"a pick of either", "t: pair",
               "steps: [{inject: process.pause, target: t, pick: {count: 1}, with: {name: x}}]\n"},
           Row{"a pick of a check", "t: pair",
               "steps: [{check: {command: [x], on_host: t}, pick: {count: 1, seed: 3}}]\n"},
           Row{"a role: the question alone", "t: {one_of: pair, where: {command: [x]}}",
               "steps: [{mark: m}]\n"},
           Row{"a branch", "t: safe",
               "steps: [{parallel: [[{mark: m}], [{run: [x], undo: [y], target: t}]]}]\n"},
           Row{"a playbook that is played", "inner: pair", "steps: [{play: p}]\n"},
           Row{"a guardrail on hosts", "t: pair",
               "guardrails: {abort_if: [{command: [x], on_host: t}]}\nsteps: [{mark: m}]\n"},
           Row{"another name of the same machine", "t: twin",
               "steps: [{inject: node.kill, target: t}]\n"},
           Row{"another name, asked", "t: twin", "steps: [{check: {command: [x], on_host: t}}]\n"},
           Row{"the neighbour", "t: near", "steps: [{inject: node.kill, target: t}]\n", false},
           Row{"another machine behind the same address", "t: port",
               "steps: [{run: [x], undo: [y], target: t}]\n", false},
           Row{"its address alone", "t: safe", "steps: [{tell: \"at ${t.address}\"}]\n", false},
       }) {
    const auto errors = errors_of("targets: {" + std::string{row.targets} + "}\n", row.rest);
    INFO(row.way << "\n" << errors);
    CHECK((errors.find("protected") != std::string::npos) == row.refused);
    CHECK(errors.empty() != row.refused);
  }
}

TEST_CASE("counting asks no protected host, by no name of it", "[protected]") {
  plan::Plan plan;
  const auto errors = errors_of("targets: {t: near}\n",
                                "guardrails: {at_most: {all: 1}, keep: {pair: 1 healthy}}\n"
                                "steps: [{mark: m}]\n",
                                &plan);
  INFO(errors);
  REQUIRE(plan.limits.size() == 2);
  for (const auto& limit : plan.limits)
    for (const auto& host : limit.hosts) {
      CHECK(host != "safe");
      CHECK(host != "twin");
    }
}
