// `muster sweep [PATTERN]`: what Muster left on hosts, told and undone from the hosts alone, for
// when the record is lost. Needs the inventory; no store, no drill, no plan.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "adapters/clock/asio_clock.hpp"
#include "adapters/secrets/secret_shell.hpp"
#include "adapters/shell/real_shell.hpp"
#include "adapters/sqlite/state_folder.hpp"
#include "adapters/sqlite/store.hpp"
#include "adapters/ssh/ssh_transport.hpp"
#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/sweep_text.hpp"
#include "cli/terminal.hpp"
#include "cli/wanted_hosts.hpp"
#include "cli/who.hpp"
#include "cli/workspace_log.hpp"
#include "engine/sweep.hpp"
#include "journal/kinds.hpp"
#include "plan/compile.hpp"

namespace muster::cli {

namespace {

struct SweepWords {
  std::string pattern = "all";
  bool revert = false, yes = false, force = false, json = false;
  std::string reason;
};

/// The hosts that are meant, and this machine, which may be their guardian.
Result<WantedHosts> hosts_and_guardian(const std::filesystem::path& workspace,
                                       const std::string& pattern) {
  auto wanted = wanted_hosts(workspace, pattern);
  if (!wanted) return wanted;
  const bool here = std::any_of(wanted->hosts.begin(), wanted->hosts.end(), [](const auto& host) {
    return host.connection == ports::Connection::local && !host.become;
  });
  if (!here) wanted->hosts.push_back(plan::controller_address());
  return wanted;
}

/// The ways to the hosts, for one sweep.
class Ways {
 public:
  Ways() : ssh_{io_, clock_}, shell_{io_, clock_, options()}, filling_{shell_, clock_} {}

  ports::Shell& shell() { return filling_; }
  void use(std::shared_ptr<const secrets::Keyring> keyring) { filling_.use(std::move(keyring)); }
  void run(const std::function<void(std::function<void()>)>& what) {
    bool over = false;
    what([&] { over = true; });
    if (io_.stopped()) io_.restart();
    while (!over) io_.run_one();
  }
  void close() {
    run([this](auto done) { shell_.shutdown(std::move(done)); });
  }

 private:
  shell::Options options() {
    shell::Options options;
    options.transport = &ssh_;
    return options;
  }
  boost::asio::io_context io_{1};
  clock::AsioClock clock_{io_};
  ssh::SshTransport ssh_;
  shell::RealShell shell_;
  secrets::SecretShell filling_;
};

/// Writes it down where there is a store to write to. Says why when it is not: healing does not
/// wait for that.
class Account {
 public:
  Account(const std::filesystem::path& workspace, const SweepWords& words) : words_{words} {
    const auto folder = sqlite::state_folder(workspace, sqlite::surroundings());
    std::error_code ec;
    if (!folder || !std::filesystem::exists(*folder / sqlite::kStoreFile, ec)) {
      why_not_ = "there is no store here";
      return;
    }
    auto session = Session::open(workspace);
    if (!session) {
      why_not_ = session.error().what;
      return;
    }
    session_ = std::move(*session);
    clock_.emplace(session_->io());
    journal::Context context;
    context.boot_id = boot_id();
    context.actor = who_am_i();
    log_.emplace(*session_, *clock_, std::move(context));
    if (const auto opened = log_->open(); !opened) why_not_ = opened.error().what;
  }

  void note(std::string_view outcome, const engine::Sweep& sweep) {
    if (!why_not_.empty()) return;
    const auto s = sweep.summary();
    Json hosts = Json::array();
    for (const auto& host : sweep.hosts()) hosts.push_back(host.host);
    journal::Draft d;
    d.action = journal::kinds::kSweep;
    d.outcome = outcome;
    d.data = Json{{"pattern", words_.pattern},
                  {"force", words_.force},
                  {"reason", words_.reason},
                  {"found", s.found},
                  {"unreachable", s.unreachable}};
    if (hosts.size() <= 200) d.data["hosts"] = std::move(hosts);
    if (outcome == "done") {
      d.data["healed"] = s.healed;
      d.data["kept"] = s.kept;
      d.data["not_proven_undone"] = s.failed;
    }
    if (const auto noted = log_->note(std::move(d)); !noted) why_not_ = noted.error().what;
  }
  const std::string& why_not() const { return why_not_; }

