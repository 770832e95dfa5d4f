// `muster lab …`: real Debian hosts on this machine, for trying drills.
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>

#include "adapters/lab/lab.hpp"
#include "base/time.hpp"
#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/terminal.hpp"

namespace muster::cli {

namespace {

struct LabWords {
  std::string name, file, node, what;
  std::vector<std::string> command;
};
using SharedLabWords = std::shared_ptr<LabWords>;

int show(const SharedLabWords& words) {
  const auto lab = lab::chosen(words->name);
  if (!lab) return complain(lab.error(), kUsage);
  const auto status = lab::status(*lab);
  if (!status) return complain(status.error(), kFail);
  say(fmt::format("lab {}: {}", status->lab, status->ready ? "ready" : "not ready"));
  say(fmt::format("{:<12} {:<16} {:<6} {:<6} {}", "NODE", "ADDRESS", "POWER", "SSHD", "SINCE"));
  for (const auto& node : status->nodes)
    say(fmt::format(
        "{:<12} {:<16} {:<6} {:<6} {}", node.name, node.address, node.power ? "on" : "off",
        node.sshd ? "yes" : "no",
        node.power ? format_utc(wall_time(node.since_unix_s * 1'000'000'000)).substr(0, 19) + "Z"
                   : "-"));
  return kOk;
}

/// Runs `act` on the lab that is meant.
template <class F>
int on_lab(const SharedLabWords& words, F&& act) {
  const auto lab = lab::chosen(words->name);
  if (!lab) return complain(lab.error(), kUsage);
  const auto done = act(*lab);
  return done ? kOk : complain(done.error(), kFail);
}

int power(const SharedLabWords& words) {
  const auto lab = lab::chosen(words->name);
  if (!lab) return complain(lab.error(), kUsage);
  const auto what = words->what == "down" ? lab::Power::down
                    : words->what == "up" ? lab::Power::up
                                          : lab::Power::status;
  const auto on = lab::power(*lab, words->node, what);
  if (!on) return complain(on.error(), kFail);
  say(*on ? "on" : "off");
  return kOk;
}

int shell(const SharedLabWords& words) {
  const auto lab = lab::chosen(words->name);
  if (!lab) return complain(lab.error(), kUsage);
  const auto argv = lab::shell(*lab, words->node, words->command);
  if (!argv) return complain(argv.error(), kFail);
  std::vector<char*> raw;
  for (const auto& word : *argv) raw.push_back(const_cast<char*>(word.c_str()));
  raw.push_back(nullptr);
  execvp(raw[0], raw.data());
  return complain({"ssh could not be started", "install openssh-client"}, kFail);
}

}  // namespace

void add_lab(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "lab", "Real Debian hosts on this machine, for trying drills (needs root)");
  command->require_subcommand(1);
  auto words = std::make_shared<LabWords>();
  command->add_option("--lab", words->name, "Which lab (default: the only one there is)");
  const auto progress = [](std::string_view line) { say(line); };

  auto* up = command->add_subcommand("up", "Makes the lab, or says that it is there already");
  up->add_option("--file", words->file,
                 "Its definition (default: inventory/lab/lab.yaml of the workspace)")
      ->type_name("FILE");
  up->callback([&where, &code, words, progress] {
    std::filesystem::path file = words->file;
    if (words->file.empty()) {
      const auto workspace = find_workspace(where);
      if (!workspace) {
        code = complain(workspace.error(), kUsage);
        return;
      }
      file = *workspace / "inventory" / "lab" / "lab.yaml";
    }
    const auto done = lab::up(file, progress);
    code = done ? kOk : complain(done.error(), kFail);
  });
  command
      ->add_subcommand("down",
                       "Ends and removes it; keeps the root file system that all labs share")
      ->callback([&code, words, progress] {
        if (words->name.empty() && lab::existing().empty()) return say("there is no lab");
        code = on_lab(words, [&](const std::string& lab) { return lab::down(lab, progress); });
      });
  command->add_subcommand("reset", "All nodes as they were when `up` was through, within seconds")
      ->callback([&code, words, progress] {
        code = on_lab(words, [&](const std::string& lab) { return lab::reset(lab, progress); });
      });
  command->add_subcommand("status", "Nodes, addresses, power, sshd")->callback([&code, words] {
    code = show(words);
  });

  auto* switch_ =
      command->add_subcommand("power", "The out-of-band switch of one node: down, up, status");
  switch_->add_option("WHAT", words->what, "down | up | status")
      ->required()
      ->check(CLI::IsMember({"down", "up", "status"}));
  switch_->add_option("NODE", words->node, "Name of the node")->required();
  switch_->callback([&code, words] { code = power(words); });

  auto* sh = command->add_subcommand(
      "shell", "A shell on a node, or a command there: shell NODE [-- COMMAND…]");
  sh->add_option("NODE", words->node, "Name of the node")->required();
  sh->add_option("COMMAND", words->command, "What to run instead of a shell");
  sh->callback([&code, words] { code = shell(words); });
}

}  // namespace muster::cli
