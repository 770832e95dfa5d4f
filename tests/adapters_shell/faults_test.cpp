// The faults of the catalogue, each against the real thing.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <regex>
#include <set>

#include "base/text.hpp"
#include "tests/adapters_shell/by_hand.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/adapters_shell/sleeper.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

TEST_CASE("process.pause stops those that match, and wakes exactly those") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Host host{sh};
    const auto mark = "sleeper-" + random_id();
    Sleeper one{mark}, two{mark}, other{"sleeper-other"};
    Sleeper stopped_before{mark};
    host.pass(100ms);
    ::kill(stopped_before.pid(), SIGSTOP);
    host.pass(50ms);
    REQUIRE(host.lock().said == Said::yes);
    const auto armed = host.arm(kEffect, script_of("process.pause"), {{"command", mark}});
    INFO(armed.output);
    REQUIRE(armed.said == Said::yes);
    CHECK(evidence(armed, "matches") == "2");
    CHECK(evidence(armed, "already_stopped") == "1");
    const auto injected = host.ask(host.call(Verb::inject, kEffect));
    INFO(injected.output);
    CHECK(injected.said == Said::yes);
    CHECK(evidence(injected, "stopped") == "2 of 2");
    CHECK(process_state(one.pid()) == 'T');
    CHECK(process_state(two.pid()) == 'T');
    CHECK(process_state(other.pid()) != 'T');

    // One of the two dies: the other is still verified, and still woken.
    one.end();
    CHECK(evidence(host.renew(60s), "verified." + kEffect) == "yes");
    const auto reverted = host.ask(host.call(Verb::revert, kEffect));
    INFO(reverted.output);
    CHECK(reverted.said == Said::yes);
    CHECK(process_state(two.pid()) != 'T');
    CHECK(process_state(stopped_before.pid()) == 'T');
  }
}

TEST_CASE("process.pause refuses what it must not touch") {
  Host host;
  const auto mark = "sleeper-" + random_id();
  Sleeper one{mark}, two{mark};
  host.pass(100ms);
  REQUIRE(host.lock().said == Said::yes);
  struct Row {
    catalogue::Values parameters;
    std::string why;
  };
  const std::vector<Row> table{
      {{{"command", "sleeper-nobody"}}, "no running process matches"},
      {{{"command", mark}, {"at_most", "1"}}, "2 processes match, at_most is 1"},
      {{{"pid", "1"}}, "it is process 1"},
      {{{"pid", std::to_string(::getpid())}}, "Muster works through it"},
      {{{"name", "no-such-name"}}, "no running process matches"},
      {{}, "give name, command, pid, unit or port"}};
  int n = 0;
  for (const auto& row : table) {
    const auto refused =
        host.arm("effect" + std::to_string(n++), script_of("process.pause"), row.parameters);
    CHECK((refused.said == Said::no || refused.said == Said::could_not));
    CHECK(unless_contains(refused.output, row.why) == "");
  }
  // A dead-man must be able to wake others.
  REQUIRE(host.arm(kEffect, script_of("process.pause"), {{"command", mark}}).said == Said::yes);
  const auto refused = host.arm("effect-x", script_of("process.pause"),
                                {{"pid", std::to_string(host.deadman(kEffect))}});
  CHECK(refused.said == Said::no);
  CHECK(unless_contains(refused.output, "it is a dead-man") == "");
}

TEST_CASE("process.pause finds a program by its exact name") {
  Host host;
  const auto program = host.path("a-program-with-a-long-name");
  std::filesystem::copy_file("/usr/bin/sleep", program);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::execl(program.c_str(), program.c_str(), "60", nullptr);
    ::_exit(127);
  }
  host.pass(100ms);
  REQUIRE(host.lock().said == Said::yes);
  const auto armed =
      host.arm(kEffect, script_of("process.pause"), {{"name", "a-program-with-a-long-name"}});
  INFO(armed.output);
  CHECK(evidence(armed, "matches") == "1");
  CHECK(host.arm("effect2", script_of("process.pause"), {{"name", "a-program-with"}}).said ==
        Said::no);
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
}

