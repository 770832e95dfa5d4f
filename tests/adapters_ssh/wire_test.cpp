// What carries the bytes: a tunnel keeps a bounded amount, and later addresses have their turn.
#include "adapters/ssh/wire.hpp"

#include "tests/adapters_ssh/black_hole.hpp"
#include "tests/adapters_ssh/client.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;
using ssh::TunnelWire;

namespace {

/// Keeps what it is given, as a stream does whose far end takes nothing.
class Stuck final : public ports::RemoteProcess {
 public:
  explicit Stuck(std::string& to) : kept{to} {}
  void send(std::string bytes) override { kept += bytes; }
  std::string& kept;
};

}  // namespace

TEST_CASE("a jump host that takes nothing makes us keep no more than a bound") {
  boost::asio::io_context io{1};
  std::string kept;
  TunnelWire wire{io};
  wire.through(std::make_unique<Stuck>(kept));
  const std::string bytes(10000, 'x');
  std::size_t taken = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto n = wire.write(bytes.data(), bytes.size());
    if (n > 0) taken += static_cast<std::size_t>(n);
    if (n <= 0) CHECK(n == -EAGAIN);
    wire.watch(true, nullptr);
  }
  CHECK(taken == TunnelWire::kUnsentBytesMax);
  CHECK(kept.size() == taken);

  int woken = 0;
  wire.watch(true, [&] { ++woken; });
  wire.left(TunnelWire::kUnsentBytesMax - 1000);
  CHECK(woken == 1);
  CHECK(wire.write(bytes.data(), bytes.size()) == 1000);
  CHECK(wire.write(bytes.data(), bytes.size()) == -EAGAIN);
  // Who has nothing to say is not woken for it.
  wire.watch(false, [&] { ++woken; });
  wire.left(0);
  CHECK(woken == 1);
}

TEST_CASE("an address that is silent gives its turn to the next") {
  boost::asio::io_context io{1};
  const BlackHole hole{"127.9.0.1"};
  // The same port elsewhere is a listener that lets in.
  const BlackHole live{"127.9.0.2", hole.port};
  live.open();
  std::unique_ptr<ssh::Wire> wire;
  std::string why = "nothing yet";
  const auto connecting =
      ssh::connect_tcp(io, {"127.9.0.1", "127.9.0.2"}, hole.port, 300ms,
                       [&](std::unique_ptr<ssh::Wire> made, const std::string& w) {
                         wire = std::move(made);
                         why = w;
                       });
  io.run_for(20s);
  CHECK(why == "");
  CHECK(wire != nullptr);
}

TEST_CASE("the way and the login have one limit of time together", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Sshd sshd;
  // It lets in when the second packet knocks, at 1 s or 3 s, and never says a word.
  const BlackHole slow{"127.9.0.3"};
  auto host = sshd.host(slow.address);
  host.port = slow.port;
  sshd.know("* " + sshd.host_key());
  ssh::Options options;
  options.connect_within = 4s;
  Client client{options};
  const auto from = client.clock.now();
  const auto seen = client.start(host, "true");
  client.pass(1500ms);
  slow.open();
  REQUIRE(client.until([&] { return seen->end.has_value(); }));
  CHECK(unless_contains(seen->end->why, "timed out: something listens") == "");
  CHECK(client.clock.now() - from < 6s);
}

namespace {

/// Knows who used it after its owner said that nobody may any more.
class WatchedClock final : public ports::Clock {
 public:
  explicit WatchedClock(ports::Clock& inner) : inner_{inner} {}
  Instant now() const override { return inner_.now(); }
  WallTime wall() const override { return inner_.wall(); }
  Timer at(Instant when, std::function<void()> fn) override {
    late_uses += over ? 1 : 0;
    return inner_.at(when, std::move(fn));
  }
  void cancel(Timer timer) override {
    late_uses += over ? 1 : 0;
    inner_.cancel(timer);
  }
  bool over = false;
  int late_uses = 0;

 private:
  ports::Clock& inner_;
};

}  // namespace

TEST_CASE("what a worker left behind uses no clock that is gone", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Sshd sshd;
  // So many rounds take seconds: the transport goes away while a worker decrypts.
  run_program({"ssh-keygen", "-q", "-t", "ed25519", "-a", "40", "-N", "open sesame", "-f",
               sshd.folder / "slow"});
  auto host = sshd.host();
  host.key_file = sshd.folder / "slow";
  host.key_passphrase = "open sesame";
  auto io = std::make_unique<boost::asio::io_context>(1);
  clock::AsioClock real{*io};
  WatchedClock clock{real};
  auto transport = std::make_unique<ssh::SshTransport>(*io, clock);
  auto process = transport->start(host, "true", {});
  io->run_for(1s);
  process.reset();
  transport.reset();
  clock.over = true;
  io->run_for(200ms);
  CHECK(clock.late_uses == 0);
}

TEST_CASE("a session that dies with its loop uses no clock that is gone", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Sshd sshd;
  Client client;
  WatchedClock clock{client.clock};
  auto io = std::make_unique<boost::asio::io_context>(1);
  auto transport = std::make_unique<ssh::SshTransport>(*io, clock);
  // Its answer of ssh -G is on the way: a handler of the loop holds the session.
  auto host = sshd.host("-not-an-address");
  auto process = transport->start(host, "true", {});
  process.reset();
  transport.reset();
  clock.over = true;
  io.reset();
  CHECK(clock.late_uses == 0);
}
