// The tls probe and https against servers whose certificates are right, over, too soon over, of
// somebody else, or of nobody.
#include <boost/asio/ssl.hpp>
#include <filesystem>

#include "tests/adapters_probes/certificates.hpp"
#include "tests/adapters_probes/child_server.hpp"
#include "tests/adapters_probes/fixture.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::probes;
using namespace muster::probes::test;
using measure::Outcome;

namespace {

/// Shakes hands, notes the name that was asked for, reads a head if one comes, says `text`.
Server::Part tls_says(const Made& made, std::string text, std::string* asked_for = nullptr) {
  const auto context = std::make_shared<boost::asio::ssl::context>(server_context(made));
  return [context, text = std::move(text), asked_for](Server::tcp::socket& socket) {
    boost::asio::ssl::stream<Server::tcp::socket&> stream{socket, *context};
    boost::system::error_code ec;
    stream.handshake(boost::asio::ssl::stream_base::server, ec);
    if (asked_for != nullptr)
      if (const char* name =
              ::SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name))
        *asked_for = name;
    std::string head;
    if (!ec) boost::asio::read_until(stream, boost::asio::dynamic_buffer(head), "\r\n\r\n", ec);
    if (!ec) boost::asio::write(stream, boost::asio::buffer(text), ec);
    if (!ec) stream.shutdown(ec);
    socket.close(ec);
  };
}

struct Certified {
  TemporaryFolder folder;
  Authority authority;
  std::string ca_file = written(folder.path() / "ca.pem", authority.certificate());
};

ProbeSpec tls_probe(std::uint16_t port, catalogue::Values more) {
  more["address"] = "127.0.0.1:" + std::to_string(port);
  return {"tls", std::move(more)};
}

}  // namespace

TEST_CASE("a tls probe judges the certificate and says what it saw") {
  const Certified by;
  struct Row {
    std::string names;
    int from, until;
    catalogue::Values more;
    std::string why;
  };
  const catalogue::Values ca{{"ca_file", by.ca_file}};
  const auto with = [&](const std::string& key, const std::string& value) {
    auto more = ca;
    more[key] = value;
    return more;
  };
  const std::string here = "DNS:localhost,IP:127.0.0.1";
  const std::vector<Row> rows{
      {here, -1, 90, ca, ""},
      {here, -1, 14, ca, ""},
      {here, -1, 13, ca, "13 days left, 14 are wanted"},
      {here, -1, 13, with("days_left", "0"), ""},
      {here, -9, -2, ca, "certificate: certificate has expired"},
      {here, 2, 90, ca, "certificate: certificate is not yet valid"},
      {"DNS:elsewhere.example", -1, 90, ca, "the certificate is not for 127.0.0.1"},
      {"DNS:elsewhere.example", -1, 90, with("server_name", "elsewhere.example"), ""},
      {here, -1, 90, with("server_name", "other.example"),
       "the certificate is not for other.example"},
      {here, -1, 90, {}, "certificate: unable to get local issuer certificate"},
      {here, -1, 90, {{"verify", "false"}}, ""},
      {here, -9, -2, {{"verify", "false"}}, "-2 days left, 14 are wanted"},
  };
  Engine engine;
  for (const auto& row : rows) {
    CAPTURE(row.names, row.from, row.until, row.why);
    Server server{tls_says(by.authority.sign(row.names, row.from, row.until), "")};
    const auto answer = engine.ask(tls_probe(server.port(), row.more), 20s);
    CHECK(answer.sample.why == row.why);
    CHECK(answer.sample.outcome == (row.why.empty() ? Outcome::ok : Outcome::failed));
    CHECK(answer.evidence.find("subject CN = A server of the test\nissuer CN = An authority") == 0);
    CHECK(answer.evidence.find(std::to_string(row.until) + " days left\nTLSv1.3, 1 certificate") !=
          std::string::npos);
  }
}

TEST_CASE("a tls probe asks for its name, and what is no TLS is down") {
  const Certified by;
  Engine engine;
  std::string asked_for;
  {
    Server server{tls_says(by.authority.sign("DNS:lb.example", -1, 90), "", &asked_for)};
    CHECK(
        engine
            .ask(tls_probe(server.port(), {{"ca_file", by.ca_file}, {"server_name", "lb.example"}}),
                 20s)
            .sample.outcome == Outcome::ok);
  }
  CHECK(asked_for == "lb.example");
  Server plain{[](Server::tcp::socket& socket) {
    boost::system::error_code ec;
    boost::asio::write(socket, boost::asio::buffer(std::string{"220 smtp.example ESMTP\r\n"}), ec);
  }};
  const auto no_tls = engine.ask(tls_probe(plain.port(), {}), 20s).sample;
  CHECK(no_tls.outcome == Outcome::failed);
  CHECK(no_tls.why == "TLS: wrong version number");
  Server silent{[](Server::tcp::socket&) {}};
  CHECK(engine.ask(tls_probe(silent.port(), {}), 500ms).sample.outcome == Outcome::unknown);
  const auto refused = engine.ask(tls_probe(closed_port(), {}), 20s).sample;
  CHECK(refused.why == "connect: Connection refused");
  const auto no_file = engine.ask(tls_probe(plain.port(), {{"ca_file", "/no/such.pem"}}), 20s);
  CHECK(no_file.sample.why.find("the certificates of '/no/such.pem' cannot be read") == 0);
}

TEST_CASE("https is asked only of a server that may be trusted") {
  const Certified by;
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nall well";
  const auto asked = [&](const std::string& names, catalogue::Values more) {
    Engine engine;
    Server server{tls_says(by.authority.sign(names, -1, 90), answer)};
    more["url"] = "https://127.0.0.1:" + std::to_string(server.port()) + "/health";
    more["contains"] = "well";
    return engine.ask({"http", more}, 20s);
  };
  const auto good = asked("IP:127.0.0.1", {{"ca_file", by.ca_file}});
  CHECK(good.sample.why.empty());
  CHECK(good.sample.outcome == Outcome::ok);
  CHECK(good.evidence == "200 OK\nall well");
  CHECK(asked("DNS:other.example", {{"ca_file", by.ca_file}}).sample.why ==
        "the certificate is not for 127.0.0.1");
  CHECK(asked("IP:127.0.0.1", {}).sample.why ==
        "certificate: unable to get local issuer certificate");
  CHECK(asked("DNS:other.example", {{"verify", "false"}}).sample.outcome == Outcome::ok);
}
