// What must not happen at the same time on one host, what must not cut Muster off, and what a
// restart of the host leaves.
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "tests/adapters_shell/by_hand.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/adapters_shell/network.hpp"
#include "tests/adapters_shell/sleeper.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

/// A file system of 16 MiB, or why there is none.
std::string small_disk(Host& host) {
  std::filesystem::create_directory(host.path("disk"));
  const auto mounted =
      host.command({"mount", "-t", "tmpfs", "-o", "size=16m", "none", host.path("disk").string()});
  return mounted.said == Said::yes ? "" : "mounting is not allowed here: " + mounted.output;
}

/// In mounts of its own, so that nothing is left mounted.
std::vector<std::string> with_mounts(const std::vector<std::string>& sh) {
  std::vector<std::string> words{"unshare", "-m"};
  words.insert(words.end(), sh.begin(), sh.end());
  return words;
}

}  // namespace

TEST_CASE("two that are at the same thing: the second is refused, and told what the first is") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Host host{sh};
    const auto mark = "sleeper-" + random_id();
    Sleeper one{mark};
    host.pass(100ms);
    REQUIRE(host.lock().said == Said::yes);
    REQUIRE(host.arm("first", script_of("process.pause"), {{"command", mark}}).said == Said::yes);
    const auto second = host.arm("second", script_of("process.kill"), {{"command", mark}});
    CHECK(second.said == Said::no);
    CHECK(unless_contains(second.output, "it overlaps with test.marker of run " + host.run) == "");
    CHECK(unless_contains(second.output, "(effect first), which is live here: process " +
                                             std::to_string(one.pid())) == "");
    CHECK_FALSE(std::filesystem::exists(host.effect_dir("second")));
    // Once the first one is proven undone, it may.
    REQUIRE(host.ask(host.call(Verb::revert, "first")).said == Said::yes);
    CHECK(host.arm("second", script_of("process.kill"), {{"command", mark}}).said == Said::yes);
  }
}

TEST_CASE(
    "disk.fill: not twice on one file system, and what keeps the space gives all of it back") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Host host{with_mounts(sh)};
    if (const auto why = ::getuid() == 0 ? small_disk(host) : "it needs root"; !why.empty()) {
      WARN("SKIPPED (1): " << why);
      return;
    }
    REQUIRE(host.lock().said == Said::yes);
    const catalogue::Values fill{{"path", host.path("disk")}, {"size", "4MiB"}};
    REQUIRE(host.arm("first", script_of("disk.fill"), fill).said == Said::yes);
    const auto second = host.arm("second", script_of("disk.fill"), fill);
    CHECK(second.said == Said::no);
    CHECK(unless_contains(second.output, "the file system " + host.path("disk").string()) == "");
    const auto injected = host.ask(host.call(Verb::inject, "first"));
    INFO(injected.output);
    REQUIRE(injected.said == Said::yes);
    const auto free_kib = [&] {
      return std::stoll(
          host.command({"sh", "-c", "df -Pk \"$0\" | tail -n 1 | tr -s ' ' | cut -d ' ' -f 4",
                        host.path("disk").string()})
              .output);
    };
    CHECK(free_kib() == 12 * 1024);
    // No file that a restart of the host would leave.
    CHECK(host.command({"ls", "-A", host.path("disk").string()}).output.empty());
    ::kill(std::stoi(evidence(injected, "holder")), SIGKILL);
    CHECK(host.until([&] { return free_kib() == 16 * 1024; }));
    CHECK(evidence(host.renew(60s), "verified.first") == "no");
    CHECK(host.ask(host.call(Verb::revert, "first")).said == Said::yes);
  }
}

TEST_CASE("disk.fill: an inject that the undo overtakes keeps nothing") {
  Host host{with_mounts({"dash"})};
  if (const auto why = ::getuid() == 0 ? small_disk(host) : "it needs root"; !why.empty()) {
    WARN("SKIPPED (1): " << why);
    return;
  }
  REQUIRE(host.lock().said == Said::yes);
  REQUIRE(host.arm("first", script_of("disk.fill"), {{"path", host.path("disk")}, {"size", "4MiB"}})
              .said == Said::yes);
  // As if the dead-man had come first: the holder looks, and goes.
  std::filesystem::create_directory(host.effect_dir("first") / "over");
  const auto late =
      host.command({"sh", "-c",
                    "P_path=$0/disk P_size=4MiB M_DIR=$0/state/effect/first/state M_EFFECT=first "
                    "sh $0/state/effect/first/script inject 3>&2",
                    host.path("").string()});
  CHECK(late.said == Said::no);
  CHECK(unless_contains(late.output, "cannot be made") == "");
  CHECK(host.command({"ls", "-A", host.path("disk").string()}).output.empty());
}

TEST_CASE("network.partition: one at a time on a host") {
  const Network network;
  if (!network.why_not().empty()) {
    WARN("SKIPPED (1): " << network.why_not());
    return;
  }
  auto words = network.words();
  words.emplace_back("dash");
  Host host{words};
  REQUIRE(host.lock().said == Said::yes);
  const catalogue::Values peers{{"peers_count", "1"}, {"peers_0", "10.9.0.2"}};
  const auto first = host.arm("0123456789abcdef", script_of("network.partition"), peers);
  INFO(first.output);
  REQUIRE(first.said == Said::yes);
  const auto second = host.arm("fedcba9876543210", script_of("network.partition"), peers);
  CHECK(second.said == Said::no);
  CHECK(unless_contains(second.output, "the packets of this host") == "");
}

TEST_CASE("what keeps the network up is not killed or paused where Muster came in by it") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    for (const char* fault : {"process.kill", "process.pause"}) {
      // Something above the fault is called sshd, as when Muster came in by ssh.
      ByHand local{fault, sh};
      const auto sshd = local.dir() / "sshd", dhclient = local.dir() / "dhclient";
      std::filesystem::create_symlink("/bin/dash", sshd);
      std::filesystem::create_symlink("/bin/sleep", dhclient);
      const pid_t pid = ::fork();
      if (pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::execl(dhclient.c_str(), dhclient.c_str(), "600", nullptr);
        ::_exit(127);
      }
      const auto comm = "/proc/" + std::to_string(pid) + "/comm";
      for (int i = 0; i < 200 && read_file(comm) != "dhclient\n"; ++i) ::usleep(10'000);
      ByHand remote{fault, sh, {sshd, "-c", "\"$@\"; exit $?", "sh"}};
      local.values = remote.values = {{"pid", std::to_string(pid)}};
      const auto allowed = local.run("precheck");
      INFO(allowed.text);
      CHECK(unless_contains(allowed.text, "matches=1") == "");
      const auto refused = remote.run("precheck");
      INFO(refused.text);
      CHECK(refused.code == 1);
      CHECK(unless_contains(refused.text, "Muster came in by the network that it keeps up") == "");
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
  }
}
