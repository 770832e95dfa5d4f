// What is undone from the host's own markers, when nobody's record is at hand.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "base/text.hpp"
#include "tests/adapters_shell/by_hand.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/adapters_shell/swept.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

TEST_CASE("survey tells whose effect and lock it is, how old, and for how long it is leased") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Swept host{sh};
    CHECK(host.survey().said == Said::yes);
    CHECK_FALSE(std::filesystem::exists(host.path("state")));  // it changes nothing
    host.leave();
    const auto found = host.survey();
    INFO(found.evidence << found.output);
    CHECK(found.said == Said::yes);
    CHECK(evidence(found, "effect." + kLeft) == host.run + " test.marker active");
    CHECK(evidence(found, "store." + kLeft) == "store-a");
    CHECK(evidence(found, "deadman." + kLeft) == "gone");
    CHECK(std::stoi(evidence(found, "age_s." + kLeft)) <= 20);
    CHECK(std::stoi(evidence(found, "left_s." + kLeft)) > 30);
    CHECK(evidence(found, "lock.run") == host.run);
    CHECK(std::stoi(evidence(found, "lock.left_s")) > 200);
    host.time_passes();
    const auto later = host.survey();
    CHECK(evidence(later, "left_s." + kLeft) == "0");
    CHECK(evidence(later, "lock.left_s") == "0");
  }
}

TEST_CASE(
    "sweep undoes what a lost runner left, proves it, and removes every mark; twice is once") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Swept host{sh};
    host.leave();
    host.time_passes();
    const auto swept = host.sweep(kLeft);
    INFO(swept.output);
    CHECK(swept.said == Said::yes);
    CHECK(evidence(swept, "healed_by") == "sweep");
    CHECK_FALSE(std::filesystem::exists(host.path("f")));
    const auto rest = host.sweep("");
    CHECK(rest.said == Said::yes);
    CHECK(evidence(rest, "removed") == "lock " + host.run);
    CHECK(host.sweep(kLeft).said == Said::yes);
    CHECK(host.sweep("").said == Said::yes);
    CHECK(read_file(host.path("f.log")) == "inject\nrevert\n");
    CHECK(std::filesystem::is_empty(host.path("state/effect")));
    CHECK(std::filesystem::is_empty(host.path("state/run")));
    CHECK_FALSE(std::filesystem::exists(host.path("state/lock")));
  }
}

TEST_CASE("sweep leaves alone what a live run leases, unless it is forced") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Swept host{sh};
    host.leave();
    const auto kept = host.sweep(kLeft);
    CHECK(kept.said == Said::exists);
    CHECK(unless_contains(evidence(kept, "kept"), "run " + host.run + " leases it for ") == "");
    CHECK(host.sweep("").said == Said::exists);
    CHECK(std::filesystem::exists(host.path("f")));
    CHECK(std::filesystem::exists(host.path("state/lock")));
    CHECK(host.sweep(kLeft, true).said == Said::yes);
    CHECK(host.sweep("", true).said == Said::yes);
    CHECK_FALSE(std::filesystem::exists(host.path("f")));
    CHECK_FALSE(std::filesystem::exists(host.path("state/lock")));
  }
}

TEST_CASE("sweep leaves alone what is held on purpose, unless it is forced") {
  Swept host;
  host.leave();
  REQUIRE(host.ask(host.call(Verb::hold, kLeft)).said == Said::yes);
  host.time_passes();
  const auto kept = host.sweep(kLeft);
  CHECK(kept.said == Said::exists);
  CHECK(unless_contains(evidence(kept, "kept"), "held on purpose") == "");
  CHECK(std::filesystem::exists(host.path("f")));
  // Nor is the lock of an effect that is not undone.
  CHECK(host.sweep("").said == Said::exists);
  CHECK(host.sweep(kLeft, true).said == Said::yes);
  CHECK_FALSE(std::filesystem::exists(host.path("f")));
}

TEST_CASE("sweep never calls clean what is not, and keeps the mark") {
  Swept host;
  const auto stubborn = catalogue::complete_script(
      "precheck() { :; }\ninject() { : >\"$P_file\"; }\nverify() { :; }\nrevert() { :; }\n"
      "clean() { [ ! -e \"$P_file\" ] || no \"still there\"; }\n");
  REQUIRE(host.lock().said == Said::yes);
  REQUIRE(host.arm(kLeft, stubborn, {{"file", host.path("f")}}).said == Said::yes);
  REQUIRE(host.ask(host.call(Verb::inject, kLeft)).said == Said::yes);
  ::kill(host.deadman(kLeft), SIGKILL);
  host.time_passes();
  const auto swept = host.sweep(kLeft);
  CHECK(swept.said == Said::no);
  CHECK(unless_contains(swept.output, "still there") == "");
  CHECK(host.sweep("").said == Said::exists);
  CHECK(std::filesystem::exists(host.effect_dir(kLeft) / "meta"));
  // Somebody mends it by hand: the next sweep finds it clean.
  std::filesystem::remove(host.path("f"));
  CHECK(host.sweep(kLeft).said == Said::yes);
  CHECK(host.sweep("").said == Said::yes);
}

