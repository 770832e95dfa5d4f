// process.kill against real processes, under each shell.
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include "base/id.hpp"
#include "tests/adapters_shell/by_hand.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/adapters_shell/sleeper.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {
/// `recover`: starts sleepers with this mark, which end with the test's folder.
std::vector<std::string> starts(const std::string& mark, const std::filesystem::path& while_there) {
  return {"sh",
          "-c",
          "setsid sh -c 'while [ -d \"$1\" ]; do sleep 0.2; done' \"$2\" \"$1\" >/dev/null 2>&1 &",
          "sh",
          while_there,
          mark};
}
}  // namespace

TEST_CASE("process.kill kills those that match, and nothing else") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    const auto mark = "sleeper-" + random_id();
    Sleeper one{mark}, two{mark}, other{"sleeper-other"};
    ByHand fault{"process.kill", sh};
    fault.values = {{"command", mark}};
    expect(fault.run("precheck"), 0, "undo=none: what is killed stays so");
    CHECK_FALSE(gone(one.pid()));
    expect(fault.run("inject"), 0, "matches=2");
    expect(fault.run("verify"), 0, "gone=2 of 2");
    CHECK(gone(one.pid()));
    CHECK(gone(two.pid()));
    CHECK_FALSE(gone(other.pid()));
    expect(fault.run("verify", true), 0, "running=0 of 2");
    expect(fault.run("revert"), 0, "");
    expect(fault.run("clean"), 0, "undo=nothing to undo");
  }
}

TEST_CASE("process.kill: a signal that is ignored is no proof") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    const auto mark = "sleeper-" + random_id();
    Sleeper deaf{mark, true};
    ByHand fault{"process.kill", sh};
    fault.values = {{"command", mark}, {"signal", "TERM"}, {"within", "0s"}};
    expect(fault.run("inject"), 0, "killed=" + std::to_string(deaf.pid()));
    expect(fault.run("verify"), 1, "1 of 1 are still there after SIGTERM");
    CHECK_FALSE(gone(deaf.pid()));
  }
}

TEST_CASE("process.kill: recover brings them back once, and that is proven") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    const auto mark = "sleeper-" + random_id();
    Sleeper one{mark};
    ByHand fault{"process.kill", sh};
    fault.values = {{"name", "sh"}, {"command", "sleep 0.2; done " + mark}};
    // What matches is what recover starts, so the first one is started by it too.
    const auto start = starts(mark, fault.dir() / "state");
    REQUIRE(run_program(start, {"PATH=/usr/bin:/bin"}).code == 0);
    fault.list("recover", start);
    REQUIRE(await([&] { return fault.run("precheck").code == 0; }));
    expect(fault.run("precheck"), 0, "matches=1");
    expect(fault.run("inject"), 0, "killed=");
    expect(fault.run("verify"), 0, "gone=1 of 1");
    fault.values["recover_within"] = "0s";
    expect(fault.run("clean"), 1, "what was killed is not back");
    fault.values["recover_within"] = "30s";
    expect(fault.run("revert"), 0, "running=1 of 1");
    expect(fault.run("clean"), 0, "running=1 of 1");
    // Somebody has brought it back: no second one is started, and the fault is over.
    expect(fault.run("revert"), 0, "recover=not needed");
    expect(fault.run("verify", true), 1, "as many run again as before");
    CHECK_FALSE(gone(one.pid()));
  }
}

TEST_CASE("process.kill: who survived the signal is there, and is not started a second time") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    const auto mark = "sleeper-" + random_id();
    ByHand fault{"process.kill", sh};
    // One that TERM does not end, and what recover would start beside it.
    Sleeper deaf{mark, true};
    const auto flag = (fault.dir() / "recovered").string();
    fault.values = {{"name", "sh"}, {"command", mark}, {"signal", "TERM"}, {"within", "0s"}};
    fault.values["recover_within"] = "0s";
    fault.list("recover", {"touch", flag});
    expect(fault.run("inject"), 0, "killed=" + std::to_string(deaf.pid()));
    expect(fault.run("verify"), 1, "1 of 1 are still there");
    expect(fault.run("revert"), 0, "recover=not needed");
    CHECK_FALSE(std::filesystem::exists(flag));
    expect(fault.run("clean"), 0, "running=1 of 1");
    CHECK_FALSE(gone(deaf.pid()));
    // One that was only slow to go is waited for, and then brought back.
    fault.values["within"] = "5s";
    std::thread later{[&] {
      std::this_thread::sleep_for(700ms);
      deaf.end();
    }};
    expect(fault.run("revert"), 1, "they are not back");
    later.join();
    CHECK(std::filesystem::exists(flag));
  }
}

