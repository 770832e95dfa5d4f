// `muster hosts [PATTERN]`: what Muster has understood of the inventory; touches no host.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/terminal.hpp"
#include "model/workspace.hpp"

namespace muster::cli {

namespace {

struct Wish {
  std::string pattern = "all";
  bool json = false;
  bool list = false;
};

std::string address_of(const model::Host& host) {
  const auto login = host.user.empty() ? host.address : host.user + "@" + host.address;
  return host.port ? fmt::format("{} port {}", login, *host.port) : login;
}

Json json_of(const model::Host& host) {
  Json problems = Json::array();
  for (const auto& problem : host.problems)
    problems.push_back({{"place", config::to_string(problem.place)},
                        {"what", problem.what},
                        {"hint", problem.hint}});
  Json out{{"name", host.name},
           {"address", host.address},
           {"connection", model::to_string(host.connection)},
           {"environment", model::to_string(host.environment)},
           {"protected", host.is_protected},
           {"groups", host.groups},
           {"problems", std::move(problems)}};
  if (host.port) out["port"] = *host.port;
  if (!host.user.empty()) out["user"] = host.user;
  if (!host.zone.empty()) out["zone"] = host.zone;
  return out;
}

std::string environment_of(const model::Host& host) {
  const std::string environment{model::to_string(host.environment)};
  return host.is_protected ? environment + ", protected" : environment;
}

void print_table(const std::vector<const model::Host*>& hosts) {
  std::size_t name = 4, address = 7, environment = 11;
  for (const auto* host : hosts) {
    name = std::max(name, host->name.size());
    address = std::max(address, address_of(*host).size());
    environment = std::max(environment, environment_of(*host).size());
  }
  const auto row = [&](auto&&... cells) {
    say(fmt::format("{:<{}} {:<{}} {:<10} {:<{}} {:<9} {}", cells...));
  };
  row("HOST", name, "ADDRESS", address, "CONNECTION", "ENVIRONMENT", environment, "PROBLEMS",
      "GROUPS");
  for (const auto* host : hosts) {
    const std::vector<std::string> groups(host->groups.begin() + 1, host->groups.end());
    row(host->name, name, address_of(*host), address, model::to_string(host->connection),
        environment_of(*host), environment,
        host->problems.empty() ? "-" : std::to_string(host->problems.size()), joined(groups, ", "));
  }
}

/// The same mistake in a group's variables is shown once, not once per host.
void print_problems(const std::vector<const model::Host*>& hosts) {
  config::Diagnostics all;
  std::size_t count = 0;
  for (const auto* host : hosts) {
    count += host->problems.empty() ? 0 : 1;
    for (const auto& problem : host->problems) all.error(problem.place, problem.what, problem.hint);
  }
  if (count != 0)
    say(fmt::format("\n{} of {} hosts have problems, and no drill can use them:\n{}", count,
                    hosts.size(), config::render(all)));
}

int refuse(const config::Diagnostics& diagnostics) {
  fmt::print(stderr, "{}", config::render(diagnostics));
  fmt::print(stderr, "muster: {} error{}\n", diagnostics.count(),
             diagnostics.count() == 1 ? "" : "s");
  return kUsage;
}

int hosts(const Where& where, const Wish& wish) {
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  config::Diagnostics diagnostics;
  if (wish.list) {
    const auto list = model::list_inventory(*workspace, diagnostics);
    if (!list || !diagnostics.empty()) return refuse(diagnostics);
    say(list->dump(2));
    return kOk;
  }
  const auto inventory = model::load_inventory(*workspace, diagnostics);
  if (!diagnostics.empty()) return refuse(diagnostics);
  const auto names = inventory.select(wish.pattern);
  if (!names) return complain(names.error(), kUsage);
  std::vector<const model::Host*> chosen;
  for (const auto& name : *names) chosen.push_back(inventory.host(name));
  if (wish.json) {
    for (const auto* host : chosen) say(json_of(*host).dump());
    return kOk;
  }
  print_table(chosen);
  print_problems(chosen);
  return kOk;
}

}  // namespace

void add_hosts(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "hosts", "The hosts of the inventory as Muster reads them; touches no host");
  auto wish = std::make_shared<Wish>();
  command->add_option("PATTERN", wish->pattern,
                      "As Ansible writes them: db, web*, \"a:&b:!c\", db[0:2] (default: all)");
  command->add_flag("--json", wish->json, "One JSON object a line");
  command
      ->add_flag("--list", wish->list,
                 "All of it as `ansible-inventory --list` prints it, for a comparison")
      ->excludes("--json");
  command->callback([&where, &code, wish] { code = hosts(where, *wish); });
}

}  // namespace muster::cli
