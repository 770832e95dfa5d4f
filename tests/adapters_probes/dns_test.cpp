// The dns probe against a real name server (dnsmasq) and against liars on loopback.
#include <arpa/nameser.h>

#include <filesystem>
#include <set>
#include <thread>

#include "adapters/probes/dns_message.hpp"
#include "tests/adapters_probes/child_server.hpp"
#include "tests/adapters_probes/fixture.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::probes;
using namespace muster::probes::test;
using boost::asio::ip::udp;
using measure::Outcome;
using Bytes = std::vector<std::uint8_t>;

namespace {

ProbeSpec dns_probe(std::uint16_t port, const std::string& name, const std::string& type = "A",
                    const std::vector<std::string>& expect = {}) {
  ProbeSpec probe{
      "dns", {{"name", name}, {"type", type}, {"server", "127.0.0.1:" + std::to_string(port)}}};
  probe.values["expect_count"] = std::to_string(expect.size());
  for (std::size_t i = 0; i < expect.size(); ++i)
    probe.values["expect_" + std::to_string(i)] = expect[i];
  return probe;
}

/// Answers one UDP question with the packets that `lie` makes of it.
class Liar {
 public:
  using Lie = std::function<std::vector<Bytes>(const Bytes&)>;
  explicit Liar(Lie lie)
      : thread_{[this, lie = std::move(lie)] {
          Bytes query(4096);
          udp::endpoint from;
          query.resize(socket_.receive_from(boost::asio::buffer(query), from));
          boost::system::error_code ec;
          for (const auto& packet : lie(query))
            socket_.send_to(boost::asio::buffer(packet), from, 0, ec);
        }} {}
  ~Liar() {
    boost::system::error_code ec;
    udp::socket knock{io_, udp::v4()};
    knock.send_to(boost::asio::buffer("x", 1), socket_.local_endpoint(), 0, ec);
    thread_.join();
  }
  std::uint16_t port() const { return socket_.local_endpoint().port(); }

 private:
  boost::asio::io_context io_;
  udp::socket socket_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
  std::thread thread_;
};

/// A right answer: the question again, and one A record with that data.
Bytes answer_to(const Bytes& query, const Bytes& record_name, const Bytes& data,
                std::uint8_t flags = 0x84) {
  Bytes reply = query;
  reply[2] = flags;
  reply[3] = 0;
  reply[7] = 1;
  reply.insert(reply.end(), record_name.begin(), record_name.end());
  for (const int byte : {0, 1, 0, 1, 0, 0, 0, 60, 0, static_cast<int>(data.size())})
    reply.push_back(static_cast<std::uint8_t>(byte));
  reply.insert(reply.end(), data.begin(), data.end());
  return reply;
}

const Bytes kSameName{0xc0, 12};
const Bytes kTen{10, 0, 0, 1};

measure::Sample asked(Liar::Lie lie, Duration timeout = 5s) {
  Engine engine;
  Liar liar{std::move(lie)};
  return engine.ask(dns_probe(liar.port(), "db.example", "A", {"10.0.0.1"}), timeout).sample;
}

}  // namespace

TEST_CASE("answers to another question are passed over until the right one comes") {
  CHECK(asked([](const Bytes& query) {
          auto wrong_id = answer_to(query, kSameName, {6, 6, 6, 6});
          wrong_id[0] = static_cast<std::uint8_t>(wrong_id[0] + 1);
          auto wrong_name = answer_to(query, kSameName, {6, 6, 6, 6});
          wrong_name[13] = 'x';
          auto wrong_type = answer_to(query, kSameName, {6, 6, 6, 6});
          wrong_type[query.size() - 3] = 28;
          auto question = query;
          return std::vector<Bytes>{
              {},         {1, 2, 3}, wrong_id,    wrong_name,
              wrong_type, question,  Bytes(4096), answer_to(query, kSameName, kTen)};
        }).why.empty());
  const auto only_lies = asked(
      [](const Bytes& query) {
        auto wrong_id = answer_to(query, kSameName, kTen);
        wrong_id[0] = static_cast<std::uint8_t>(wrong_id[0] + 1);
        return std::vector<Bytes>{wrong_id};
      },
      500ms);
  CHECK(only_lies.outcome == Outcome::unknown);
  CHECK(only_lies.why == "no answer in time");
}

TEST_CASE("an answer that cannot be read is a failure, and nothing loops") {
  const auto why = [](const Liar::Lie& lie) {
    const auto sample = asked(lie);
    CHECK(sample.outcome == Outcome::failed);
    return sample.why;
  };
  // A name that points at itself.
  CHECK(why([](const Bytes& query) {
          const auto at = static_cast<std::uint8_t>(query.size());
          return std::vector<Bytes>{answer_to(query, {0xc0, at}, kTen)};
        }) == "an answer that cannot be read");
  // An address of five bytes; data that ends before its length.
  CHECK(why([](const Bytes& query) {
          return std::vector<Bytes>{answer_to(query, kSameName, {1, 2, 3, 4, 5})};
        }) == "an answer that cannot be read");
  CHECK(why([](const Bytes& query) {
          auto cut = answer_to(query, kSameName, kTen);
          cut.resize(cut.size() - 2);
          return std::vector<Bytes>{cut};
        }) == "an answer that cannot be read");
  CHECK(why([](const Bytes& query) {
          auto many = query;
          many[2] = 0x84;
          many[6] = many[7] = 0xff;
          return std::vector<Bytes>{many};
        }) == "an answer that cannot be read");
  // Truncated, and there is nobody on TCP.
  CHECK(why([](const Bytes& query) {
          return std::vector<Bytes>{answer_to(query, kSameName, kTen, 0x86)};
        }) == "connect by TCP: Connection refused");
  CHECK(why([](const Bytes& query) {
          return std::vector<Bytes>(2000, Bytes{query.begin(), query.begin() + 5});
        }).find("a flood") == 0);
}