TEST_CASE("an arming that was cut short is removed, and what a lock's taker left behind") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Swept host{sh};
    REQUIRE(host.lock().said == Said::yes);
    std::filesystem::create_directories(host.effect_dir(kLeft) / "state");
    CHECK(host.sweep(kLeft).said == Said::exists);  // it may go on this very moment
    host.time_passes();
    CHECK(host.sweep(kLeft).said == Said::yes);
    CHECK_FALSE(std::filesystem::exists(host.effect_dir(kLeft)));
    std::filesystem::create_directory(host.path("state/lock.taking"));
    std::ofstream{host.path("state/lock.taking/who")} << "4194000 1 no-such-boot\n";
    host.run = "20261122-220000-aaaaaa";
    CHECK(host.lock().said == Said::yes);  // a taker that died does not bar the host for ever
    CHECK_FALSE(std::filesystem::exists(host.path("state/lock.taking")));
  }
}

TEST_CASE("a lease of before a restart is over, whatever its file says") {
  Swept host;
  host.leave();
  const auto meta = host.effect_dir(kLeft) / "meta";
  std::string text;
  for (const auto& line : split(read_file(meta), '\n'))
    if (!line.empty()) text += (line.starts_with("boot_id=") ? "boot_id=another" : line) + "\n";
  std::ofstream{meta} << text;
  CHECK(evidence(host.survey(), "left_s." + kLeft) == "0");
  CHECK(host.sweep(kLeft).said == Said::yes);
}

// An old copy of a record
// ------------------------------------------------------------------------------------------------

TEST_CASE("an effect is undone by its own store only, and a held one only by who knows of it") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Swept host{sh};
    host.leave();
    auto revert = host.call(Verb::revert, kLeft);
    revert.values["store"] = "store-b";
    const auto other = host.ask(revert);
    CHECK(other.said == Said::exists);
    CHECK(evidence(other, "store") == "store-a");
    auto disarm = host.call(Verb::disarm, kLeft);
    disarm.values["store"] = "store-b";
    disarm.values["force"] = "yes";
    CHECK(host.ask(disarm).said == Said::exists);
    REQUIRE(host.ask(host.call(Verb::hold, kLeft)).said == Said::yes);
    revert.values["store"] = "store-a";
    const auto old = host.ask(revert);
    CHECK(old.said == Said::fenced);
    CHECK(unless_contains(old.output, "its record is an old copy") == "");
    CHECK(std::filesystem::exists(host.path("f")));
    revert.values["held"] = "yes";
    CHECK(host.ask(revert).said == Said::yes);
    CHECK_FALSE(std::filesystem::exists(host.path("f")));
  }
}

TEST_CASE("an earlier life of a store is refused by every verb that changes something") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Swept host{sh};
    host.leave();
    auto renew = host.call(Verb::renew);
    renew.values["lease_until_cs"] = std::to_string(host.uptime_cs() + 6000);
    renew.values["life"] = "7";
    REQUIRE(host.ask(renew).said == Said::yes);
    for (const auto verb : {Verb::revert, Verb::disarm, Verb::unlock, Verb::lock, Verb::hold,
                            Verb::renew, Verb::inject}) {
      INFO(ports::name_of(verb));
      auto c = host.call(verb, verb == Verb::unlock || verb == Verb::lock ? "" : kLeft);
      c.values["life"] = "6";
      c.values["lease_until_cs"] = renew.values["lease_until_cs"];
      const auto refused = host.ask(c);
      CHECK(refused.said == Said::fenced);
      CHECK(unless_contains(refused.output, "what asks is an old copy of it") == "");
    }
    CHECK(std::filesystem::exists(host.path("f")));
    auto revert = host.call(Verb::revert, kLeft);
    revert.values["life"] = "8";
    CHECK(host.ask(revert).said == Said::yes);
  }
}

TEST_CASE(
    "a disarm of what is over takes the run's folder along, but not that of a run that works") {
  Swept host;
  host.leave();
  REQUIRE(host.ask(host.call(Verb::revert, kLeft)).said == Said::yes);
  auto disarm = host.call(Verb::disarm, kLeft);
  disarm.values["tidy"] = "yes";
  SECTION("it holds the lock") {
    CHECK(host.ask(disarm).said == Said::yes);
    CHECK(std::filesystem::exists(host.path("state/run/" + host.run)));
  }
  SECTION("it is over") {
    std::filesystem::remove(host.path("state/lock"));
    host.expire_lease();
    CHECK(host.ask(disarm).said == Said::yes);
    CHECK_FALSE(std::filesystem::exists(host.path("state/run/" + host.run)));
  }
}

TEST_CASE("a lock is leased: who holds it extends it, and another may take it when it is over") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Swept host{sh};
    auto lock = host.call(Verb::lock);
    lock.values["lock_s"] = "1";
    REQUIRE(host.ask(lock).said == Said::yes);
    lock.values["lock_s"] = "100";
    REQUIRE(host.ask(lock).said == Said::yes);
    const auto first = host.run;
    host.run = "20261122-220000-aaaaaa";
    host.store = "store-b";
    host.pass(1200ms);
    const auto refused = host.lock();
    CHECK(refused.said == Said::exists);
    CHECK(evidence(refused, "lock.run") == first);
    CHECK(evidence(refused, "lock.store") == "store-a");
    CHECK(std::stoi(evidence(refused, "lock.left_s")) > 90);
    host.time_passes();
    CHECK(host.lock().said == Said::yes);
    host.run = first;
    host.store = "store-a";
    CHECK(host.lock().said == Said::exists);
  }
}
