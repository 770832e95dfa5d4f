// `muster sudoers DRILL…`: the least that sudo must allow for drills: a gate for each of their
// hosts, and the rule that lets it start. Touches no host.
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "base/text.hpp"
#include "catalogue/gate.hpp"
#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/sudo_rules.hpp"
#include "cli/terminal.hpp"
#include "cli/who.hpp"

namespace muster::cli {

namespace {

namespace fs = std::filesystem;

struct SudoersWords {
  std::vector<std::string> drills;
  std::string host, user, dir;
  bool json = false;
};

struct Found {
  std::vector<SudoRules> rules;
  std::vector<std::string> without_sudo;
};

Result<std::vector<plan::Plan>> plans_of(const fs::path& workspace,
                                         const std::vector<std::string>& drills) {
  std::vector<plan::Plan> out;
  std::set<std::string> seen;
  for (const auto& drill : drills) {
    auto plan = load_plan(workspace, drill);
    if (!plan) return Error{fmt::format("{} makes no plan", drill), "mend what is told above"};
    if (seen.insert(plan->drill).second) out.push_back(std::move(*plan));
  }
  return out;
}

/// ssh's own default is the name of who runs it, unless their ssh_config says otherwise.
std::string user_at(const ports::HostAddress& address, const SudoersWords& words) {
  if (!words.user.empty()) return words.user;
  if (!address.user.empty() && address.connection != ports::Connection::local) return address.user;
  return own_user_name();
}

Result<SudoRules> rules_of(const std::vector<plan::Plan>& plans, const std::string& host,
                           const SudoersWords& words) {
  SudoRules rules;
  std::vector<plan::Plan> asking;
  for (const auto& plan : plans) {
    const auto hosts = plan::asked_hosts(plan);
    if (std::find(hosts.begin(), hosts.end(), host) != hosts.end()) asking.push_back(plan);
  }
  const auto& address = asking.front().hosts.at(host).address;
  for (const auto& plan : asking) rules.drills.push_back(plan.drill);
  std::sort(rules.drills.begin(), rules.drills.end());
  rules.host = host;
  rules.user = user_at(address, words);
  rules.run_as = address.become_user;
  rules.asks = !address.become_password.empty();
  rules.in_use = !address.gate.empty();
  rules.path = rules.in_use ? address.gate : std::string{catalogue::kGatePath};
  auto gate = plan::make_gate(asking, host);
  if (!gate) return gate.error();
  rules.gate = std::move(*gate);
  return rules;
}

Result<Found> find_rules(const std::vector<plan::Plan>& plans, const SudoersWords& words) {
  std::map<std::string, bool> hosts;  // whether sudo is used there
  for (const auto& plan : plans)
    for (const auto& host : plan::asked_hosts(plan))
      hosts[host] = plan.hosts.at(host).address.become;
  if (!words.host.empty() && !hosts.contains(words.host))
    return Error{fmt::format("no drill of these asks anything of '{}'", words.host),
                 "`muster plan DRILL` names the hosts"};
  Found found;
  for (const auto& [host, become] : hosts) {
    if (!words.host.empty() && words.host != host) continue;
    if (!become) {
      found.without_sudo.push_back(host);
      continue;
    }
    auto rules = rules_of(plans, host, words);
    if (!rules) return rules.error();
    found.rules.push_back(std::move(*rules));
  }
  return found;
}

Result<> write(const fs::path& file, const std::string& text, fs::perms mode) {
  std::error_code ec;
  fs::create_directories(file.parent_path(), ec);
  fs::remove(file, ec);  // one of an earlier time may not be writable
  std::ofstream out{file, std::ios::binary};
  out << text;
  out.close();
  if (out) fs::permissions(file, mode, ec);
  if (!out || ec)
    return Error{fmt::format("{} cannot be written", file.string()),
                 "see whether the folder is yours and the disk has room"};
  return {};
}

/// What visudo says of a file goes to stderr. False: it refuses it. Nothing: there is no visudo.
std::optional<bool> visudo_takes(const fs::path& file) {
  const char* program = "/usr/sbin/visudo";
  if (::access(program, X_OK) != 0) return std::nullopt;
  const std::string name = file.string();
  const char* const argv[] = {program, "-cf", name.c_str(), nullptr};
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t pid = 0;
  const int failed =
      ::posix_spawn(&pid, program, &quiet, nullptr, const_cast<char* const*>(argv), environ);
  posix_spawn_file_actions_destroy(&quiet);
  int status = 0;
  if (failed != 0 || ::waitpid(pid, &status, 0) != pid) return std::nullopt;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// A folder that goes away again.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "muster-sudoers-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// Into DIR/HOST/; and the sudoers files as sudo itself reads them.
Result<> write_all(const std::vector<SudoRules>& every, const fs::path& dir, bool& checked) {
  using enum fs::perms;
  constexpr auto kRead = owner_read | group_read;
  for (const auto& rules : every) {
    const auto at = dir / rules.host;
    const auto sudoers = at / "sudoers.d" / sudoers_name(rules);
    if (auto done = write(at / "gate", rules.gate.text,
                          owner_all | group_read | group_exec | others_read | others_exec);
        !done)
      return done;
    if (auto done = write(sudoers, sudoers_file(rules), kRead); !done) return done;
    const auto takes = visudo_takes(sudoers);
    if (takes == false)
      return Error{fmt::format("visudo refuses the rules for {}", rules.host),
                   "this is a mistake in Muster: report it with what visudo says"};
    checked = takes.has_value();
  }
  return {};
}

void show(const Found& found, const SudoersWords& words, bool checked) {
  for (const auto& rules : found.rules) say(text_of(rules));
  for (const auto& host : found.without_sudo)
    say(host + ": no rules: it is reached without sudo (`ansible_become` is not set)");
  if (!found.rules.empty()) say(what_it_allows(found.rules));
  if (!words.dir.empty())
    say(fmt::format("Written to {}/HOST/gate and {}/HOST/sudoers.d/.", words.dir, words.dir));
  if (!found.rules.empty())
    say(checked ? "visudo -cf takes the rules." : "There is no visudo here: they are not checked.");
}

int sudoers(const Where& where, const SudoersWords& words) {
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  const auto plans = plans_of(*workspace, words.drills);
  if (!plans) return complain(plans.error(), kUsage);
  const auto found = find_rules(*plans, words);
  if (!found) return complain(found.error(), kUsage);
  bool checked = false;
  const Scratch scratch;
  const fs::path dir = words.dir.empty() ? scratch.path() : fs::path{words.dir};
  if (const auto written = write_all(found->rules, dir, checked); !written)
    return complain(written.error(), kFail);
  if (!words.json) {
    show(*found, words, checked);
    return kOk;
  }
  Json out{{"hosts", Json::array()}, {"without_sudo", found->without_sudo}, {"checked", checked}};
  for (const auto& rules : found->rules) out["hosts"].push_back(json_of(rules));
  say(out.dump(2, ' ', false, Json::error_handler_t::replace));
  return kOk;
}

}  // namespace

void add_sudoers(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "sudoers",
      "The least that sudo must allow on each host of a drill: a gate with a pinned SHA-256 and "
      "one rule, in place of full root");
  auto words = std::make_shared<SudoersWords>();
  command->add_option("DRILL", words->drills, "Drills; a host's gate serves all that are named")
      ->required();
  command->add_option("--host", words->host, "Only this host");
  command->add_option("--user", words->user,
                      "Who comes by ssh (default: ansible_user, else who runs this)");
  command->add_option("--dir", words->dir,
                      "Write the files: DIR/HOST/gate and DIR/HOST/sudoers.d/muster-DRILL");
  command->add_flag("--json", words->json, "Files, rules and reasons as JSON");
  command->callback([&where, &code, words] { code = sudoers(where, *words); });
}

}  // namespace muster::cli