namespace {
/// A tmpfs of 16 MiB, or nothing where mounting is not allowed.
class SmallDisk {
 public:
  explicit SmallDisk(const std::filesystem::path& at) : at_{at} {
    std::filesystem::create_directory(at);
    const auto line = "mount -t tmpfs -o size=16m none '" + at.string() + "' 2>/dev/null";
    mounted_ = std::system(line.c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) (void)!std::system(("umount -l '" + at_.string() + "'").c_str());
  }
  explicit operator bool() const { return mounted_; }
  long long free_kib() const {
    return static_cast<long long>(std::filesystem::space(at_).available / 1024);
  }

 private:
  std::filesystem::path at_;
  bool mounted_;
};
}  // namespace

TEST_CASE("disk.fill fills as much as asked for, and all of it comes back") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Host host{sh};
    const auto disk_path = host.path("disk");
    const SmallDisk disk{disk_path};
    if (!disk) {
      WARN("SKIPPED (1): disk.fill needs root, to mount a small file system");
      return;
    }
    const auto before = disk.free_kib();
    struct Row {
      catalogue::Values parameters;
      long long free_kib;
    };
    const std::vector<Row> table{
        {{{"size", "4MiB"}}, before - 4096},
        {{{"size", "1.5MiB"}}, before - 1536},
        {{{"percent", "50%"}}, before / 2},
        {{{"reserve", "1MiB"}}, 1024},
        {{{"percent", "100%"}}, 0},
        {{{"size", "1GiB"}}, 0}};  // more than there is: no space left is the aim
    REQUIRE(host.lock().said == Said::yes);
    int n = 0;
    for (const auto& row : table) {
      if (n == 2 && sh[0] != "dash") break;  // the ways of asking are the same everywhere
      const auto effect = "effect" + std::to_string(n++);
      auto parameters = row.parameters;
      parameters["path"] = disk_path;
      parameters["mount"] = disk_path;
      const auto armed = host.arm(effect, script_of("disk.fill"), parameters);
      INFO(row.parameters.begin()->second << " " << armed.output);
      REQUIRE(armed.said == Said::yes);
      const auto injected = host.ask(host.call(Verb::inject, effect));
      INFO(injected.output);
      CHECK(injected.said == Said::yes);
      CHECK(std::abs(disk.free_kib() - row.free_kib) <= 128);
      const auto reverted = host.ask(host.call(Verb::revert, effect));
      INFO(reverted.output);
      CHECK(reverted.said == Said::yes);
      CHECK(disk.free_kib() == before);
    }
  }
}

TEST_CASE("disk.fill refuses the wrong place") {
  Host host;
  const auto disk_path = host.path("disk");
  const SmallDisk disk{disk_path};
  if (!disk) {
    WARN("SKIPPED (1): disk.fill needs root, to mount a small file system");
    return;
  }
  REQUIRE(host.lock().said == Said::yes);
  struct Row {
    catalogue::Values parameters;
    std::string why;
  };
  const std::vector<Row> table{
      {{{"path", disk_path}, {"mount", "/data"}, {"size", "1MiB"}}, "not on /data"},
      {{{"path", disk_path / "none"}, {"size", "1MiB"}}, "is no folder"},
      {{{"path", disk_path}, {"reserve", "64MiB"}}, "fuller than that already"},
      {{{"path", disk_path}}, "give one of size, percent, reserve"},
      {{{"path", disk_path}, {"size", "1MiB"}, {"percent", "5%"}},
       "give one of size, percent, reserve"},
      {{{"path", disk_path}, {"size", "one"}}, "cannot be read"}};
  int n = 0;
  for (const auto& row : table) {
    const auto refused =
        host.arm("effect" + std::to_string(n++), script_of("disk.fill"), row.parameters);
    CHECK((refused.said == Said::no || refused.said == Said::could_not));
    CHECK(unless_contains(refused.output, row.why) == "");
  }
  // Where the undo's own state lies must stay writable.
  const auto own =
      host.arm("own", script_of("disk.fill"),
               {{"path", host.path("state")}, {"size", "1MiB"}, {"allow_root", "true"}});
  CHECK(unless_contains(own.output, "what undoes this is kept") == "");
}

