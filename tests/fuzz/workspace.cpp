// A whole workspace of files: loaded with all its errors, and what has none compiled into a plan,
// which reads back from its JSON as the same plan.
#include "model/workspace.hpp"
#include "plan/compile.hpp"
#include "tests/fuzz/files.hpp"
#include "tests/fuzz/target.hpp"

namespace muster::fuzz {
namespace {

/// What a drill needs around it, unless the input says otherwise.
const Files& surroundings() {
  static const Files files{
      {"inventory/hosts.yaml",
       "db:\n  hosts:\n    db-[1:3]: {muster_environment: lab, ansible_host: 192.0.2.1}\n"
       "lb:\n  hosts:\n    lb-1: {muster_environment: lab}\n"},
      {"inventory/people.yaml",
       "people:\n  ana: {name: Ana, unix: ana}\n  bo: {name: Bo, unix: bo}\n"},
      {"playbooks/b.yaml",
       "playbook: b\ntargets: {on: {hosts: 1}}\nsteps:\n"
       "  - run: [true]\n    target: on\n    undo: [true]\n"}};
  return files;
}

}  // namespace

void workspace(std::string_view bytes) {
  static Folder folder;
  auto files = files_of(bytes, "drills/a.yaml");
  files.insert(surroundings().begin(), surroundings().end());
  const auto& root = folder.hold(files);
  config::Diagnostics all;
  const auto loaded = model::load_workspace(root, all);
  promise_printable(config::render(all), "what is shown of the errors");
  for (const auto& drill : loaded.drills) {
    config::Diagnostics out;
    const auto one = model::load_drill(root, *drill.name, out);
    const auto plan = one ? plan::compile(*one, {}, out) : std::nullopt;
    promise_printable(config::render(out), "what is shown of a drill's errors");
    promise(plan || !out.empty(), "there is neither a plan nor an error");
    if (!plan) continue;
    const auto again = plan::plan_from_json(plan::to_json(*plan));
    promise(again.has_value(), "a plan cannot be read back");
    promise(plan::content_hash(*again) == plan::content_hash(*plan), "a plan reads back otherwise");
  }
}

}  // namespace muster::fuzz
