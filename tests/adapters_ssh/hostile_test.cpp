// A server that means harm: whatever it says, the client neither crashes, nor waits past its
// limits, nor keeps more than its bound. MUSTER_SEEDS says how many conversations are spoilt (40).
#include <fmt/format.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <random>

#include "tests/adapters_ssh/client.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

int seeds() {
  const char* text = ::getenv("MUSTER_SEEDS");
  return text != nullptr ? std::atoi(text) : 40;
}

long resident_kb() {
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  return use.ru_maxrss;
}

/// Says what `next` gives, until that is empty, then closes. Reads and forgets what it is told.
struct Liar : std::enable_shared_from_this<Liar> {
  Liar(tcp::socket s, std::function<std::string()> n) : socket{std::move(s)}, next{std::move(n)} {}
  void talk() {
    bytes = next();
    error_code ignored;
    if (bytes.empty()) return static_cast<void>(socket.close(ignored));
    asio::async_write(socket, asio::buffer(bytes),
                      [self = shared_from_this()](error_code ec, std::size_t) {
                        if (!ec) self->talk();
                      });
  }
  void listen() {
    socket.async_read_some(asio::buffer(heard),
                           [self = shared_from_this()](error_code ec, std::size_t) {
                             if (!ec) self->listen();
                           });
  }
  tcp::socket socket;
  std::function<std::string()> next;
  std::string bytes;
  std::array<char, 4096> heard{};
};

/// Between the client and a real sshd; spoils the n-th byte that the server says, or stops there.
struct Spoiler : std::enable_shared_from_this<Spoiler> {
  Spoiler(tcp::socket c, int port, unsigned seed)
      : client{std::move(c)}, server{client.get_executor()}, random{seed} {
    error_code ec;
    server.connect({asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)}, ec);
    // Before the cipher starts every byte is listened to: about 1,500 of them.
    at = random() % 1800;
    cut = random() % 4 == 0;
  }
  void up() {
    client.async_read_some(
        asio::buffer(from_client), [self = shared_from_this()](error_code ec, std::size_t n) {
          if (ec) return self->end();
          asio::async_write(self->server, asio::buffer(self->from_client.data(), n),
                            [self](error_code e, std::size_t) { e ? self->end() : self->up(); });
        });
  }
  void down() {
    server.async_read_some(
        asio::buffer(from_server), [self = shared_from_this()](error_code ec, std::size_t n) {
          if (ec) return self->end();
          const bool last = self->spoil(n);
          asio::async_write(
              self->client, asio::buffer(self->from_server.data(), n),
              [self, last](error_code e, std::size_t) { e || last ? self->end() : self->down(); });
        });
  }
  bool spoil(std::size_t& n) {
    if (at >= n) {
      at -= n;
      return false;
    }
    if (cut) {
      n = at;
      return true;
    }
    from_server[at] = static_cast<char>(random());
    for (unsigned k = 0; k < random() % 4; ++k)
      from_server[random() % n] = static_cast<char>(random());
    at = random() % 3000;
    return false;
  }
  void end() {
    error_code ignored;
    client.close(ignored);
    server.close(ignored);
  }
  tcp::socket client, server;
  std::mt19937 random;
  std::size_t at = 0;
  bool cut = false;
  std::array<char, 8192> from_client{}, from_server{};
};

struct Listener {
  Listener(asio::io_context& io, std::function<void(tcp::socket)> f)
      : acceptor{io, {asio::ip::address_v4::loopback(), 0}}, serve{std::move(f)} {
    accept();
  }
  void accept() {
    acceptor.async_accept([this](error_code ec, tcp::socket socket) {
      if (ec) return;
      serve(std::move(socket));
      accept();
    });
  }
  std::uint16_t port() { return acceptor.local_endpoint().port(); }
  tcp::acceptor acceptor;
  std::function<void(tcp::socket)> serve;
};

}  // namespace

