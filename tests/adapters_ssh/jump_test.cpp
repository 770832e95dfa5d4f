// Hosts behind a jump host: a dead one among them is nobody else's trouble.
#include <fmt/format.h>

#include <algorithm>

#include "tests/adapters_ssh/black_hole.hpp"
#include "tests/adapters_ssh/client.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

/// 127.7.* is behind a jump host on 127.8.0.1.
struct Behind {
  Behind() {
    target.client_config(
        fmt::format("Host 127.7.0.*\n  ProxyJump 127.8.0.1:{}\nHost *\n  IdentityFile {}",
                    jump.port, (target.folder / "key").string()));
    write_file(jump.folder / "authorized_keys", text_of(target.folder / "key.pub"));
    write_file(
        target.folder / "known_hosts",
        fmt::format("* {}\n[127.8.*]:{} {}\n", target.host_key(), jump.port, jump.host_key()));
    // The jump host's own settings come from the same file: name it as the user's.
    options.ssh = {"ssh", "-F", target.folder / "ssh_config"};
  }
  /// Reached over the very connection that the tunnels use.
  ports::HostAddress jump_itself() const {
    ports::HostAddress host;
    host.name = host.address = "127.8.0.1";
    host.port = static_cast<std::uint16_t>(jump.port);
    return host;
  }
  Sshd jump, target;
  ssh::Options options;
};

}  // namespace

TEST_CASE("a dead host behind a jump host ends alone, and the others do not wait for it",
          "[.][sshd]") {
  if (!Sshd::installed()) return;
  Behind net;
  const BlackHole hole{"127.7.0.66"};
  net.options.connect_within = 15s;
  net.options.silent_after = 400ms;
  net.options.idle = 1s;
  Client client{net.options};
  const auto behind = client.start(net.target.host("127.7.0.1"), "cat");
  const auto on_jump = client.start(net.jump_itself(), "cat");
  REQUIRE(client.until([&] { return behind->ready && on_jump->ready; }));
  REQUIRE(net.jump.sessions().size() == 1);

  auto address = net.target.host("127.7.0.66");
  address.port = hole.port;
  const auto dead = client.start(address, "true");
  std::vector<std::shared_ptr<Seen>> others;
  for (int i = 2; i < 6; ++i)
    others.push_back(client.start(net.target.host(fmt::format("127.7.0.{}", i)), "true"));
  CHECK(client.until(
      [&] { return std::ranges::all_of(others, [](auto& s) { return s->end.has_value(); }); },
      14s));
  for (const auto& other : others) {
    REQUIRE(other->end);
    CHECK(other->end->why == "");
    CHECK(other->end->status == 0);
  }
  CHECK_FALSE(dead->end);

  REQUIRE(client.until([&] { return dead->end.has_value(); }));
  CHECK(unless_contains(dead->end->why,
                        "its jump host 127.8.0.1: timed out: it gets no answer "
                        "from 127.7.0.66") == "");
  for (const auto& one : {behind, on_jump}) {
    CHECK_FALSE(one->end);
    one->process->send("hello");
    CHECK(client.until([&] { return one->out == "hello" || one->end; }));
    CHECK(one->out == "hello");
    one->process.reset();
  }
  // The connection that was set aside ends when nothing runs in it any more.
  CHECK(client.until([&] {
    client.pass(50ms);
    return net.jump.sessions().empty();
  }));
}

TEST_CASE("many dead hosts at once keep nobody from a live one", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Behind net;
  net.options.connect_within = 8s;
  net.options.silent_after = 400ms;
  Client client{net.options};
  std::vector<std::unique_ptr<BlackHole>> holes;
  std::vector<std::shared_ptr<Seen>> dead;
  for (int i = 0; i < 4; ++i) {
    holes.push_back(std::make_unique<BlackHole>(fmt::format("127.7.0.{}", 60 + i)));
    auto address = net.target.host(holes.back()->address);
    address.port = holes.back()->port;
    dead.push_back(client.start(address, "true"));
  }
  const auto live = client.run(net.target.host("127.7.0.1"), "echo here");
  CHECK(live.out == "here\n");
  CHECK(client.until(
      [&] { return std::ranges::all_of(dead, [](auto& s) { return s->end.has_value(); }); }));
  for (const auto& one : dead) CHECK(unless_contains(one->end->why, "gets no answer") == "");
}
