// `muster completion SHELL`: the script that a shell reads, and `muster complete`, which it asks.
#include <fmt/format.h>

#include <memory>

#include "cli/commands.hpp"
#include "cli/complete.hpp"
#include "cli/exit.hpp"
#include "cli/terminal.hpp"
#include "embedded/muster.hpp"

namespace muster::cli {

void add_completion(CLI::App& app, Where& where, int& code) {
  auto shell = std::make_shared<std::string>();
  auto* command = app.add_subcommand("completion",
                                     "Prints the completion script for a shell: bash, zsh or fish");
  command->add_option("SHELL", *shell, "bash, zsh or fish")->required();
  command->callback([&code, shell] {
    if (*shell == "bash")
      fmt::print("{}", embedded::k_muster_bash);
    else if (*shell == "zsh")
      fmt::print("{}", embedded::k_muster_zsh);
    else if (*shell == "fish")
      fmt::print("{}", embedded::k_muster_fish);
    else
      code = complain({fmt::format("'{}' has no completion", *shell),
                       fmt::format("there is: {}", fmt::join(kShells, ", "))},
                      kUsage);
  });
  auto words = std::make_shared<std::vector<std::string>>();
  auto* ask = app.add_subcommand("complete", "What a shell asks when somebody presses Tab");
  ask->group("");
  ask->add_option("WORDS", *words, "The words so far");
  ask->callback([&app, &where, words] {
    for (const auto& one : completions(tree_of(app), *words, where)) fmt::print("{}\n", one);
  });
}

}  // namespace muster::cli
