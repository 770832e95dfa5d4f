// The mariadb probe against a real MariaDB: queries, logins, a socket, frozen; and against silence.
#include <sys/socket.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "tests/adapters_probes/certificates.hpp"
#include "tests/adapters_probes/child_server.hpp"
#include "tests/adapters_probes/fixture.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::probes;
using namespace muster::probes::test;
using measure::Outcome;

namespace {

constexpr const char* kServer = "/usr/sbin/mariadbd";

/// One for all tests of this file.
struct Mariadb {
  TemporaryFolder folder;
  std::uint16_t port = closed_port();
  std::string socket = folder.path() / "sock";
  Authority authority;
  std::string ca_file = written(folder.path() / "ca.pem", authority.certificate());
  std::unique_ptr<ChildServer> server;

  Mariadb() {
    const auto data = folder.path() / "data";
    std::filesystem::create_directory(data);
    // What mariadb-install-db does, without the client's programs that it needs.
    const auto bootstrap = folder.path() / "bootstrap.sql";
    std::ofstream sql{bootstrap};
    sql << "create database mysql;\nuse mysql;\nset @auth_root_socket=null;\n";
    for (const auto* part : {"mysql_system_tables.sql", "mysql_system_tables_data.sql"})
      sql << std::ifstream{std::string{"/usr/share/mysql/"} + part}.rdbuf();
    sql.close();
    run_command(
        {"/bin/sh", "-c", "exec \"$@\" <\"$0\"", bootstrap, kServer, "--no-defaults", "--bootstrap",
         "--user=root", "--datadir=" + data.string(), "--innodb-buffer-pool-size=16M"},
        folder.path() / "install.log");
    const auto init = folder.path() / "init.sql";
    std::ofstream{init} << "create user 'app'@'%' identified by 'geheim';\n"
                           "create database orders;\ngrant all on orders.* to 'app'@'%';\n";
    const auto made = authority.sign("IP:127.0.0.1", -1, 90);
    const auto cert = written(folder.path() / "cert.pem", made.certificate);
    const auto key = written(folder.path() / "key.pem", made.key);
    server = std::make_unique<ChildServer>(
        std::vector<std::string>{
            kServer, "--no-defaults", "--user=root", "--datadir=" + data.string(),
            "--bind-address=127.0.0.1", "--port=" + std::to_string(port), "--socket=" + socket,
            "--pid-file=" + (folder.path() / "pid").string(), "--init-file=" + init.string(),
            "--ssl-cert=" + cert.string(), "--ssl-key=" + key.string(),
            "--innodb-buffer-pool-size=16M", "--skip-name-resolve"},
        folder.path() / "log");
    server->wait_for_port(port);
  }
  static Mariadb* shared() {
    if (!installed(kServer, "mariadb-server-core")) return nullptr;
    static Mariadb one;
    return &one;
  }
  ProbeSpec probe(catalogue::Values more = {}) const {
    more.try_emplace("user", "app");
    more.try_emplace("password", "geheim");
    if (!more.contains("socket")) more["address"] = "127.0.0.1:" + std::to_string(port);
    return {"mariadb", std::move(more)};
  }
};

}  // namespace

TEST_CASE("a mariadb query is up when it ends well and does not say no", "[.mariadb]") {
  auto* const mariadb = Mariadb::shared();
  if (mariadb == nullptr) return;
  Engine engine;
  struct Row {
    std::string query;
    Outcome outcome;
    std::string why, evidence;
  };
  const std::vector<Row> rows{
      {"select 1", Outcome::ok, "", "1"},
      {"select true", Outcome::ok, "", "1"},
      {"select @@global.read_only", Outcome::failed, "the query says 0", "0"},
      {"select null", Outcome::failed, "the query says null", "null"},
      {"select 0, null, concat('a', char(27))", Outcome::ok, "", "0 | null | a\\x1b"},
      {"select 1 from dual where false", Outcome::ok, "", ""},
      {"set @a = 1", Outcome::ok, "", ""},
      {"select seq from information_schema.seq_1_to_10", Outcome::failed, "1109 Unknown", ""},
      {"select repeat('x', 10000) from information_schema.columns", Outcome::ok, "", "xxx"},
      {"selekt 1", Outcome::failed, "1064 You have an error in your SQL syntax", ""},
      {"load data local infile '/etc/hostname' into table orders.t", Outcome::failed, "", ""},
      {"select sleep(5)", Outcome::unknown, "no answer in time", ""},
  };
  const auto before = open_descriptors();
  for (const auto& row : rows) {
    CAPTURE(row.query);
    const auto answer = engine.ask(mariadb->probe({{"query", row.query}}),
                                   row.outcome == Outcome::unknown ? 1s : 20s);
    CHECK(answer.sample.outcome == row.outcome);
    CHECK(answer.sample.why.substr(0, row.why.size()) == row.why);
    if (row.outcome == Outcome::ok) CHECK(answer.sample.why.empty());
    CHECK(answer.evidence.substr(0, row.evidence.size()) == row.evidence);
    CHECK(answer.evidence.size() <= 1100);
  }
  engine.pass(50ms);
  CHECK(open_descriptors() <= before);
}

