// Commands on a real sshd: streams, ends, many at once, what breaks in the middle.
#include <fmt/format.h>
#include <signal.h>

#include "base/text.hpp"
#include "tests/adapters_ssh/client.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

TEST_CASE("a command's streams and status come as they are", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Sshd sshd;
  Client client;
  const auto seen = client.run(sshd.host(), "printf 'a\\000b\\n'; echo wrong >&2; exit 3");
  CHECK(seen.end->why == "");
  CHECK(seen.end->status == 3);
  CHECK(seen.out == std::string{"a\0b\n", 4});
  CHECK(seen.err == "wrong\n");
  // A killed command has no status, and says so.
  const auto killed = client.run(sshd.host(), "kill -9 $$");
  CHECK(killed.end->status == -1);
  CHECK(unless_contains(killed.end->why, "signal KILL") == "");
  CHECK(sshd.sessions().size() <= 2);  // one connection for all of it
}

TEST_CASE("much goes both ways, through a change of keys", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Sshd sshd{{"RekeyLimit 1M"}};
  Client client;
  const auto cat = client.start(sshd.host(), "head -c 6000000");
  REQUIRE(client.until([&] { return cat->ready || cat->end; }));
  REQUIRE_FALSE(cat->end);
  std::string all;
  for (int i = 0; i < 600; ++i) {
    std::string piece(10000, static_cast<char>('a' + i % 26));
    all += piece;
    cat->process->send(std::move(piece));
  }
  REQUIRE(client.until([&] { return cat->end.has_value(); }, 60s));
  CHECK(cat->end->why == "");
  CHECK(cat->end->status == 0);
  CHECK((cat->out == all));
}

TEST_CASE("outputs of many hosts and of many commands are never mixed", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Sshd sshd;
  Client client;
  std::map<std::string, std::shared_ptr<Seen>> all;
  for (int h = 1; h <= 24; ++h)
    for (int k = 0; k < 3; ++k) {
      const auto name = fmt::format("{}-{}", h, k);
      all[name] = client.start(
          sshd.host(fmt::format("127.1.0.{}", h)),
          fmt::format("i=0; while [ $i -lt 100 ]; do echo out-{0}-$i; echo err-{0}-$i >&2; "
                      "i=$((i+1)); done",
                      name));
    }
  REQUIRE(client.until(
      [&] { return std::ranges::all_of(all, [](auto& s) { return s.second->end.has_value(); }); },
      120s));
  for (const auto& [name, seen] : all) {
    std::string out, err;
    for (int i = 0; i < 100; ++i) {
      out += fmt::format("out-{}-{}\n", name, i);
      err += fmt::format("err-{}-{}\n", name, i);
    }
    INFO(name << ": " << seen->end->why);
    CHECK((seen->out == out));
    CHECK((seen->err == err));
  }
}

TEST_CASE("a command that is let go of ends, and others go on", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Sshd sshd;
  Client client;
  const auto cat = client.start(sshd.host(), "cat; touch " + (sshd.folder / "ended").string());
  const auto other = client.start(sshd.host(), "cat");
  REQUIRE(client.until([&] { return cat->ready && other->ready; }));
  cat->process.reset();
  CHECK(client.until([&] {
    client.pass(20ms);
    return fs::exists(sshd.folder / "ended");
  }));
  CHECK_FALSE(cat->end);
  other->process->send("hello");
  CHECK(client.until([&] { return other->out == "hello"; }));
}

TEST_CASE("an inventory's HostName is where it connects to", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Sshd sshd;
  Client client;
  // Without a file of its own: one answer of ssh -G may serve all hosts here.
  for (const std::string address : {"db-1.invalid", "db-2.invalid"}) {
    auto host = sshd.host(address);
    host.ssh_args = {"-o", "hostname=127.0.0.1",
                     "-o", "IdentityAgent=none",
                     "-o", "UserKnownHostsFile=" + (sshd.folder / "known_hosts").string()};
    CHECK(client.run(host, "true").end->why == "");
  }
}

