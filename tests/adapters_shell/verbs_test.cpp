// The verbs against real shells, over the local channel.
#include <csignal>
#include <fstream>

#include "base/text.hpp"
#include "tests/adapters_shell/by_hand.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {}  // namespace

TEST_CASE("the way of an effect: lock, arm, inject, renew, revert, disarm, unlock") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Host host{sh};
    const auto file = host.path("fault");
    const auto locked = host.lock();
    INFO(locked.output);
    REQUIRE(locked.said == Said::yes);
    CHECK(host.lock().said == Said::yes);

    const auto armed = host.arm(kEffect, marker_fault(), {{"file", file}});
    INFO(armed.output);
    REQUIRE(armed.said == Said::yes);
    CHECK(evidence(armed, "deadman") == "setsid");
    CHECK(std::stoi(evidence(armed, "deadman_pid")) == host.deadman(kEffect));
    CHECK_FALSE(std::filesystem::exists(file));

    CHECK(host.ask(host.call(Verb::inject, kEffect)).said == Said::yes);
    CHECK(std::filesystem::exists(file));
    CHECK(host.ask(host.call(Verb::inject, kEffect)).said == Said::exists);

    auto renewed = host.renew(60s);
    CHECK(renewed.said == Said::yes);
    CHECK(evidence(renewed, "effect." + kEffect) == "active");
    CHECK(evidence(renewed, "verified." + kEffect) == "yes");
    std::filesystem::remove(file);
    renewed = host.renew(60s);
    CHECK(evidence(renewed, "verified." + kEffect) == "no");

    CHECK(host.ask(host.call(Verb::disarm, kEffect)).said == Said::no);
    for (int again = 0; again < 2; ++again) {
      const auto reverted = host.ask(host.call(Verb::revert, kEffect));
      CHECK(reverted.said == Said::yes);
      CHECK(evidence(reverted, "healed_by") == "revert");
    }
    CHECK(host.ask(host.call(Verb::inject, kEffect)).said == Said::expired);
    const auto facts = host.ask(host.call(Verb::facts));
    CHECK(evidence(facts, "effect." + kEffect) == host.run + " test.marker over");
    CHECK(evidence(facts, "lock.run") == host.run);
    CHECK(evidence(facts, "lock.who") == "ana");

    CHECK(host.ask(host.call(Verb::disarm, kEffect)).said == Said::yes);
    CHECK(host.ask(host.call(Verb::disarm, kEffect)).said == Said::yes);
    CHECK(host.ask(host.call(Verb::unlock)).said == Said::yes);
    const auto gone = host.ask(host.call(Verb::revert, kEffect));
    CHECK(gone.said == Said::yes);
    CHECK(evidence(gone, "absent") == "yes");
    CHECK(read_file(file.string() + ".log") == "inject\nrevert\n");
    CHECK(std::filesystem::is_empty(host.path("state/effect")));
    CHECK(std::filesystem::is_empty(host.path("state/run")));
  }
}

TEST_CASE("bytes 1 to 255 arrive as they are, and nothing in them is executed") {
  std::string all;
  for (int c = 1; c < 256; ++c) all += static_cast<char>(c);
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Host host{sh};
    const auto trap = host.path("executed");
    const std::vector<std::string> hostile{all,
                                           all + all + "\n\n\n",
                                           "$(touch " + trap.string() + ")",
                                           "`touch " + trap.string() + "`",
                                           "'; touch " + trap.string() + "; '",
                                           "\"; touch " + trap.string() + "; \"",
                                           "\n}\ntouch " + trap.string() + "\n{\n",
                                           "\\",
                                           "%s%n",
                                           "-n",
                                           "",
                                           "_"};
    const auto script = catalogue::complete_script(
        "precheck() { for n in 0 1 2 3 4 5 6 7 8 9 10 11; do eval \"printf '%s' \\\"\\$P_v$n\\\"\" "
        ">\"$P_file$n\"; done; }\n"
        "inject() { :; }\nverify() { :; }\nrevert() { :; }\nclean() { :; }\n");
    REQUIRE(host.lock().said == Said::yes);
    catalogue::Values parameters{{"file", host.path("param")}};
    for (std::size_t i = 0; i < hostile.size(); ++i) {
      parameters["v" + std::to_string(i)] = hostile[i];
      const auto said = host.command(
          {"sh", "-c", "printf %s \"$1\" >" + host.path("got").string(), "sh", hostile[i]});
      CHECK(said.said == Said::yes);
      CHECK(read_file(host.path("got")) == hostile[i]);
    }
    const auto armed = host.arm(kEffect, script, parameters);
    INFO(armed.output);
    REQUIRE(armed.said == Said::yes);
    for (std::size_t i = 0; i < hostile.size(); ++i)
      CHECK(read_file(host.path("param" + std::to_string(i))) == hostile[i]);
    CHECK_FALSE(std::filesystem::exists(trap));
  }
}

