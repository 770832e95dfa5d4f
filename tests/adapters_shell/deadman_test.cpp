// Who undoes an effect when nobody asks any more. Real time, kept short.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "base/text.hpp"
#include "tests/adapters_shell/by_hand.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

/// Armed and injected, leased for that long.
void injected(Host& host, Duration lease, catalogue::Values more = {}) {
  more["file"] = host.path("f");
  REQUIRE(host.lock().said == Said::yes);
  const auto armed = host.arm(kEffect, marker_fault(), more, lease);
  INFO(armed.output);
  REQUIRE(armed.said == Said::yes);
  const auto answer = host.ask(host.call(Verb::inject, kEffect));
  INFO(answer.output);
  REQUIRE(answer.said == Said::yes);
}
}  // namespace

TEST_CASE("the dead-man reverts when the lease is over, and says that it was the lease") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Host host{sh};
    injected(host, 60s);
    const int pid = host.deadman(kEffect);
    host.expire_lease();
    CHECK(host.until([&] { return std::filesystem::exists(host.effect_dir(kEffect) / "healed"); }));
    CHECK_FALSE(std::filesystem::exists(host.path("f")));
    CHECK(host.until([&] { return gone(pid); }));
    const auto reverted = host.ask(host.call(Verb::revert, kEffect));
    CHECK(reverted.said == Said::yes);
    CHECK(evidence(reverted, "healed_by") == "lease");
    CHECK(host.ask(host.call(Verb::inject, kEffect)).said == Said::expired);
    const auto renewed = host.renew(10s);
    CHECK(evidence(renewed, "effect." + kEffect) == "over");
    CHECK(evidence(renewed, "healed." + kEffect) == "lease");
  }
}

TEST_CASE("a renewed lease keeps the effect; a late renewal does not shorten it") {
  Host host;
  injected(host, 2s);
  CHECK(host.renew(20s).said == Said::yes);
  CHECK(host.renew(100ms).said == Said::yes);
  host.pass(2200ms);
  CHECK(std::filesystem::exists(host.path("f")));
  CHECK(evidence(host.renew(20s), "effect." + kEffect) == "active");
}

TEST_CASE("the dead-man holds nothing of the channel and is no child of the runner") {
  Host host;
  injected(host, 20s);
  const auto fds = "/proc/" + std::to_string(host.deadman(kEffect)) + "/fd";
  for (const auto& entry : std::filesystem::directory_iterator{fds}) {
    std::error_code gone_meanwhile;
    const auto to = std::filesystem::read_symlink(entry, gone_meanwhile).string();
    INFO(entry.path() << " -> " << to);
    CHECK((to == "/dev/null" || to.ends_with("/target.sh") || gone_meanwhile));
  }
  const auto stat = read_file("/proc/" + std::to_string(host.deadman(kEffect)) + "/stat");
  const auto words = split(stat.substr(stat.rfind(") ") + 2), ' ');
  CHECK(std::stoi(words[3]) == host.deadman(kEffect));  // leads a session of its own
}

TEST_CASE("a dead-man that is terminated reverts first") {
  Host host;
  injected(host, 20s);
  ::kill(host.deadman(kEffect), SIGTERM);
  CHECK(host.until([&] { return !std::filesystem::exists(host.path("f")); }));
}

TEST_CASE("without a dead-man nothing is injected; a renewal starts a new one") {
  Host host;
  REQUIRE(host.lock().said == Said::yes);
  REQUIRE(host.arm(kEffect, marker_fault(), {{"file", host.path("f")}}).said == Said::yes);
  const int pid = host.deadman(kEffect);
  ::kill(pid, SIGKILL);
  CHECK(host.until([&] { return gone(pid); }));
  CHECK(host.ask(host.call(Verb::inject, kEffect)).said == Said::could_not);
  CHECK_FALSE(std::filesystem::exists(host.path("f.log")));
  CHECK(evidence(host.renew(20s), "deadman." + kEffect) == "restarted");
  // It undoes with patience: that a renewal looks only once is not its business.
  const auto environment = read_file("/proc/" + std::to_string(host.deadman(kEffect)) + "/environ");
  CHECK(environment.find("M_AGAIN") == std::string::npos);
  CHECK(process_state(host.deadman(kEffect)) != '\0');
}

TEST_CASE("the dead-man outlives a system where nothing can fork") {
  // Limits of processes bind ordinary users only.
  if (::getuid() != 0 || ::access("/usr/bin/setpriv", X_OK) != 0) {
    WARN("SKIPPED (1): needs root and setpriv to become a user whose processes can be limited");
    return;
  }
  const char* const user =
      "--reuid=61236";  // nobody else has it: the limit counts our processes only
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    std::vector<std::string> limited{"setpriv",
                                     user,
                                     "--regid=61236",
                                     "--clear-groups",
                                     "sh",
                                     "-c",
                                     "ulimit -p 15 2>/dev/null || ulimit -u 15; exec \"$@\"",
                                     "sh"};
    limited.insert(limited.end(), sh.begin(), sh.end());
    Host host{limited};
    std::filesystem::permissions(host.path(""), std::filesystem::perms{0777});
    injected(host, 60s);
    std::vector<pid_t> crowd;
    for (int i = 0; i < 20; ++i) {
      const pid_t pid = ::fork();
      if (pid == 0) {
        ::execlp("setpriv", "setpriv", user, "sleep", "60", nullptr);
        ::_exit(127);
      }
      crowd.push_back(pid);
    }
    host.pass(500ms);
    host.expire_lease();
    host.pass(1500ms);
    CHECK(process_state(host.deadman(kEffect)) != '\0');
    CHECK(std::filesystem::exists(host.path("f")));  // it cannot do anything yet
    for (const pid_t pid : crowd) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
    CHECK(host.until([&] { return !std::filesystem::exists(host.path("f")); }, 30s));
  }
}

TEST_CASE("an inject that the lease overtakes is undone and says expired") {
  Host host;
  REQUIRE(host.lock().said == Said::yes);
  REQUIRE(host.arm(kEffect, marker_fault(), {{"file", host.path("f")}, {"slow", "3"}}).said ==
          Said::yes);
  host.clock.at(host.clock.now() + 1s, [&] { host.expire_lease(); });
  CHECK(host.ask(host.call(Verb::inject, kEffect)).said == Said::expired);
  CHECK_FALSE(std::filesystem::exists(host.path("f")));
  CHECK(host.ask(host.call(Verb::revert, kEffect)).said == Said::yes);
}

TEST_CASE(
    "a held effect stays when the lease is over, and can be reverted by who knows that it is "
    "held") {
  Host host;
  injected(host, 60s);
  const int pid = host.deadman(kEffect);
  const auto held = host.ask(host.call(Verb::hold, kEffect));
  CHECK(held.said == Said::yes);
  CHECK(gone(pid));
  host.expire_lease();
  host.pass(800ms);
  CHECK(std::filesystem::exists(host.path("f")));
  CHECK(evidence(host.renew(10s), "effect." + kEffect) == "held");
  auto revert = host.call(Verb::revert, kEffect);
  revert.values["held"] = "yes";
  CHECK(host.ask(revert).said == Said::yes);
  CHECK_FALSE(std::filesystem::exists(host.path("f")));
}