namespace {
/// A node whose power is a file, and the three commands of its out-of-band controller.
catalogue::Values node(const Host& host, const std::string& down = "rm -f \"$1\"") {
  const auto power = host.path("power").string();
  std::ofstream{power} << "";
  catalogue::Values values{{"node", "db-1"}, {"wait", "2s"}};
  const auto add = [&](const std::string& name, const std::string& line) {
    const std::vector<std::string> argv{"/bin/sh", "-c", line, "sh", power};
    values[name + "_count"] = std::to_string(argv.size());
    for (std::size_t i = 0; i < argv.size(); ++i) values[name + "_" + std::to_string(i)] = argv[i];
  };
  add("down", down);
  add("up", ": >\"$1\"; echo up >>\"$1.log\"");
  add("status",
      "if [ -e \"$1\" ]; then echo 'Chassis Power is on'; else echo 'Chassis Power is off'; fi");
  return values;
}
Answer arm_guardian(Host& host, const catalogue::Values& values, Duration lease) {
  auto c = host.call(Verb::arm, kEffect);
  c.script = script_of("node.kill");
  c.values["fault"] = "node.kill";
  c.values["sha256"] = hex(sha256(c.script));
  c.values["cap_s"] = "60";
  c.values["lease_until_cs"] = std::to_string(host.uptime_cs() + lease / 10ms);
  for (const auto& [name, value] : values) c.values["p_" + name] = value;
  return host.ask(c);
}
}  // namespace

TEST_CASE("node.kill: the guardian cuts the power, proves it, and gives it back once") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Host host{sh};
    const auto armed = arm_guardian(host, node(host), 60s);  // no lock: a guardian serves many runs
    INFO(armed.output);
    REQUIRE(armed.said == Said::yes);
    CHECK(evidence(armed, "power") == "on");
    const auto injected = host.ask(host.call(Verb::inject, kEffect));
    INFO(injected.output);
    CHECK(injected.said == Said::yes);
    CHECK(evidence(injected, "power") == "off");
    CHECK_FALSE(std::filesystem::exists(host.path("power")));
    for (int again = 0; again < 2; ++again)
      CHECK(host.ask(host.call(Verb::revert, kEffect)).said == Said::yes);
    CHECK(std::filesystem::exists(host.path("power")));
    CHECK(read_file(host.path("power.log")) == "up\n");
  }
}

TEST_CASE("node.kill: the guardian gives the power back when the runner is silent") {
  Host host;
  REQUIRE(arm_guardian(host, node(host), 60s).said == Said::yes);
  REQUIRE(host.ask(host.call(Verb::inject, kEffect)).said == Said::yes);
  host.expire_lease();
  CHECK(host.until([&] { return std::filesystem::exists(host.path("power")); }));
}

TEST_CASE("node.kill: a kill without effect is no proof") {
  Host host;
  REQUIRE(arm_guardian(host, node(host, ":"), 60s).said == Said::yes);
  const auto injected = host.ask(host.call(Verb::inject, kEffect));
  CHECK(injected.said == Said::no);
  CHECK(host.ask(host.call(Verb::revert, kEffect)).said == Said::yes);
}

TEST_CASE("node.kill: not armed when the power's state cannot be told, or is off") {
  Host host;
  auto values = node(host);
  SECTION("off") {
    std::filesystem::remove(host.path("power"));
  }
  SECTION("a status that fails") {
    values["status_2"] = "exit 3";
  }
  SECTION("a status that nobody understands") {
    values["status_2"] = "echo maybe";
  }
  SECTION("no such command") {
    values["up_0"] = "/no/such/program";
  }
  const auto refused = arm_guardian(host, values, 60s);
  CHECK((refused.said == Said::no || refused.said == Said::could_not));
  CHECK(std::filesystem::is_empty(host.path("state/effect")));
}

