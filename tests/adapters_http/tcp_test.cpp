// The API over TCP: who is let in, who is cut off, and answers that go on.
#include <sys/un.h>

#include <atomic>

#include "tests/adapters_http/tcp_serving.hpp"
#include "tests/catch.hpp"

namespace muster::http {
namespace {

using std::chrono::milliseconds;

TEST_CASE("in clear it is loopback's alone") {
  boost::asio::io_context io;
  for (const auto* address : {"0.0.0.0", "::", "192.0.2.1"}) {
    const auto server = TcpServer::start(io, {address, 0}, nullptr, house_of(echo));
    REQUIRE(server.has_error());
    CHECK(contains(server.error().what, "is not loopback"));
  }
  CHECK(contains(TcpServer::start(io, {"localhost", 0}, nullptr, house_of(echo)).error().what,
                 "no IP address"));
  const ServingTcp serving{nullptr};
  const auto taken = TcpServer::start(io, {"127.0.0.1", serving.port()}, nullptr, house_of(echo));
  CHECK(contains(taken.error().what, "in use"));
}

TEST_CASE("who shows no good token is answered, and the handler hears nothing of it") {
  std::atomic<int> asked = 0;
  const ServingTcp serving{nullptr, [&](const auto& request, const auto& who, auto done) {
                             ++asked;
                             echo(request, who, std::move(done));
                           }};
  const auto post = [](const std::string& header) {
    return "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n" + header + "\r\n{\"a\":1}";
  };
  const auto raw = raw_tcp(serving.port());
  for (const std::string header : {"", "Authorization: Bearer bad\r\n", "Authorization:\r\n",
                                   "X-Authorization: Bearer good\r\n"}) {
    INFO(header);
    raw.say(post(header));
    const auto heard = raw.hear("}\n");  // and the connection goes on
    CHECK(heard.starts_with("HTTP/1.1 401"));
    CHECK(contains(heard, "WWW-Authenticate: Bearer"));
  }
  CHECK(asked == 0);
  raw.say(post("Authorization: Bearer good\r\n"));
  CHECK(raw.hear("}\n").starts_with("HTTP/1.1 200"));
  CHECK(asked == 1);
}

TEST_CASE("one address has so many connections and no more") {
  TcpOptions options;
  options.connections_per_address = 2;
  const ServingTcp serving{nullptr, echo, options};
  auto first = std::make_unique<Raw>(raw_tcp(serving.port()));
  const auto second = raw_tcp(serving.port());
  for (const Raw* raw : {static_cast<const Raw*>(first.get()), &second}) {
    raw->say(kAskGood);
    CHECK(raw->hear("}\n").starts_with("HTTP/1.1 200"));
  }
  CHECK(raw_tcp(serving.port()).hear() == "(closed)");
  first.reset();
  for (int tries = 0;; ++tries) {  // until the server has seen it go
    REQUIRE(tries < 10'000);
    const auto next = raw_tcp(serving.port());
    next.say(kAskGood);
    if (next.hear("}\n").starts_with("HTTP/1.1 200")) break;
  }
}

TEST_CASE("who is slow is cut off, however it goes about it") {
  TcpOptions options;
  options.server.idle = options.server.body = options.server.handshake = milliseconds{150};
  const Papers papers;
  const ServingTcp clear{nullptr, echo, options}, sealed{&papers, echo, options};
  const auto drips = [](const Raw& raw, const std::string& bytes) {
    raw.say(bytes);
    for (int i = 0; i < 10'000; ++i) {  // each byte comes in time, all of them do not
      raw.say("x");
      if (raw.is_over(milliseconds{5})) return true;
    }
    return false;
  };
  CHECK(drips(raw_tcp(clear.port()), "GET /a HTTP/1.1\r\nX: "));
  CHECK(drips(raw_tcp(clear.port()),
              "POST /a HTTP/1.1\r\nAuthorization: Bearer good\r\nContent-Length: 60000\r\n\r\n"));
  CHECK(drips(raw_tcp(clear.port()), "POST /a HTTP/1.1\r\nContent-Length: 60000\r\n\r\n"));
  CHECK(raw_tcp(sealed.port()).hear() == "(closed)");
  CHECK(raw_tcp(clear.port()).hear() == "(closed)");
}

TEST_CASE("who does not take an answer is cut off") {
  TcpOptions options;
  options.server.write = milliseconds{100};
  std::atomic<int> ended = 0;
  struct Endless final : api::Feed {
    explicit Endless(std::atomic<int>& count) : ended{count} {}
    ~Endless() override { ++ended; }
    void next(std::function<void(std::string)> take) override { take(std::string(100'000, 'x')); }
    std::string heartbeat() const override { return ":\n\n"; }
    std::atomic<int>& ended;
  };
  const ServingTcp serving{nullptr,
                           [&](const auto&, const auto&, auto done) {
                             api::Response response;
                             response.content_type = "text/event-stream";
                             response.feed = std::make_shared<Endless>(ended);
                             done(std::move(response));
                           },
                           options};
  const auto raw = raw_tcp(serving.port());
  raw.say(kAskGood);
  for (int tries = 0; ended == 0; ++tries) {
    REQUIRE(tries < 1'000);
    std::this_thread::sleep_for(milliseconds{10});
  }
}

/// A feed that a test pushes pieces into, on the server's thread.
struct Pushed {
  struct State {
    std::function<void(std::string)> take;
    bool is_there = false;
  };
  struct PushedFeed final : api::Feed {
    explicit PushedFeed(std::shared_ptr<State> s) : state{std::move(s)} { state->is_there = true; }
    ~PushedFeed() override { *state = {}; }
    void next(std::function<void(std::string)> take) override { state->take = std::move(take); }
    std::string heartbeat() const override { return ":beat\n\n"; }
    std::shared_ptr<State> state;
  };
  std::shared_ptr<State> state = std::make_shared<State>();
  Handler handler() {
    return [state = state](const auto&, const auto&, auto done) {
      api::Response response;
      response.content_type = "text/event-stream";
      response.feed = std::make_shared<PushedFeed>(state);
      done(std::move(response));
    };
  }
};

TEST_CASE("an answer goes on for as long as both sides are there") {
  Pushed pushed;
  ServingTcp serving{nullptr, pushed.handler()};
  const auto push = [&](const std::string& piece) {
    for (bool waits = false; !waits;)
      serving.on_loop([&] { waits = pushed.state->take != nullptr; });
    serving.on_loop([&] { std::exchange(pushed.state->take, nullptr)(piece); });
  };
  auto raw = std::make_unique<Raw>(raw_tcp(serving.port()));
  raw->say(kAskGood);
  const auto head = raw->hear("\r\n\r\n");
  CHECK(head.starts_with("HTTP/1.1 200"));
  CHECK(contains(head, "Content-Type: text/event-stream"));
  CHECK(contains(head, "Cache-Control: no-store"));
  CHECK_FALSE(contains(head, "Content-Length"));
  for (const std::string piece : {"data: a\n\n", "data: b\n\n"}) {
    push(piece);
    CHECK(raw->hear("\n\n") == piece);
  }
  SECTION("the client goes") {
    raw.reset();
    for (bool is_there = true; is_there;)
      serving.on_loop([&] { is_there = pushed.state->is_there; });
  }
  SECTION("the feed ends") {
    push("");
    CHECK(raw->hear() == "(closed)");
  }
}

TEST_CASE("a line on which nothing happens is kept alive") {
  Pushed pushed;
  TcpOptions options;
  options.server.heartbeat = milliseconds{10};
  const Papers papers;
  ServingTcp serving{nullptr, pushed.handler(), options};
  const auto raw = raw_tcp(serving.port());
  raw.say(kAskGood);
  CHECK(contains(raw.hear(":beat\n\n:beat\n\n"), ":beat"));
  serving.on_loop([&] { std::exchange(pushed.state->take, nullptr)("data: a\n\n"); });
  CHECK(contains(raw.hear("data: a\n\n"), "data: a"));
}

TEST_CASE("a client that came too early comes again by itself") {
  const Papers papers;
  int asked = 0;
  const ServingTcp serving{&papers, [&](const auto& request, const auto& who, auto done) {
                             if (++asked > 1) return echo(request, who, std::move(done));
                             auto early = api::error_response(429, Error{"too early"});
                             early.retry_after_s = 1;
                             done(std::move(early));
                           }};
  const auto client = Client::connect(serving.place(papers));
  REQUIRE(client);
  const auto answer = (*client)->request("GET", "/a");
  REQUIRE(answer);
  CHECK(answer->status == 200);
}

TEST_CASE("where a muster serves is said in one way") {
  struct Row {
    std::string url, host;
    int port;
    bool tls;
  };
  for (const auto& row :
       std::vector<Row>{{"https://muster.example:7420", "muster.example", 7420, true},
                        {"https://muster.example", "muster.example", 7420, true},
                        {"https://10.0.0.1:443/", "10.0.0.1", 443, true},
                        {"https://[2001:db8::1]:7", "2001:db8::1", 7, true},
                        {"http://127.0.0.1:80", "127.0.0.1", 80, false},
                        {"http://[::1]", "::1", 7420, false},
                        {"http://localhost:1", "localhost", 1, false}}) {
    INFO(row.url);
    const auto place = parse_remote_place(row.url);
    REQUIRE(place);
    CHECK(place->host == row.host);
    CHECK(place->port == row.port);
    CHECK(place->tls == row.tls);
  }
  for (const auto* wrong :
       {"", "muster.example", "ftp://x", "https://", "https://:1", "https://x:0", "https://x:y",
        "https://x:70000", "https://u:p@x", "https://x/v1", "https://x?token=y", "https://[::1",
        "https://a:b:c", "http://muster.example", "http://127.evil.example", "https://x y"}) {
    INFO(wrong);
    CHECK(parse_remote_place(wrong).has_error());
  }
}

}  // namespace
}  // namespace muster::http