TEST_CASE("a command's exit status is told, and is no verb's answer") {
  Host host;
  for (const int status : {0, 1, 2, 75, 77, 127}) {
    const auto answer =
        host.command({"sh", "-c", "echo out; echo err >&2; exit " + std::to_string(status)});
    CHECK(answer.said == (status == 0 ? Said::yes : Said::no));
    CHECK(answer.status == status);
    CHECK(answer.output == "out\nerr");
  }
  CHECK(host.command({"/no/such/program"}).status == 127);
}

TEST_CASE("a command reads what the frame brings, byte for byte, and nothing without it") {
  for (const auto& sh : kShells) {
    CAPTURE(sh.back());
    Host host{sh};
    auto call = host.call(Verb::command);
    call.argv = {"cat"};
    CHECK(host.ask(call).output.empty());
    call.standard_input = "one $(two)\n'three' \\0101 %s\n\n";
    call.argv = {"sh", "-c", "cat >\"$0\"", host.path("read").string()};
    CHECK(host.ask(call).said == Said::yes);
    CHECK(read_file(host.path("read")) == call.standard_input);
    // One that does not read all of it ends all the same, and the channel goes on.
    call.standard_input = std::string(64 * 1024, 'x');
    call.argv = {"true"};
    CHECK(host.ask(call).said == Said::yes);
    call.argv = {"sh", "-c", "exit 3"};
    CHECK(host.ask(call).status == 3);
    call.argv = {"sh", "-c", "cat >\"$0\"", host.path("read").string()};
    CHECK(host.ask(call).said == Said::yes);
    CHECK(read_file(host.path("read")) == call.standard_input);
  }
}

TEST_CASE(
    "the fault command: what `do` reads is in no file of the effect, and undo reads nothing") {
  for (const auto& sh : kShells) {
    CAPTURE(sh.back());
    Host host{sh};
    REQUIRE(host.lock().said == Said::yes);
    const auto script = catalogue::builtin_faults().at("command").script;
    const auto read = host.path("read").string(), undone = host.path("undone").string();
    REQUIRE(host.arm("e1", script,
                     {{"do_count", "4"},
                      {"do_0", "sh"},
                      {"do_1", "-c"},
                      {"do_2", "cat >\"$0\""},
                      {"do_3", read},
                      {"undo_count", "4"},
                      {"undo_0", "sh"},
                      {"undo_1", "-c"},
                      {"undo_2", "cat >\"$0\""},
                      {"undo_3", undone}})
                .said == Said::yes);
    auto inject = host.call(Verb::inject, "e1");
    inject.standard_input = "correct horse battery";
    CHECK(host.ask(inject).said == Said::yes);
    CHECK(read_file(read) == "correct horse battery");
    for (const auto& entry : std::filesystem::recursive_directory_iterator{host.effect_dir("e1")})
      if (entry.is_regular_file()) {
        CAPTURE(entry.path());
        CHECK(read_file(entry.path()).find("correct horse") == std::string::npos);
      }
    CHECK(host.ask(host.call(Verb::revert, "e1")).said == Said::yes);
    CHECK(std::filesystem::exists(undone));
    CHECK(read_file(undone).empty());
  }
}

TEST_CASE("a second run is refused with the first one's name") {
  Host host;
  REQUIRE(host.lock().said == Said::yes);
  host.run = "20261122-220000-aaaaaa";
  const auto second = host.lock();
  CHECK(second.said == Said::exists);
  CHECK(evidence(second, "lock.run") == "20261122-211505-3f9a0c");
  CHECK(evidence(second, "lock.who") == "ana");
  CHECK(host.ask(host.call(Verb::unlock)).said == Said::exists);
  CHECK(host.arm(kEffect, marker_fault(), {{"file", host.path("f")}}).said == Said::exists);
  SECTION("also the same run of another store") {
    host.run = "20261122-211505-3f9a0c";
    host.store = "store-b";
    CHECK(host.lock().said == Said::exists);
  }
  SECTION("until the first one's lease is over and nothing of it is live") {
    host.run = "20261122-211505-3f9a0c";
    auto short_lock = host.call(Verb::lock);
    short_lock.values["lock_s"] = "0";
    REQUIRE(host.ask(host.call(Verb::unlock)).said == Said::yes);
    REQUIRE(host.ask(short_lock).said == Said::yes);
    REQUIRE(host.renew(2s).said == Said::yes);
    host.run = "20261122-220000-aaaaaa";
    CHECK(host.lock().said == Said::exists);
    host.pass(2100ms);
    CHECK(host.lock().said == Said::yes);
  }
}

TEST_CASE("the epoch fences whoever came before") {
  Host host;
  host.epoch = 5;
  REQUIRE(host.lock().said == Said::yes);
  REQUIRE(host.arm(kEffect, marker_fault(), {{"file", host.path("f")}}).said == Said::yes);
  host.epoch = 4;
  const auto late = host.ask(host.call(Verb::inject, kEffect));
  CHECK(late.said == Said::fenced);
  CHECK(evidence(late, "epoch") == "5");
  CHECK(host.renew(60s).said == Said::fenced);
  CHECK(host.arm("another", marker_fault(), {{"file", host.path("g")}}).said == Said::fenced);
  CHECK(host.ask(host.call(Verb::revert, kEffect)).said == Said::yes);
}

