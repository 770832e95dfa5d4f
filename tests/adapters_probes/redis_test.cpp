// The redis probe against a real Redis: roles, a password, TLS, frozen; and against nonsense.
#include <filesystem>
#include <optional>

#include "tests/adapters_probes/certificates.hpp"
#include "tests/adapters_probes/child_server.hpp"
#include "tests/adapters_probes/fixture.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::probes;
using namespace muster::probes::test;
using measure::Outcome;

namespace {

/// Debian's redis-tools has the server's program, by another name, and no service that would start.
constexpr const char* kRedis = "/usr/bin/redis-check-rdb";

ProbeSpec redis_probe(std::uint16_t port, catalogue::Values more = {}) {
  more["address"] = "127.0.0.1:" + std::to_string(port);
  return {"redis", std::move(more)};
}

catalogue::Values command(const std::vector<std::string>& words) {
  catalogue::Values values{{"command_count", std::to_string(words.size())}};
  for (std::size_t i = 0; i < words.size(); ++i) values["command_" + std::to_string(i)] = words[i];
  return values;
}

std::vector<std::string> server(const TemporaryFolder& folder, std::uint16_t port,
                                const std::vector<std::string>& more = {}) {
  const auto program = folder.path() / "redis-server";
  std::filesystem::create_symlink(kRedis, program);
  std::vector<std::string> argv{program,  "--bind", "127.0.0.1", "--port",     std::to_string(port),
                                "--save", "",       "--dir",     folder.path()};
  argv.insert(argv.end(), more.begin(), more.end());
  return argv;
}

}  // namespace

TEST_CASE("a redis probe reads the reply", "[.redis]") {
  if (!installed(kRedis, "redis-tools")) return;
  TemporaryFolder folder;
  const auto port = closed_port();
  ChildServer redis{server(folder, port), folder.path() / "log"};
  redis.wait_for_port(port);
  struct Row {
    catalogue::Values values;
    std::string why, evidence;
  };
  auto expecting = [](std::vector<std::string> words, const std::string& reply) {
    auto values = command(words);
    values["expect"] = reply;
    return values;
  };
  const std::vector<Row> rows{
      {{}, "", "PONG"},
      {{{"role", "master"}}, "", "[master, 0, []]"},
      {{{"role", "replica"}}, "it is a master", "[master, 0, []]"},
      {command({"SET", "a b", "c d"}), "", "OK"},
      {expecting({"GET", "a b"}, "c d"), "", "c d"},
      {expecting({"GET", "nothing"}, "nil"), "", "nil"},
      {expecting({"STRLEN", "a b"}, "4"), "the reply is 3", "3"},
      {expecting({"EXISTS", "a b"}, "1"), "", "1"},
      {command({"LLEN", "a b"}),
       "WRONGTYPE Operation against a key holding the wrong kind of value",
       "WRONGTYPE Operation against a key holding the wrong kind of value"},
      {{{"password", "guess"}},
       "ERR AUTH <password> called without any password configured for the default user. Are "
       "you sur",
       ""},
  };
  Engine engine;
  for (const auto& row : rows) {
    CAPTURE(row.why, row.evidence);
    const auto answer = engine.ask(redis_probe(port, row.values), 20s);
    CHECK(answer.sample.why.substr(0, 60) == row.why.substr(0, 60));
    CHECK(answer.sample.outcome == (row.why.empty() ? Outcome::ok : Outcome::failed));
    if (!row.evidence.empty()) CHECK(answer.evidence == row.evidence);
  }
  redis.freeze();
  CHECK(engine.ask(redis_probe(port), 500ms).sample.outcome == Outcome::unknown);
  redis.thaw();
  CHECK(engine.ask(redis_probe(port), 20s).sample.outcome == Outcome::ok);
}

TEST_CASE("a redis probe logs in, and over TLS only where it may trust", "[.redis]") {
  if (!installed(kRedis, "redis-tools")) return;
  TemporaryFolder folder;
  const Authority authority;
  const auto made = authority.sign("IP:127.0.0.1", -1, 90);
  const auto ca = written(folder.path() / "ca.pem", authority.certificate());
  const auto cert = written(folder.path() / "cert.pem", made.certificate);
  const auto key = written(folder.path() / "key.pem", made.key);
  const auto port = closed_port();
  ChildServer redis{
      server(folder, 0,
             {"--tls-port", std::to_string(port), "--tls-cert-file", cert, "--tls-key-file", key,
              "--tls-ca-cert-file", ca, "--tls-auth-clients", "no", "--requirepass", "geheim"}),
      folder.path() / "log"};
  redis.wait_for_port(port);
  Engine engine;
  const auto ask = [&](catalogue::Values values) {
    values["tls"] = "true";
    return engine.ask(redis_probe(port, std::move(values)), 20s);
  };
  CHECK(ask({{"ca_file", ca}, {"password", "geheim"}}).evidence == "PONG");
  CHECK(ask({{"ca_file", ca}, {"username", "default"}, {"password", "geheim"}}).evidence == "PONG");
  const auto wrong = ask({{"ca_file", ca}, {"password", "falsch"}});
  CHECK(wrong.sample.outcome == Outcome::failed);
  CHECK(wrong.sample.why.find("WRONGPASS") == 0);
  CHECK(wrong.evidence.find("falsch") == std::string::npos);
  CHECK(ask({{"ca_file", ca}}).sample.why.find("NOAUTH") == 0);
  CHECK(ask({{"password", "geheim"}}).sample.why ==
        "certificate: self-signed certificate in certificate chain");
  CHECK(ask({{"ca_file", ca}, {"server_name", "x.example"}, {"password", "geheim"}}).sample.why ==
        "the certificate is not for x.example");
}

TEST_CASE("what is no Redis is down, and a reply is bounded") {
  Engine engine;
  const auto why = [&](const std::string& says) {
    Server server{[&says](Server::tcp::socket& socket) {
      boost::system::error_code ec;
      boost::asio::write(socket, boost::asio::buffer(says), ec);
      std::this_thread::sleep_for(1ms);
    }};
    const auto sample = engine.ask(redis_probe(server.port()), 20s).sample;
    CHECK(sample.outcome == Outcome::failed);
    return sample.why;
  };
  CHECK(why("HTTP/1.1 400 Bad Request\r\n\r\n").find("not what Redis says") == 0);
  CHECK(why("*-7\r\n").find("not what Redis says") == 0);
  CHECK(why("$2000000000\r\n" + std::string(2u << 20, 'x')) == "a reply above 1 MiB");
  // Ten bytes that ask for a room of four gigabytes.
  CHECK(why("*500000000\r\n").find("not what Redis says") == 0);
  CHECK(why("-LOADING Redis is loading the dataset in memory\r\n").find("LOADING") == 0);
  Server hangs{[](Server::tcp::socket&) {}};
  CHECK(engine.ask(redis_probe(hangs.port()), 300ms).sample.outcome == Outcome::unknown);
}