TEST_CASE("a connection that breaks under a command is said, and the next one is new",
          "[.][sshd]") {
  if (!Sshd::installed()) return;
  Sshd sshd;
  Client client;
  const auto cat = client.start(sshd.host(), "cat");
  REQUIRE(client.until([&] { return cat->ready; }));
  for (const pid_t pid : sshd.sessions()) ::kill(pid, SIGKILL);
  REQUIRE(client.until([&] { return cat->end.has_value(); }));
  CHECK(unless_contains(cat->end->why, "the connection broke") == "");
  CHECK(client.run(sshd.host(), "true").end->status == 0);
}

TEST_CASE("a host that hangs is noticed", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Sshd sshd;
  ssh::Options options;
  options.silent_after = 300ms;
  options.dead_after = 4s;
  Client client{options};
  const auto cat = client.start(sshd.host(), "cat");
  REQUIRE(client.until([&] { return cat->ready; }));
  // One that is only quiet lives on: it answers when it is asked.
  client.pass(6s);
  REQUIRE_FALSE(cat->end);
  const auto processes = sshd.processes();
  for (const pid_t pid : processes) ::kill(pid, SIGSTOP);
  const bool noticed = client.until([&] { return cat->end.has_value(); }, 20s);
  for (const pid_t pid : processes) ::kill(pid, SIGCONT);
  REQUIRE(noticed);
  CHECK(unless_contains(cat->end->why, "no sign of life") == "");
}

TEST_CASE("a host that is quiet for long costs no memory", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Sshd sshd;
  ssh::Options options;
  options.silent_after = 20ms;
  options.dead_after = 20s;
  Client client{options};
  const auto cat = client.start(sshd.host(), "cat");
  REQUIRE(client.until([&] { return cat->ready; }));
  client.pass(1s);
  const auto before = client.transport.memory();
  client.pass(8s);
  CHECK(client.transport.memory() == before);
}

TEST_CASE("a connection that nothing runs in costs nothing, and may go", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Sshd sshd;
  Client client;
  REQUIRE(client.run(sshd.host(), "true").end->status == 0);
  // What the host still says is nobody's; it must not keep the loop awake.
  client.pass(300ms);
  bool over = false;
  int turns = 0;
  const auto timer = client.clock.at(client.clock.now() + 1s, [&] { over = true; });
  while (!over) {
    client.io.run_one();
    ++turns;
  }
  client.clock.cancel(timer);
  CHECK(turns < 50);
  for (const pid_t pid : sshd.sessions()) ::kill(pid, SIGKILL);
  client.pass(200ms);
  CHECK(client.run(sshd.host(), "true").end->why == "");
}

TEST_CASE("a jump host carries the connection", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Sshd jump, target;
  target.client_config(
      fmt::format("Host 127.7.0.*\n  ProxyJump 127.8.0.1:{}\nHost *\n  IdentityFile {}", jump.port,
                  (target.folder / "key").string()));
  write_file(jump.folder / "authorized_keys", text_of(target.folder / "key.pub"));
  write_file(target.folder / "known_hosts",
             fmt::format("[127.7.*]:{} {}\n[127.8.*]:{} {}\n", target.port, target.host_key(),
                         jump.port, jump.host_key()));
  // The jump host's own settings come from the same file: name it as the user's.
  ssh::Options options;
  options.ssh = {"ssh", "-F", target.folder / "ssh_config"};
  Client client{options};
  const auto seen =
      client.run(target.host("127.7.0.1"), "echo $SSH_CONNECTION; head -c 700000 /dev/zero");
  CHECK(seen.end->why == "");
  CHECK(unless_contains(seen.out, "127.0.0.1") == "");
  CHECK(seen.out.size() > 700000);
  CHECK(jump.sessions().size() == 1);
  const auto second = client.run(target.host("127.7.0.2"), "true");
  CHECK(second.end->status == 0);
  CHECK(jump.sessions().size() == 1);  // one connection to the jump host for both

  write_file(target.folder / "known_hosts",
             fmt::format("[127.7.*]:{} {}\n", target.port, target.host_key()));
  Client stranger{options};
  const auto refused = stranger.run(target.host("127.7.0.1"), "true");
  CHECK(unless_contains(refused.end->why, "its jump host 127.8.0.1: its host key is not known") ==
        "");
}
