// The channel's own promises: order, limits of time, what is never sent, what is never run.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "adapters/shell/command.hpp"
#include "adapters/shell/frame.hpp"
#include "base/text.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

TEST_CASE("a call that is not answered in time is unknown, and the next one has a new channel") {
  Host host;
  auto slow = host.call(Verb::command);
  slow.argv = {"sleep", "30"};
  slow.within = 200ms;
  CHECK(host.ask(slow).said == Said::unknown);
  CHECK(host.command({"true"}).said == Said::yes);
  slow.argv = {"sh", "-c", "printf 'half of a se'; sleep 30"};
  slow.within = 1s;
  CHECK(host.ask(slow).output ==
        "half of a se\n[…]\nhere: no answer in time; it may have happened or not");
}

TEST_CASE("a channel that dies under a call gives unknown") {
  Host host;
  const auto answer = host.command({"sh", "-c", "printf 'half of a se'; kill -9 $PPID; kill -9 0"});
  CHECK(answer.said == Said::unknown);
  CHECK(unless_contains(answer.output, "half of a se\n[…]\nhere: the connection ended") == "");
  CHECK(host.command({"true"}).said == Said::yes);
}

TEST_CASE("what is started has no terminal of ours") {
  Host host;
  const auto session = host.command({"sh", "-c", "cut -d ' ' -f 6 /proc/self/stat"});
  REQUIRE(session.said == Said::yes);
  CHECK(session.output != std::to_string(::getsid(0)));
  CHECK(host.command({"sh", "-c", ": </dev/tty"}).said == Said::no);
}

TEST_CASE("calls are answered in the order of asking, also behind one that is late") {
  Host host;
  shell::Options options;
  options.local_target_dir = host.path("state");
  shell::RealShell shell{host.io, host.clock, options};
  std::vector<std::string> order;
  for (const auto* word : {"a", "b", "c"}) {
    auto c = host.call(Verb::command);
    c.argv = {"echo", word};
    shell.call(c, [&](Answer a) { order.push_back(a.output); });
  }
  CHECK(order.empty());  // never from within call()
  CHECK(host.until([&] { return order.size() == 3; }));
  CHECK(order == std::vector<std::string>{"a", "b", "c"});

  auto slow = host.call(Verb::command);
  slow.argv = {"sleep", "30"};
  slow.within = 500ms;
  auto behind = host.call(Verb::command);
  behind.argv = {"true"};
  behind.within = 100ms;
  auto job = behind;
  job.long_job = true;
  job.within = 5s;
  std::vector<Said> said(3, Said::fenced);
  shell.call(slow, [&](Answer a) { said[0] = a.said; });
  shell.call(behind, [&](Answer a) { said[1] = a.said; });
  shell.call(job, [&](Answer a) { said[2] = a.said; });
  CHECK(host.until([&] { return said[0] != Said::fenced && said[2] != Said::fenced; }));
  CHECK(said == std::vector<Said>{Said::unknown, Said::could_not, Said::yes});

  bool ended = false;
  auto last = host.call(Verb::command);
  last.argv = {"sleep", "30"};
  Said cut = Said::fenced;
  shell.call(last, [&](Answer a) { cut = a.said; });
  host.pass(300ms);
  shell.shutdown([&] { ended = true; });
  CHECK(host.until([&] { return ended; }));
  CHECK(cut == Said::unknown);
  shell.call(last, [&](Answer a) { cut = a.said; });
  CHECK(host.until([&] { return cut == Said::could_not; }));
}

TEST_CASE("a renewal does not wait behind a slow call") {
  Host host;
  shell::Options options;
  options.local_target_dir = host.path("state");
  shell::RealShell shell{host.io, host.clock, options};
  auto slow = host.call(Verb::command);
  slow.argv = {"sleep", "30"};
  shell.call(slow, [](const Answer&) {});
  auto renew = host.call(Verb::renew);
  renew.values["lease_until_cs"] = std::to_string(host.uptime_cs() + 1000);
  renew.within = 3s;
  std::optional<Said> said;
  shell.call(renew, [&](const Answer& a) { said = a.said; });
  REQUIRE(host.until([&] { return said.has_value(); }));
  CHECK(*said == Said::yes);
}

TEST_CASE("a frame that is cut short runs nothing") {
  Host host;
  auto c = host.call(Verb::command);
  c.argv = {"touch", host.path("ran")};
  const auto whole = shell::frame(c, "nonce").value();
  const auto opening = shell::opening_frame(catalogue::target_script(), "opened");
  for (const auto& sh : {"dash", "busybox sh", "bash"})
    for (std::size_t size = 0; size < whole.size() - 1; size += 31) {
      std::ofstream{host.path("frames")} << opening << whole.substr(0, size);
      const auto line =
          std::string{sh} + " -s <" + host.path("frames").string() + " >/dev/null 2>&1";
      REQUIRE(std::system(line.c_str()) >= 0);
      INFO(sh << " " << size);
      CHECK_FALSE(std::filesystem::exists(host.path("ran")));
    }
}