TEST_CASE("what is wrong with arming leaves nothing behind") {
  Host host;
  const catalogue::Values file{{"file", host.path("f")}};
  SECTION("no lock") {
    CHECK(host.arm(kEffect, marker_fault(), file).said == Said::could_not);
  }
  SECTION("a lease that is over") {
    REQUIRE(host.lock().said == Said::yes);
    CHECK(host.arm(kEffect, marker_fault(), file, -1s).said == Said::expired);
  }
  SECTION("a precheck that says no") {
    REQUIRE(host.lock().said == Said::yes);
    const auto refused = host.arm(kEffect, marker_fault(), {{"file", ""}});
    CHECK(refused.said == Said::no);
    CHECK(refused.output == "no file");
  }
  SECTION("a script that is not the one that was meant") {
    REQUIRE(host.lock().said == Said::yes);
    auto c = host.call(Verb::arm, kEffect);
    c.script = marker_fault();
    c.values["sha256"] = hex(sha256("another"));
    c.values["fault"] = "x";
    c.values["cap_s"] = "60";
    c.values["lease_until_cs"] = std::to_string(host.uptime_cs() + 6000);
    CHECK(host.ask(c).said == Said::could_not);
  }
  CHECK(std::filesystem::is_empty(host.path("state/effect")));
}

TEST_CASE("the same effect is armed once") {
  Host host;
  REQUIRE(host.lock().said == Said::yes);
  REQUIRE(host.arm(kEffect, marker_fault(), {{"file", host.path("f")}}).said == Said::yes);
  CHECK(host.arm(kEffect, marker_fault(), {{"file", host.path("f")}}).said == Said::exists);
}

TEST_CASE("an effect that was never injected is clean without its script") {
  Host host;
  REQUIRE(host.lock().said == Said::yes);
  REQUIRE(host.arm(kEffect, marker_fault(), {{"file", host.path("f")}}).said == Said::yes);
  const auto reverted = host.ask(host.call(Verb::revert, kEffect));
  CHECK(reverted.said == Said::yes);
  CHECK(evidence(reverted, "injected") == "no");
  CHECK_FALSE(std::filesystem::exists(host.path("f.log")));
}

TEST_CASE("a phase gets its own values, and teardown ends one that still works") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Host host{sh};
    REQUIRE(host.lock().said == Said::yes);
    REQUIRE(
        host.arm(kEffect, marker_fault(), {{"file", host.path("f")}, {"extra", "armed"}}).said ==
        Said::yes);
    auto phase = host.call(Verb::phase, kEffect);
    phase.values["phase"] = "work";
    phase.values["p_extra"] = "just now";
    phase.long_job = true;
    const auto worked = host.ask(phase);
    CHECK(worked.said == Said::yes);
    CHECK(evidence(worked, "extra") == "just now");
    phase.values["phase"] = "no_such_phase";
    CHECK(host.ask(phase).said == Said::could_not);

    phase.values["phase"] = "work";
    phase.values["p_long"] = "30";
    std::filesystem::remove(host.path("f.log"));
    phase.within = 300ms;
    CHECK(host.ask(phase).said == Said::unknown);
    CHECK(host.until([&] { return std::filesystem::exists(host.path("f.log")); }));
    const int pid = std::stoi(read_file(host.path("f.log")).substr(5));
    CHECK(process_state(pid) != '\0');
    CHECK(host.ask(host.call(Verb::revert, kEffect)).said == Said::yes);
    CHECK(host.until([&] { return process_state(pid) == '\0' || process_state(pid) == 'Z'; }));
    phase.within = 5s;
    CHECK(host.ask(phase).said == Said::expired);
  }
}

TEST_CASE("facts change nothing") {
  Host host;
  auto c = host.call(Verb::facts);
  c.values["tools"] = "sh no-such-tool";
  c.values["space"] = "/proc/..\n/no/such/path";
  const auto facts = host.ask(c);
  CHECK(facts.said == Said::yes);
  CHECK(evidence(facts, "tool.sh") == "yes");
  CHECK(evidence(facts, "tool.no-such-tool") == "no");
  CHECK(std::stoll(evidence(facts, "free_kb./proc/..")) >= 0);
  CHECK(evidence(facts, "free_kb./no/such/path") == "unknown");
  CHECK(evidence(facts, "boot_id").size() > 36);  // the kernel's, and process 1's start
  CHECK(std::stoll(evidence(facts, "uptime_cs")) <= host.uptime_cs());
  CHECK(std::stoll(evidence(facts, "wall_ns")) > 1'700'000'000'000'000'000);
  CHECK_FALSE(std::filesystem::exists(host.path("state")));
}

TEST_CASE("a state folder that somebody else could have made is refused") {
  Host host;
  SECTION("a link") {
    std::filesystem::create_directory(host.path("elsewhere"));
    std::filesystem::create_directory_symlink(host.path("elsewhere"), host.path("state"));
  }
  SECTION("open to others") {
    std::filesystem::create_directory(host.path("state"));
    std::filesystem::permissions(host.path("state"), std::filesystem::perms{0777});
  }
  CHECK(host.lock().said == Said::could_not);
}