TEST_CASE("process.pause: a host that forgot what was paused does not claim to be clean") {
  Host host;
  const auto mark = "sleeper-" + random_id();
  Sleeper one{mark};
  host.pass(100ms);
  auto revert = host.call(Verb::revert, kEffect);
  revert.script = script_of("process.pause");
  revert.values["sha256"] = hex(sha256(revert.script));
  revert.values["fault"] = "process.pause";
  revert.values["p_command"] = mark;
  CHECK(host.ask(revert).said == Said::yes);
  CHECK(host.ask(host.call(Verb::disarm, kEffect)).said == Said::yes);
  ::kill(one.pid(), SIGSTOP);
  host.pass(100ms);
  CHECK(host.ask(revert).said == Said::could_not);
}

TEST_CASE("what is left of a long output begins with the mark of a cut") {
  for (const auto& sh : kShells) {
    ByHand fault{"command", sh};
    fault.list("undo", {"true"});
    for (const auto& [bytes, cut] : {std::pair{4096, false}, {4097, true}, {9000, true}}) {
      fault.list("do",
                 {"sh", "-c", "head -c " + std::to_string(bytes) + " /dev/zero | tr '\\0' x"});
      const auto told = fault.run("inject");
      INFO(sh[0] << " " << bytes << ": " << told.text.substr(0, 40));
      CHECK(told.code == 0);
      CHECK(told.text == (cut ? "[…]\n" : "") + std::string(4096, 'x'));
    }
  }
}

TEST_CASE("a fault's header names every program that its script cannot do without") {
  // Builtins of every shell, and what is asked for before it is used or has something in its place.
  const std::set<std::string> spared{"sh", "kill", "fallocate", "find", "getent", "nc", "timeout"};
  const std::regex word{
      R"((?:^|[|;&({]|\$\(|\b(?:then|do|else|until|if|while|exec)|!) *)"
      R"((awk|basename|cat|chmod|chown|cksum|cp|cut|date|dd|df|dirname|du|env|expr|fallocate|find|)"
      R"(getent|grep|head|hostname|id|kill|ln|ls|mkdir|mkfifo|mktemp|mv|nc|od|pgrep|ps|readlink|rm|)"
      R"(rmdir|sed|seq|setsid|sh|sleep|sort|ss|stat|sync|systemctl|tail|tee|timeout|touch|tr|uname|)"
      R"(uniq|wc|xargs)(?![A-Za-z0-9_./-]))"};
  const auto around = catalogue::complete_script("\1");  // what every script begins and ends with
  const auto before = around.find('\1'), after = around.size() - before - 1;
  for (const auto& [name, fault] : catalogue::builtin_faults()) {
    std::set<std::string> used;
    for (const auto& line :
         split(fault.script.substr(before, fault.script.size() - before - after), '\n')) {
      const auto first = line.find_first_not_of(' ');
      if (first == line.npos || line[first] == '#') continue;
      for (std::sregex_iterator at{line.begin(), line.end(), word}, end; at != end; ++at)
        used.insert((*at)[1].str());
      if (line.find("claim \"") != line.npos) used.insert({"grep", "sed"});
      if (line.find("list_run") != line.npos) used.insert({"rm", "sed", "tail", "tr"});
      if (line.find("m_nap") != line.npos) used.insert("sleep");
    }
    // Of the parts that are shared, what no fault but one that cuts packets, or stops services,
    // asks for.
    if (name != "network.partition") used.erase("od");
    if (name != "service.stop") used.erase("systemctl");
    for (const auto& program : used) {
      INFO(name << " uses " << program);
      CHECK((spared.contains(program) || std::ranges::count(fault.tools, program) == 1));
    }
    for (const auto& tool : fault.tools) {
      INFO(name << " does not use " << tool);
      CHECK(used.contains(tool));
    }
  }
}