TEST_CASE("a far end that does not come up says what to do, and nothing was done") {
  Host host;
  shell::Options options;
  const auto ssh = host.path("ssh").string();
  std::ofstream{ssh} << "#!/bin/sh\necho \"$SAYS\" >&2\nexit 255\n";
  const std::map<std::string, std::string> table{
      {"Host key verification failed.", "known_hosts"},
      {"@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @", "host key is not the one"},
      {"u@h: Permission denied (publickey).", "no key was accepted"},
      {"ssh: connect to host h port 22: Connection refused", "sshd"},
      {"ssh: connect to host h port 22: Connection timed out", "is the host up"},
      {"sudo: a password is required", "NOPASSWD"}};
  for (const auto& [says, advice] : table) {
    options.ssh = {"env", "SAYS=" + says, "sh", ssh};
    shell::RealShell shell{host.io, host.clock, options};
    auto c = host.call(Verb::facts);
    c.host.connection = ports::Connection::openssh;
    c.host.address = "db-1.example";
    std::optional<Answer> answer;
    shell.call(c, [&](Answer a) { answer = a; });
    REQUIRE(host.until([&] { return answer.has_value(); }));
    CHECK(answer->said == Said::could_not);
    CHECK(unless_contains(answer->output, advice) == "");
    CHECK(unless_contains(answer->output, says) == "");
  }
}

namespace {

/// What the system's ssh makes of an argument vector: the lines of `ssh -G`.
std::string resolved(const std::vector<std::string>& argv) {
  std::string text;
  FILE* pipe = ::popen((shell_quoted(argv) + " 2>&1").c_str(), "r");
  for (int c; pipe != nullptr && (c = std::fgetc(pipe)) != EOF;) text += static_cast<char>(c);
  if (pipe != nullptr) ::pclose(pipe);
  return text;
}

}  // namespace

TEST_CASE("no argument of the inventory weakens ssh") {
  if (!std::filesystem::exists("/usr/bin/ssh")) {
    WARN("SKIPPED (1): ssh is not installed");
    return;
  }
  ports::HostAddress host;
  host.name = "db-1";
  host.address = "192.0.2.7";
  host.ssh_args = {"-A",
                   "-X",
                   "-tt",
                   "-S",
                   "none",
                   "-o",
                   "ForwardAgent=yes",
                   "-o",
                   "BatchMode=no",
                   "-o",
                   "ControlPath=/tmp/x",
                   "-o",
                   "StrictHostKeyChecking=no",
                   "-L",
                   "8000:127.0.0.1:80"};
  const auto text =
      resolved(shell::ssh_command(host, {"ssh", "-G", "-F", "none"}, "/tmp/c", 15s, 60s).value());
  for (const std::string line :
       {"forwardagent no", "forwardx11 no", "requesttty false", "batchmode yes",
        "stricthostkeychecking true", "clearallforwardings yes", "controlpath /tmp/c/"})
    CHECK(unless_contains(text, "\n" + line) == "");
  CHECK(text.find("8000") == std::string::npos);
}

TEST_CASE("a master is one way in: neither address nor user alone decide") {
  ports::HostAddress host;
  host.name = host.address = "10.0.0.5";
  const auto path = [](const ports::HostAddress& of) {
    const auto argv = shell::ssh_command(of, {"ssh"}, "/tmp/muster-ssh-XXXXXX", 15s, 60s).value();
    const auto exit = shell::ssh_exit_command(of, {"ssh"}, "/tmp/muster-ssh-XXXXXX");
    const auto at = std::ranges::find(argv, "-S"), end = std::ranges::find(exit, "-S");
    REQUIRE((at != argv.end() && end != exit.end()));
    CHECK(*(at + 1) == *(end + 1));
    CHECK((at + 1)->size() + 17 < 108);
    return *(at + 1);
  };
  const auto plain = path(host);
  auto same = host;
  same.become = true;
  same.become_password = "hunter2";
  CHECK(path(same) == plain);
  same.connection = ports::Connection::ssh;
  CHECK(path(same) == plain);
  for (const auto& args :
       {std::vector<std::string>{"-J", "gate-1"}, {"-J", "gate-2"}, {"-o", "HostKeyAlias=db-5"}}) {
    auto other = host;
    other.ssh_args = args;
    CHECK(path(other) != plain);
  }
}

TEST_CASE("ssh is never weaker than asked for, and is told nothing of the drill") {
  ports::HostAddress host;
  host.name = "db-1";
  host.address = "192.0.2.7";
  host.user = "drill";
  host.become = true;
  host.ssh_args = {"-o", "StrictHostKeyChecking=no"};
  const auto argv = shell::ssh_command(host, {"ssh"}, "/tmp/c", 15s, 60s).value();
  const auto line = joined(argv, " ");
  CHECK(line.find("StrictHostKeyChecking=yes") < line.find("StrictHostKeyChecking=no"));
  CHECK(line.find("BatchMode=yes") != std::string::npos);
  CHECK(argv.back() ==
        "exec sudo -n -u root -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C sh -s");
  CHECK(argv[argv.size() - 2] == "192.0.2.7");
  host.address = "-oProxyCommand=touch /tmp/x";
  CHECK_FALSE(shell::ssh_command(host, {"ssh"}, "/tmp/c", 15s, 60s));
  host.address = "192.0.2.7";
  host.become_user = "root; touch /tmp/x";
  CHECK_FALSE(shell::ssh_command(host, {"ssh"}, "/tmp/c", 15s, 60s));
}