TEST_CASE("what keeps a mariadb client out keeps the probe out", "[.mariadb]") {
  auto* const mariadb = Mariadb::shared();
  if (mariadb == nullptr) return;
  Engine engine;
  const auto why = [&](catalogue::Values more) {
    const auto answer = engine.ask(mariadb->probe(std::move(more)), 20s);
    CHECK(answer.sample.outcome == Outcome::failed);
    CHECK(answer.sample.why.find("falsch") == std::string::npos);
    return answer.sample.why;
  };
  CHECK(why({{"password", "falsch"}}).find("connect: 1045 Access denied") == 0);
  CHECK(why({{"database", "nothing"}}).find("connect: 1044 Access denied") == 0);
  CHECK(why({{"socket", "/no/such/socket"}}).find("connect: 2002 ") == 0);
  // The certificate is of an authority that this machine does not know.
  CHECK(why({{"tls", "true"}}).find("connect: 2026 ") == 0);
  const std::string cipher =
      "select variable_value from information_schema.session_status where "
      "variable_name = 'Ssl_version' and variable_value <> ''";
  const auto ask = [&](catalogue::Values more) {
    more["query"] = cipher;
    return engine.ask(mariadb->probe(std::move(more)), 20s).evidence;
  };
  CHECK(ask({{"tls", "true"}, {"ca_file", mariadb->ca_file}}).starts_with("TLSv1."));
  CHECK(ask({{"tls", "true"}, {"verify", "false"}}).starts_with("TLSv1."));
  CHECK(ask({}).empty());
  CHECK(engine.ask(mariadb->probe({{"database", "orders"}, {"query", "select database()"}}), 20s)
            .evidence == "orders");
  CHECK(engine.ask(mariadb->probe({{"socket", mariadb->socket}}), 20s).evidence == "1");
  mariadb->server->freeze();
  const auto frozen = engine.ask(mariadb->probe(), 500ms).sample;
  mariadb->server->thaw();
  CHECK(frozen.outcome == Outcome::unknown);
  CHECK(engine.ask(mariadb->probe(), 20s).sample.outcome == Outcome::ok);
}

TEST_CASE("a mariadb probe gives up while the connection is not even made") {
  // A listener whose queue is full: the kernel does not answer.
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor full{io};
  full.open(boost::asio::ip::tcp::v4());
  full.bind({boost::asio::ip::address_v4::loopback(), 0});
  full.listen(0);
  std::vector<boost::asio::ip::tcp::socket> waiting;
  for (int i = 0; i < 4; ++i) {
    waiting.emplace_back(io, boost::asio::ip::tcp::v4());
    waiting.back().non_blocking(true);
    // Not Asio's connect(), which waits.
    const auto to = full.local_endpoint();
    ::connect(waiting.back().native_handle(), to.data(), static_cast<socklen_t>(to.size()));
  }
  Engine engine;
  const auto port = std::to_string(full.local_endpoint().port());
  const auto answer =
      engine.ask({"mariadb", {{"address", "127.0.0.1:" + port}, {"user", "app"}}}, 300ms);
  CHECK(answer.sample.outcome == Outcome::unknown);
  CHECK(answer.sample.completed - answer.sample.sent < 10s);
  engine.prober.reset();  // and nothing is left that would hold up the end
}

TEST_CASE("a mariadb probe of nobody, of silence and of nonsense") {
  Engine engine;
  const auto ask = [&](std::uint16_t port, Duration timeout) {
    return engine
        .ask({"mariadb", {{"address", "127.0.0.1:" + std::to_string(port)}, {"user", "app"}}},
             timeout)
        .sample;
  };
  const auto refused = ask(closed_port(), 20s);
  CHECK(refused.outcome == Outcome::failed);
  CHECK(refused.why.find("connect: 200") == 0);
  Server silent{[](Server::tcp::socket&) {}};
  const auto hung = ask(silent.port(), 300ms);
  CHECK(hung.outcome == Outcome::unknown);
  CHECK(hung.completed - hung.sent < 10s);
  Server nonsense{[](Server::tcp::socket& socket) {
    boost::system::error_code ec;
    boost::asio::write(socket, boost::asio::buffer(std::string(200, 'x')), ec);
    socket.shutdown(Server::tcp::socket::shutdown_both, ec);
  }};
  CHECK(ask(nonsense.port(), 20s).outcome == Outcome::failed);
  const auto both = engine.ask({"mariadb", {{"user", "app"}}}).sample;
  CHECK(both.why.find("a mariadb probe needs an address or a socket") == 0);
}
