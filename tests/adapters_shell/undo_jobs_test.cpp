// What inject or a phase started does not outlive its undo; what a command of the drill's leaves
// running does, and costs nothing.
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "plan/calls.hpp"
#include "tests/adapters_shell/by_hand.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/adapters_shell/sleeper.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

/// Inject, and the phase `work`, end late, and before that their children in groups of their own
/// make the file anew.
std::string late_fault() {
  return catalogue::complete_script(R"(
precheck() { :; }
late() {
  timeout 60 sh -c 'sleep 3; : >"$1"' sh "$P_file" &
  set -m
  (sleep 3; : >"$P_file") &
  set +m
  : >"$P_file.begun"
  [ -z "${P_killed-}" ] || kill -KILL $$
  sleep 20
}
inject() { late; }
work() { late; }
verify() { [ -e "$P_file" ]; }
revert() { rm -f "$P_file"; }
clean() { [ ! -e "$P_file" ] || no "still there"; }
)");
}

/// How many jobs are announced.
int jobs(const Host& host) {
  int n = 0;
  for (const auto& entry : std::filesystem::directory_iterator{host.effect_dir(kEffect)})
    n += entry.path().filename().string().starts_with("job.") ? 1 : 0;
  return n;
}

/// "key=value" lines of a command fault, by hand.
ByHand commands(const std::vector<std::string>& sh, const std::vector<std::string>& argv) {
  ByHand hand{"command", sh};
  hand.list("do", argv);
  hand.list("undo", {"true"});
  return hand;
}

std::size_t size_of(const std::filesystem::path& dir) {
  std::size_t sum = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{dir})
    if (entry.is_regular_file()) sum += entry.file_size();
  return sum;
}

}  // namespace

TEST_CASE("what the lease overtakes is ended with its children in every group") {
  for (const auto& sh : kShells)
    for (const auto verb : {Verb::inject, Verb::phase}) {
      INFO(sh[0] << " " << (verb == Verb::inject ? "inject" : "phase"));
      Host host{sh};
      const auto file = host.path("f");
      REQUIRE(host.lock().said == Said::yes);
      REQUIRE(host.arm(kEffect, late_fault(), {{"file", file}}).said == Said::yes);
      host.clock.at(host.clock.now() + 1s, [&] { host.expire_lease(); });
      auto call = host.call(verb, kEffect);
      if (verb == Verb::phase) call.values["phase"] = "work";
      CHECK(host.ask(call).said == Said::expired);
      CHECK(std::filesystem::exists(file.string() + ".begun"));
      CHECK(
          host.until([&] { return std::filesystem::exists(host.effect_dir(kEffect) / "healed"); }));
      CHECK(jobs(host) == 0);
      host.pass(3500ms);
      CHECK_FALSE(std::filesystem::exists(file));
    }
}

TEST_CASE("an inject that somebody killed leaves nothing that its undo does not end") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Host host{sh};
    const auto file = host.path("f");
    REQUIRE(host.lock().said == Said::yes);
    REQUIRE(host.arm(kEffect, late_fault(), {{"file", file}, {"killed", "yes"}}).said == Said::yes);
    CHECK(host.ask(host.call(Verb::inject, kEffect)).said == Said::could_not);
    CHECK(jobs(host) == 1);
    CHECK(host.ask(host.call(Verb::revert, kEffect)).said == Said::yes);
    host.pass(3500ms);
    CHECK_FALSE(std::filesystem::exists(file));
  }
}

TEST_CASE("a job that is over is forgotten, so that nobody is taken for it later") {
  Host host;
  REQUIRE(host.lock().said == Said::yes);
  REQUIRE(host.arm(kEffect, marker_fault(), {{"file", host.path("f")}}).said == Said::yes);
  // Of a runner that died: the process is another one by now; and none.
  Sleeper other{"another"};
  const auto boot = read_file(host.effect_dir(kEffect) / "deadman.pid");
  const auto boot_id = boot.substr(boot.rfind(' '));
  std::ofstream{host.effect_dir(kEffect) / "job.1"} << other.pid() << " 1" << boot_id;
  std::ofstream{host.effect_dir(kEffect) / "job.2"} << "0 1" << boot_id;
  CHECK(host.until([&] { return jobs(host) == 0; }));
  CHECK(process_state(other.pid()) == 'S');
  // And at an undo.
  std::ofstream{host.effect_dir(kEffect) / "job.1"} << other.pid() << " 1" << boot_id;
  CHECK(host.ask(host.call(Verb::revert, kEffect)).said == Said::yes);
  CHECK(process_state(other.pid()) == 'S');
}

TEST_CASE("a refused disarm leaves the effect as it was") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Host host{sh};
    REQUIRE(host.lock().said == Said::yes);
    REQUIRE(host.arm(kEffect, marker_fault(), {{"file", host.path("f")}}).said == Said::yes);
    REQUIRE(host.ask(host.call(Verb::inject, kEffect)).said == Said::yes);
    REQUIRE(host.ask(host.call(Verb::hold, kEffect)).said == Said::yes);
    CHECK(host.ask(host.call(Verb::disarm, kEffect)).said == Said::no);
    CHECK_FALSE(std::filesystem::exists(host.effect_dir(kEffect) / "over"));
    // So who does not know that it is held still cannot undo it.
    CHECK(host.ask(host.call(Verb::revert, kEffect)).said == Said::fenced);
    CHECK(std::filesystem::exists(host.path("f")));
  }
}