TEST_CASE("process.kill: recover_check decides, and must hold beforehand") {
  const auto mark = "sleeper-" + random_id();
  Sleeper one{mark};
  ByHand fault{"process.kill", {"dash"}};
  const auto flag = (fault.dir() / "back").string();
  fault.values = {{"pid", std::to_string(one.pid())}, {"recover_within", "0s"}};
  fault.list("recover", {"touch", flag});
  expect(fault.run("precheck"), 2, "give recover_check");
  fault.list("recover_check", {"test", "-e", flag});
  expect(fault.run("precheck"), 1, "recover_check ends with status 1 although");
  std::ofstream{flag} << "";
  expect(fault.run("precheck"), 0, "matches=1");
  expect(fault.run("inject"), 0, "");
  std::filesystem::remove(flag);
  expect(fault.run("clean"), 1, "not back");
  expect(fault.run("revert"), 0, "");
  expect(fault.run("clean"), 0, "");
  // After a restart of the host nothing but the parameters is known, and that is enough.
  std::filesystem::remove(flag);
  fault.forget();
  expect(fault.run("revert"), 0, "");
  CHECK(std::filesystem::exists(flag));
  expect(fault.run("clean"), 0, "");
}

TEST_CASE("process.kill: without recover_check one process must tell that they are back") {
  const auto mark = "sleeper-" + random_id();
  Sleeper one{mark};
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    ByHand fault{"process.kill", sh};
    fault.list("recover", {"true"});
    fault.values["command"] = mark;
    expect(fault.run("precheck"), 2, "give recover_check, or name, unit or port too");
    fault.values["name"] = "sh";
    expect(fault.run("precheck"), 0, "matches=1");
    {
      Sleeper two{mark};
      expect(fault.run("precheck"), 1, "2 processes match, and nobody knows how many");
      fault.list("recover_check", {"true"});
      expect(fault.run("precheck"), 0, "matches=2");
    }
  }
}

TEST_CASE("process.kill: recover is run once by each who undoes") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    const auto mark = "sleeper-" + random_id();
    Sleeper one{mark};
    ByHand fault{"process.kill", sh};
    fault.values = {{"name", "sh"}, {"command", mark}, {"recover_within", "0s"}};
    const auto count = fault.dir() / "count";
    const auto fails = fault.dir() / "fails";
    fault.list("recover",
               {"sh", "-c", "echo run >>\"$0\"; [ ! -e \"$1\" ]", count.string(), fails.string()});
    const auto runs = [&] {
      std::ifstream in{count};
      return std::count(std::istreambuf_iterator<char>{in}, {}, '\n');
    };
    expect(fault.run("inject"), 0, "killed=");
    std::ofstream{fails} << "";
    expect(fault.run("revert"), 2, "the recover command ended with status 1");
    std::filesystem::remove(fails);
    expect(fault.run("revert"), 1, "they are not back");  // what failed is tried again
    CHECK(runs() == 2);
    expect(fault.run("revert"), 1, "recover=was run already");
    CHECK(runs() == 2);
    fault.who = "lease";
    expect(fault.run("revert"), 1, "they are not back");
    expect(fault.run("revert"), 1, "recover=was run already");
    CHECK(runs() == 3);
  }
}