 private:
  const SweepWords& words_;
  std::unique_ptr<Session> session_;
  std::optional<clock::AsioClock> clock_;
  std::optional<WorkspaceLog> log_;
  std::string why_not_;
};

bool agreed(std::size_t found) {
  fmt::print("Undo and remove what is listed ({} in all)? [y/N] ", found);
  std::fflush(stdout);
  std::string line;
  std::getline(std::cin, line);
  return line == "y" || line == "yes";
}

int code_of(const engine::SweepSummary& s, bool reverted) {
  if (reverted && (s.failed > 0 || s.unreachable > 0)) return kDirty;
  return s.found == s.healed && s.unreachable == 0 ? kOk : kFail;
}

int heal(const std::filesystem::path& workspace, const SweepWords& words, Ways& ways,
         engine::Sweep& sweep) {
  if (!words.yes && isatty(STDIN_FILENO) == 0)
    return complain({"nobody can be asked here", "say --yes when you mean it"}, kUsage);
  if (!words.yes && !agreed(sweep.summary().found)) {
    say("Nothing was touched.");
    return kFail;
  }
  Account account{workspace, words};
  account.note("begun", sweep);
  ways.run([&](auto done) { sweep.heal(words.force, std::move(done)); });
  account.note("done", sweep);
  if (!words.json) {
    say(done_text(sweep));
    say("SWEPT: " + counts_text(sweep.summary()));
    if (sweep.summary().kept > 0 && !words.force)
      say("What was kept may belong to a run that is alive. When you know that it is not, or must "
          "go all the same: --force --reason \"why\".");
  }
  if (!account.why_not().empty())
    complain({"this sweep is not recorded: " + account.why_not(), "keep what it printed"}, 0);
  return code_of(sweep.summary(), true);
}

int sweep(const Where& where, const SweepWords& words) {
  if (words.force && (words.reason.empty() || !words.revert))
    return complain({"--force takes what a live run may lease, or holds on purpose",
                     "it needs --revert and --reason \"why\""},
                    kUsage);
  if (words.json && words.revert && !words.yes)
    return complain({"with --json nobody is shown what they would agree to",
                     "say --yes when you mean it; without --revert it is only told"},
                    kUsage);
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  const auto wanted = hosts_and_guardian(*workspace, words.pattern);
  if (!wanted) return complain(wanted.error(), kUsage);
  secrets::Vault vault;
  const auto keyring = vault.open(wanted->secrets);
  for (const auto& problem : keyring->problems()) complain(problem, 0);
  Ways ways;
  ways.use(keyring);
  engine::Sweep swept{ways.shell(), wanted->hosts};
  ways.run([&](auto done) { swept.look(std::move(done)); });
  const auto found = swept.summary();
  if (!words.json) {
    say(found_text(swept));
    for (const auto& name : wanted->passed_over)
      say(name + ": not asked: it is protected, and no drill may touch it");
  }
  int code = code_of(found, false);
  if (words.revert && found.found > 0) {
    code = heal(*workspace, words, ways, swept);
  } else if (!words.json) {
    say("SWEEP: " + counts_text(found));
    if (found.found > 0) say("Nothing was touched: " + cli::next_text(swept));
  }
  if (words.json) say(sweep_json(swept).dump(2, ' ', false, Json::error_handler_t::replace));
  ways.close();
  return words.revert && found.unreachable > 0 ? kDirty : code;
}

}  // namespace

void add_sweep(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "sweep",
      "What Muster left on hosts, and its undoing, from the hosts alone: for when the "
      "controller's disk is lost");
  auto words = std::make_shared<SweepWords>();
  command->add_option("PATTERN", words->pattern,
                      "Hosts as Ansible writes them (default: all); this machine is looked at too");
  command->add_flag("--revert", words->revert,
                    "Undo it, prove it, remove its marks and stale locks; asks first");
  command->add_flag("--yes", words->yes, "Do not ask");
  command->add_flag("--force", words->force,
                    "Also what a live run may still lease, and what is held; needs --reason");
  command->add_option("--reason", words->reason, "Why, for the record");
  command->add_flag("--json", words->json, "What was found and done, as JSON");
  command->callback([&where, &code, words] { code = sweep(where, *words); });
}

}  // namespace muster::cli