TEST_CASE("ids are random, and names that are none are refused") {
  std::set<int> ids;
  for (int i = 0; i < 20; ++i) {
    const auto query = dns_query("db.example", "A");
    REQUIRE(query);
    ids.insert(query->packet[0] << 8 | query->packet[1]);
  }
  CHECK(ids.size() > 15);
  CHECK(dns_query("10.0.0.1", "PTR")->name == "1.0.0.10.in-addr.arpa");
  CHECK(dns_query("::1", "PTR")->name.find("1.0.0.0.0.") == 0);
  CHECK_FALSE(dns_query(std::string(80, 'x') + ".example", "A"));
  CHECK_FALSE(dns_query("a..example", "A"));
  CHECK_FALSE(dns_query("db.example", "AXFR"));
}

TEST_CASE("a dns probe asks a real name server", "[.dns]") {
  if (!installed("/usr/sbin/dnsmasq", "dnsmasq-base")) return;
  TemporaryFolder folder;
  const auto port = closed_port();
  std::vector<std::string> argv{"/usr/sbin/dnsmasq",
                                "--keep-in-foreground",
                                "--conf-file=/dev/null",
                                "--no-resolv",
                                "--no-hosts",
                                "--user=root",
                                "--group=root",
                                "--pid-file=",
                                "--bind-interfaces",
                                "--listen-address=127.0.0.1",
                                "--port=" + std::to_string(port),
                                "--local=/example/",
                                "--address=/db.example/10.0.0.1",
                                "--address=/db.example/fd00::1",
                                "--cname=www.example,db2.example",
                                "--host-record=db2.example,10.0.0.2",
                                "--mx-host=example,mail.example,10",
                                "--srv-host=_pg._tcp.example,db.example,5432,1,2",
                                "--txt-record=note.example,all is Well",
                                "--ptr-record=9.0.0.10.in-addr.arpa,db9.example"};
  for (int i = 0; i < 60; ++i)  // above 512 bytes: must be asked again over TCP
    argv.push_back("--txt-record=large.example,line " + std::to_string(i));
  ChildServer dnsmasq{argv, folder.path() / "log"};
  dnsmasq.wait_for_port(port);
  struct Row {
    std::string name, type;
    std::vector<std::string> expect;
    std::string why, evidence;
  };
  const std::vector<Row> rows{
      {"db.example", "A", {}, "", "NOERROR\n10.0.0.1"},
      {"db.example", "A", {"10.0.0.1"}, "", "NOERROR\n10.0.0.1"},
      {"db.example", "A", {"10.0.0.7"}, "10.0.0.7 is not among the answers", "NOERROR\n10.0.0.1"},
      {"DB.Example.", "AAAA", {"fd00::1"}, "", "NOERROR\nfd00::1"},
      {"www.example", "A", {"10.0.0.2"}, "", "NOERROR\n10.0.0.2"},
      {"www.example", "CNAME", {"DB2.example."}, "", "NOERROR\ndb2.example"},
      {"example", "MX", {"10 mail.example"}, "", "NOERROR\n10 mail.example"},
      {"_pg._tcp.example", "SRV", {"1 2 5432 db.example"}, "", "NOERROR\n1 2 5432 db.example"},
      {"note.example", "TXT", {"all is Well"}, "", "NOERROR\nall is Well"},
      {"10.0.0.9", "PTR", {"db9.example"}, "", "NOERROR\ndb9.example"},
      {"db2.example", "TXT", {}, "no TXT record", "NOERROR\n"},
      {"nowhere.example", "A", {}, "NXDOMAIN", "NXDOMAIN\n"},
      {"nowhere.example", "A", {"nxdomain"}, "", "NXDOMAIN\n"},
      {"db.example", "A", {"nxdomain"}, "NOERROR, not NXDOMAIN", "NOERROR\n10.0.0.1"},
  };
  Engine engine;
  for (const auto& row : rows) {
    CAPTURE(row.name, row.type);
    const auto answer = engine.ask(dns_probe(port, row.name, row.type, row.expect), 10s);
    CHECK(answer.sample.why == row.why);
    CHECK(answer.evidence == row.evidence);
    CHECK(answer.sample.outcome == (row.why.empty() ? Outcome::ok : Outcome::failed));
  }
  const auto large =
      engine.ask(dns_probe(port, "large.example", "TXT", {"line 0", "line 59"}), 10s);
  CHECK(large.sample.why.empty());
  dnsmasq.freeze();
  CHECK(engine.ask(dns_probe(port, "db.example"), 500ms).sample.outcome == Outcome::unknown);
  dnsmasq.thaw();
}

TEST_CASE("nobody at the name server's port is a failure") {
  Engine engine;
  const auto sample = engine.ask(dns_probe(closed_port(), "db.example"), 5s).sample;
  CHECK(sample.outcome == Outcome::failed);
  CHECK(sample.why == "answer: Connection refused");
}