TEST_CASE("a service that a command starts fills nothing, and is not ended by its output") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    const auto fine = "/tmp/muster-test-" + random_id();
    auto hand =
        commands(sh, {"sh", "-c",
                      "echo begun; setsid sh -c 'i=0; while [ $i -lt 30 ]; do head -c 100000 "
                      "/dev/zero || exit; i=$((i + 1)); sleep 0.02; done; : >" +
                          fine + "' & sleep 0.1"});
    const auto told = hand.run("inject");
    INFO(told.text.substr(0, 200));
    CHECK(told.code == 0);
    CHECK_FALSE(std::filesystem::exists(fine));  // it was not waited for
    for (int n = 0; n < 100 && !std::filesystem::exists(fine); ++n) ::usleep(50'000);
    CHECK(std::filesystem::exists(fine));
    CHECK(size_of(hand.dir() / "state") < 8192);
    std::filesystem::remove(fine);
  }
}

TEST_CASE("the end of a command's output is told, cut or not, with its exit status") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    const auto said = [&](const std::string& script) {
      return commands(sh, {"sh", "-c", script}).run("inject");
    };
    auto told = said("echo one; echo two >&2; exit 3");
    CHECK(told.code == 1);
    CHECK(told.text.starts_with("one\ntwo\n"));
    CHECK(unless_contains(told.text, "the command ended with status 3") == "");
    told = said("printf 'no end'");
    CHECK(told.text == "no end");
    told = said("i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i + 1)); done");
    CHECK(told.text.starts_with("[…]\n"));
    CHECK(told.text.ends_with("\nline 2999\n"));
    CHECK(told.text.size() == 4096 + std::string{"[…]\n"}.size());
    // Also where no pipe can be made.
    told = said("kill -KILL $$");
    CHECK(told.code == 1);
  }
}

TEST_CASE("an undo finds room where nothing more can be made") {
  if (::getuid() != 0) {
    WARN("SKIPPED (1): mounting needs root");
    return;
  }
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    std::vector<std::string> words{"unshare", "-m"};
    words.insert(words.end(), sh.begin(), sh.end());
    Host host{words};
    std::filesystem::create_directory(host.path("state"));
    const auto mounted =
        host.command({"mount", "-t", "tmpfs", "-o", "size=4m,nr_inodes=200,mode=700", "none",
                      host.path("state").string()});
    if (mounted.said != Said::yes) {
      WARN("SKIPPED (1): mounting is not allowed here: " << mounted.output);
      return;
    }
    REQUIRE(host.lock().said == Said::yes);
    Sleeper sleeper{"sleeper-" + host.path("").filename().string()};
    const auto command = host.path("c").string(), back = host.path("back").string();
    std::ofstream{back} << "";
    const std::map<std::string, std::pair<std::string, catalogue::Values>> faults{
        {"marker", {marker_fault(), {{"file", host.path("f")}}}},
        {"command",
         {catalogue::builtin_faults().at("command").script,
          plan::command_values({"touch", command}, {"rm", command})}},
        {"killed",
         {catalogue::builtin_faults().at("process.kill").script,
          {{"pid", std::to_string(sleeper.pid())},
           {"recover_count", "2"},
           {"recover_0", "touch"},
           {"recover_1", back},
           {"recover_check_count", "3"},
           {"recover_check_0", "test"},
           {"recover_check_1", "-e"},
           {"recover_check_2", back}}}}};
    for (const auto& [effect, fault] : faults) {
      const auto armed = host.arm(effect, fault.first, fault.second, 4s);
      INFO(effect << ": " << armed.output);
      REQUIRE(armed.said == Said::yes);
      REQUIRE(host.ask(host.call(Verb::inject, effect)).said == Said::yes);
    }
    std::filesystem::remove(back);
    const auto filled = host.command(
        {"sh", "-c", "i=0; while true >\"$0/x$i\"; do i=$((i + 1)); done; ls \"$0/effect\"",
         host.path("state").string()});
    CHECK(unless_contains(filled.output, "marker") == "");
    // The dead-men's undos need no file or folder more.
    for (const auto& [effect, fault] : faults) {
      INFO(effect);
      const auto healed = host.path("state/effect/" + effect + "/healed").string();
      CHECK(host.until(
          [&] {
            return host.command({"grep", "-q", "healed_by=lease", healed}).said == Said::yes;
          },
          15s));
      const auto reverted = host.ask(host.call(Verb::revert, effect));
      INFO(reverted.output);
      CHECK(reverted.said == Said::yes);
    }
    CHECK_FALSE(std::filesystem::exists(host.path("f")));
    CHECK_FALSE(std::filesystem::exists(command));
    CHECK(std::filesystem::exists(back));
  }
}

TEST_CASE("what an earlier Muster wrote with zeros in front is read as the number that it is") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Host host{sh};
    REQUIRE(host.lock().said == Said::yes);
    REQUIRE(host.arm(kEffect, marker_fault(), {{"file", host.path("f")}}).said == Said::yes);
    // With digits that octal has not.
    const auto until = (host.uptime_cs() / 1000 + 10) * 1000 + 989;
    std::ofstream{host.path("state/run/" + host.run + "/lease")} << "0" << until << "\n";
    auto facts = host.ask(host.call(Verb::facts));
    CHECK(facts.said == Said::yes);
    CHECK(evidence(facts, "lock.left_s") != "");
    auto survey = host.call(Verb::survey);
    survey.values["search_s"] = "0";
    CHECK(host.ask(survey).said == Said::yes);
    auto renew = host.call(Verb::renew);
    renew.values["lease_until_cs"] = "0" + std::to_string(host.uptime_cs() + 6000);
    CHECK(host.ask(renew).said == Said::could_not);
    CHECK(process_state(host.deadman(kEffect)) == 'S');
  }
}