TEST_CASE("process.kill: count takes the oldest, at_most refuses the rest") {
  const auto mark = "sleeper-" + random_id();
  Sleeper one{mark};
  std::this_thread::sleep_for(30ms);  // the kernel counts starts in hundredths of a second
  Sleeper two{mark}, three{mark};
  ByHand fault{"process.kill", {"dash"}};
  fault.values = {{"command", mark}, {"at_most", "2"}};
  expect(fault.run("inject"), 1, "3 processes match, at_most is 2");
  fault.values["count"] = "4";
  expect(fault.run("inject"), 1, "3 processes match, count is 4");
  fault.values["count"] = "1";
  expect(fault.run("inject"), 0, "killed=" + std::to_string(one.pid()));
  expect(fault.run("verify"), 0, "gone=1 of 1");
  CHECK_FALSE(gone(two.pid()));
  CHECK_FALSE(gone(three.pid()));
}

TEST_CASE("process.kill finds who listens on a port") {
  for (const auto& sh : kShells)
    for (const int family : {AF_INET, AF_INET6}) {
      INFO(sh[0] << " " << family);
      const int fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);  // nobody inherits it …
      REQUIRE(::listen(fd, 1) == 0);  // on a port of the kernel's choice
      sockaddr_in6 at{};
      socklen_t size = sizeof at;
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size);
      const pid_t holder = ::fork();
      if (holder == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::fcntl(fd, F_SETFD, 0);  // … but this one, which has no child as a Sleeper has
        ::execlp("sleep", "sleep", "600", nullptr);
        ::_exit(127);
      }
      REQUIRE(await_command(holder, std::string{"sleep\0"
                                                "600",
                                                9}));
      ByHand fault{"process.kill", sh};
      fault.values = {{"port", std::to_string(ntohs(at.sin6_port))}};
      expect(fault.run("precheck"), 1, "Muster works through it");  // this very test
      ::close(fd);
      expect(fault.run("inject"), 0, "killed=" + std::to_string(holder));
      expect(fault.run("verify"), 0, "gone=1 of 1");
      CHECK(gone(holder));
      expect(fault.run("precheck"), 1, "no running process matches");
      ::kill(holder, SIGKILL);
      ::waitpid(holder, nullptr, 0);
    }
}

TEST_CASE("process.kill refuses what it must not touch") {
  const auto mark = "sleeper-" + random_id();
  Sleeper one{mark};
  struct Row {
    catalogue::Values values;
    std::string why;
  };
  const std::vector<Row> table{{{{"pid", "1"}}, "it is process 1"},
                               {{{"pid", std::to_string(::getpid())}}, "Muster works through it"},
                               {{{"command", mark + "x"}}, "no running process matches"},
                               {{{"command", mark}, {"signal", "STOP"}}, "'STOP' is none of"},
                               {{{"command", mark}, {"within", "1h"}}, "at most 1m"},
                               {{{"port", "0"}}, "no port"},
                               {{{"port", "080"}}, "no port"},
                               {{{"command", mark}, {"count", "0"}}, "0 processes are none"},
                               {{}, "give name, command, pid, unit or port"}};
  for (const auto& row : table) {
    ByHand fault{"process.kill", {"dash"}};
    fault.values = row.values;
    for (const auto* function : {"precheck", "inject"}) {
      if (row.values.contains("within") && std::string{function} == "inject") continue;
      const auto told = fault.run(function);
      INFO(told.text);
      CHECK((told.code == 1 || told.code == 2));
      CHECK(unless_contains(told.text, row.why) == "");
    }
  }
  CHECK_FALSE(gone(one.pid()));
}

TEST_CASE("process.kill: a dead-man and what works on effects are safe from it") {
  Host host;
  const auto mark = "sleeper-" + random_id();
  Sleeper one{mark};
  REQUIRE(host.lock().said == Said::yes);
  const auto& script = catalogue::builtin_faults().at("process.kill").script;
  REQUIRE(host.arm("first", script, {{"command", mark}}).said == Said::yes);
  const auto refused = host.arm("second", script, {{"pid", std::to_string(host.deadman("first"))}});
  CHECK(refused.said == Said::no);
  CHECK(unless_contains(refused.output, "it is a dead-man") == "");
  // All the way through, and the lease's end finds nothing that it could undo.
  CHECK(host.ask(host.call(Verb::inject, "first")).said == Said::yes);
  CHECK(gone(one.pid()));
  host.expire_lease();
  CHECK(host.until([&] { return std::filesystem::exists(host.effect_dir("first") / "healed"); }));
}
