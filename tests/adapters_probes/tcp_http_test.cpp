// TCP and HTTP probes against servers that behave, are slow, hang up, or talk nonsense.
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>

#include "adapters/probes/http_url.hpp"
#include "tests/adapters_probes/fixture.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::probes;
using namespace muster::probes::test;
using measure::Outcome;

namespace {

std::string response(const std::string& status, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

const Server::Part hangs = [](Server::tcp::socket&) {};

}  // namespace

TEST_CASE("a tcp probe asks whether a connection is accepted") {
  Engine engine;
  Server server{hangs};
  const auto up = engine.ask(tcp_probe("127.0.0.1", server.port()));
  CHECK(up.sample.outcome == Outcome::ok);
  CHECK(up.evidence == "accepted by 127.0.0.1");
  CHECK(up.sample.completed >= up.sample.sent);

  const auto down = engine.ask(tcp_probe("127.0.0.1", closed_port()));
  CHECK(down.sample.outcome == Outcome::failed);
  CHECK(down.sample.why == "connect: Connection refused");
}

TEST_CASE("a tcp probe by name is resolved on a worker") {
  Engine engine;
  Server server{hangs};
  CHECK(engine.ask(tcp_probe("localhost", server.port())).sample.outcome == Outcome::ok);
  const auto nowhere = engine.ask(tcp_probe("nowhere.invalid", 1), 10s);
  CHECK(nowhere.sample.outcome != Outcome::ok);
  CHECK_FALSE(nowhere.asked);
}

TEST_CASE("whether a question went out is told apart from what came of it") {
  Engine engine;
  Server server{hangs};
  CHECK(engine.ask(tcp_probe("127.0.0.1", server.port())).asked);
  CHECK(engine.ask(tcp_probe("127.0.0.1", closed_port())).asked);
  const auto silent =
      engine.ask(http_probe("http://127.0.0.1:" + std::to_string(server.port())), 100ms);
  CHECK(silent.sample.outcome == Outcome::unknown);
  CHECK(silent.asked);
  CHECK_FALSE(engine.ask({"no-such-kind", {}}).asked);
  // No descriptor is left for a socket: that says nothing of the other end.
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const int next = ::dup(0);
  ::close(next);
  const rlimit none{static_cast<rlim_t>(next), before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &none);
  const auto full = engine.ask(tcp_probe("127.0.0.1", server.port()));
  ::setrlimit(RLIMIT_NOFILE, &before);
  CHECK(full.sample.outcome == Outcome::failed);
  CHECK_FALSE(full.asked);
  CHECK(full.sample.why == "connect: no socket can be opened here");
}

TEST_CASE("an http probe judges the status and the body") {
  Engine engine;
  struct Row {
    std::string status, body;
    int wanted;
    std::string contains;
    Outcome outcome;
    std::string why;
  };
  const std::vector<Row> rows{
      {"200 OK", "all well", 0, "", Outcome::ok, ""},
      {"204 No Content", "", 0, "", Outcome::ok, ""},
      {"301 Moved", "", 0, "", Outcome::failed, "status 301"},
      {"503 Busy", "", 503, "", Outcome::ok, ""},
      {"200 OK", "", 204, "", Outcome::failed, "status 200"},
      {"200 OK", "all well", 200, "well", Outcome::ok, ""},
      {"200 OK", "all lost", 200, "well", Outcome::failed, "the body lacks 'well'"},
      {"200 OK", std::string(2u << 20, 'x'), 0, "", Outcome::ok, ""},
      {"200 OK", std::string(2u << 20, 'x'), 0, "x", Outcome::failed,
       "body above 1 MiB, not searched"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.status, row.wanted, row.contains);
    const bool empty = row.status.starts_with("204");
    Server server{says(empty ? "HTTP/1.1 204 No Content\r\n\r\n" : response(row.status, row.body))};
    const auto answer = engine.ask(http_probe(server.url("/health?a=b"), row.wanted, row.contains));
    CHECK(answer.sample.outcome == row.outcome);
    CHECK(answer.sample.why == row.why);
    CHECK(answer.evidence.size() <= 1100);
  }
}

TEST_CASE("an http probe sends what a client would") {
  Engine engine;
  std::string head;
  Server server{[&](Server::tcp::socket& socket) {
    boost::system::error_code ec;
    boost::asio::read_until(socket, boost::asio::dynamic_buffer(head), "\r\n\r\n", ec);
    boost::asio::write(socket, boost::asio::buffer(response("200 OK", "")), ec);
  }};
  CHECK(engine.ask(http_probe(server.url("/a?b=c"), 0, "")).sample.outcome == Outcome::ok);
  CHECK(head.starts_with("GET /a?b=c HTTP/1.1\r\n"));
  CHECK(head.find("Host: 127.0.0.1:" + std::to_string(server.port()) + "\r\n") !=
        std::string::npos);
}

TEST_CASE("an http probe sends the method and the headers that it is told, and nothing else") {
  Engine engine;
  std::string head;
  Server server{[&](Server::tcp::socket& socket) {
    boost::system::error_code ec;
    boost::asio::read_until(socket, boost::asio::dynamic_buffer(head), "\r\n\r\n", ec);
    // A HEAD's answer tells the length of a body that does not come.
    boost::asio::write(
        socket, boost::asio::buffer(std::string{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"}),
        ec);
  }};
  auto probe = http_probe(server.url("/"));
  probe.values.insert({{"method", "HEAD"},
                       {"headers_0", "Host: orders.example"},
                       {"headers_1", "X-Probe: a: b"},
                       {"headers_count", "2"}});
  CHECK(engine.ask(probe).sample.why.empty());
  CHECK(head.starts_with("HEAD / HTTP/1.1\r\n"));
  CHECK(head.find("Host: orders.example\r\n") != std::string::npos);
  CHECK(head.find("X-Probe: a: b\r\n") != std::string::npos);
  for (const auto* bad : {"no colon", "Bad Name: x", "X: a\r\nY: b", "Content-Length: 5"}) {
    CAPTURE(bad);
    probe.values["headers_1"] = bad;
    CHECK(engine.ask(probe).sample.outcome == Outcome::failed);
  }
}

TEST_CASE("nonsense, half an answer and a hung-up line are failures; silence is not known") {
  Engine engine;
  const auto asked = [&](Server::Part part) {
    Server server{std::move(part)};
    return engine.ask(http_probe(server.url("/"), 0, ""), 300ms).sample;
  };
  CHECK(asked(says("220 smtp.example ESMTP\r\n")).outcome == Outcome::failed);
  CHECK(asked(says(std::string(100'000, '\0'))).outcome == Outcome::failed);
  CHECK(asked(says("")).outcome == Outcome::failed);
  CHECK(asked(says("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")).outcome ==
        Outcome::failed);
  CHECK(asked(says("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x'))).outcome ==
        Outcome::failed);
  const auto hung = asked(hangs);
  CHECK(hung.outcome == Outcome::unknown);
  CHECK(hung.completed - hung.sent >= 300ms);
  CHECK(hung.completed - hung.sent < 2s);
  // The header came, the body does not end, and the line is shut for writing.
  CHECK(asked([](Server::tcp::socket& socket) {
          boost::system::error_code ec;
          boost::asio::write(
              socket,
              boost::asio::buffer(std::string{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab"}),
              ec);
          socket.shutdown(Server::tcp::socket::shutdown_send, ec);
        }).outcome == Outcome::failed);
}

TEST_CASE("urls that an http probe refuses, and what it takes of the others") {
  const auto url = parse_http_url("http://[::1]:8080/health?x=1");
  REQUIRE(url);
  CHECK(*url == HttpUrl{"::1", 8080, "[::1]:8080", "/health?x=1", false});
  CHECK(*parse_http_url("http://lb-1") == HttpUrl{"lb-1", 80, "lb-1", "/", false});
  CHECK(*parse_http_url("https://lb-1") == HttpUrl{"lb-1", 443, "lb-1", "/", true});
  for (const auto* bad :
       {"", "a:]", "a:]://lb-1", "ftp://lb-1/", "lb-1/health", "http://user:pw@lb-1/", "http:///x",
        "http://lb-1:99999/", "http://lb-1:0/"}) {
    CAPTURE(bad);
    const auto refused = parse_http_url(bad);
    REQUIRE_FALSE(refused);
    CHECK(to_string(refused.error()).find("pw") == std::string::npos);
  }
}