TEST_CASE("a server may say anything", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Sshd sshd;
  ssh::Options options;
  options.connect_within = 1500ms;
  Client client{options};
  sshd.know("* " + sshd.host_key());
  std::mt19937 random{11};
  const std::vector<std::string> starts{"",
                                        "SSH-2.0-x\r\n",
                                        "SSH-1.5-old\n",
                                        "HTTP/1.1 400\r\n\r\n",
                                        std::string(300, 'a'),
                                        std::string("\0\0\0\0", 4)};
  const int count = seeds();
  for (int i = 0; i < count; ++i) {
    const auto start = starts[static_cast<std::size_t>(i) % starts.size()];
    int pieces = 0;
    const int most = static_cast<int>(random() % 50);
    Listener listener{client.io, [&](tcp::socket socket) {
                        auto liar = std::make_shared<Liar>(std::move(socket), [&]() -> std::string {
                          if (pieces++ == 0 && !start.empty()) return start;
                          if (pieces > most) return "";
                          std::string noise(random() % 2000 + 1, '\0');
                          // Now and then a packet whose length is believable.
                          for (auto& c : noise) c = static_cast<char>(random());
                          if (random() % 2)
                            noise.replace(
                                0, 3, std::string(std::min<std::size_t>(3, noise.size()), '\0'));
                          return noise;
                        });
                        liar->talk();
                        liar->listen();
                      }};
    auto host = sshd.host();
    host.port = listener.port();
    const auto seen = client.run(host, "true", 5s);
    INFO(i);
    CHECK_FALSE(seen.ready);
    CHECK(unless_contains("test saw no end", seen.end->why) != "");
  }
}

TEST_CASE("a conversation that is spoilt anywhere ends within its limits", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Sshd sshd;
  ssh::Options options;
  options.connect_within = 1500ms;
  options.silent_after = 300ms;
  options.dead_after = 1s;
  Client client{options};
  sshd.know("* " + sshd.host_key());
  const int count = seeds();
  std::vector<std::unique_ptr<Listener>> listeners;
  std::vector<std::shared_ptr<Seen>> all;
  for (int i = 0; i < count; ++i) {
    listeners.push_back(std::make_unique<Listener>(client.io, [&, i](tcp::socket socket) {
      auto spoiler =
          std::make_shared<Spoiler>(std::move(socket), sshd.port, static_cast<unsigned>(i));
      spoiler->up();
      spoiler->down();
    }));
    auto host = sshd.host();
    host.port = listeners.back()->port();
    all.push_back(client.start(host, "echo hello"));
    // Some at a time, or the limits of time mean nothing.
    if (i % 16 == 15 || i == count - 1)
      CHECK(client.until(
          [&] { return std::ranges::all_of(all, [](auto& s) { return s->end.has_value(); }); },
          30s));
  }
  int fine = 0;
  for (const auto& seen : all) {
    REQUIRE(seen->end);
    if (seen->end->status == 0) {
      ++fine;
      CHECK(seen->out == "hello\n");
    } else if (!seen->end->needs_openssh) {
      CHECK_FALSE(seen->end->why.empty());
    }
  }
  CHECK(fine < count);
}

TEST_CASE("a server that floods is cut off, whatever it floods with", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Sshd sshd;
  ssh::Options options;
  options.connect_within = 5s;
  Client client{options};
  sshd.know("* " + sshd.host_key());
  const auto before = resident_kb();
  for (const int type : {4, 50, 53, 80, 82}) {  // debug, and what only a later phase may say
    int sent = 0;
    Listener listener{client.io, [&](tcp::socket socket) {
                        auto liar = std::make_shared<Liar>(std::move(socket), [&]() -> std::string {
                          if (sent++ == 0) return "SSH-2.0-flood\r\n";
                          if (sent > 4000) return "";
                          // 16 packets of 2,048 bytes, no cipher yet.
                          std::string packet{"\0\0\7\374\4", 5};
                          packet += static_cast<char>(type);
                          packet.resize(2048, '\0');
                          std::string many;
                          for (int k = 0; k < 16; ++k) many += packet;
                          return many;
                        });
                        liar->talk();
                        liar->listen();
                      }};
    auto host = sshd.host();
    host.port = listener.port();
    const auto seen = client.run(host, "true", 20s);
    INFO(type);
    CHECK_FALSE(seen.ready);
    CHECK(unless_contains(seen.end->why, "no end") != "");
  }
  CHECK(resident_kb() - before < 64 << 10);  // 128 MB were sent each time
}
