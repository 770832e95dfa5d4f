// network.partition with real packets between two network namespaces, by nft and by iptables, under
// each shell.
#include <filesystem>
#include <fstream>

#include "tests/adapters_shell/by_hand.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/adapters_shell/network.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {
const std::string kPath = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
const std::string kPeer4 = "10.9.0.2", kPeer6 = "fd09::2";

std::string told_here(const Network& network, const std::string& line) {
  auto words = network.words();
  words.insert(words.end(), {"sh", "-c", line});
  return run_program(words, {kPath}).text;
}

std::vector<std::string> tools() {
  std::vector<std::string> out;
  for (const auto* tool : {"nft", "iptables"}) {
    const auto line = "command -v " + std::string{tool};
    if (run_program({"sh", "-c", line}, {kPath}).code == 0)
      out.emplace_back(tool);
    else
      WARN("SKIPPED (1): " << tool << " is not installed");
  }
  return out;
}

/// Whether `ask` says so; what should be reached may take its time on a busy machine.
template <class Ask>
bool says(bool expected, const Ask& ask) {
  for (int tries = expected ? 30 : 1; tries > 0; --tries)
    if (ask() == expected) return true;
  return false;
}

void expect_reached(const Network& network, bool tcp, bool udp, bool icmp) {
  for (const auto& peer : {kPeer4, kPeer6}) {
    INFO(peer);
    CHECK(says(tcp, [&] { return network.tcp(peer); }));
    CHECK(says(udp, [&] { return network.udp(peer); }));
    CHECK(says(icmp, [&] { return network.icmp(peer); }));
  }
}
void expect_reached(const Network& network, bool reached) {
  expect_reached(network, reached, reached, reached);
}
}  // namespace

#define NETWORK_OR_SKIP(network)                          \
  const Network network;                                  \
  if (!network.why_not().empty()) {                       \
    WARN("SKIPPED (1): a network " << network.why_not()); \
    return;                                               \
  }

TEST_CASE("network.partition cuts all that goes to and fro, and gives it back") {
  NETWORK_OR_SKIP(network)
  for (const auto& tool : tools())
    for (const auto& sh : kShells) {
      INFO(tool << " " << sh[0]);
      const Network::Connection open{network};
      ByHand fault{"network.partition", sh, network.words()};
      fault.list("peers", {kPeer4, kPeer6});
      fault.values["tool"] = tool;
      fault.values["check_port"] = "5000";
      // iptables leaves empty chains of its own in nft's list when it is first used.
      const std::string look = tool == "nft" ? "nft -s list ruleset" : "iptables -S; ip6tables -S";
      const auto before = told_here(network, look);
      expect(fault.run("precheck"), 0, "tool=" + tool);
      CHECK(says(true, [&] { return open.echoes(); }));
      if (sh[0] == "dash") expect_reached(network, true);
      expect(fault.run("inject"), 0, "lets_through=loopback");
      expect(fault.run("verify"), 0, "no connection to " + kPeer4 + " port 5000");
      expect(fault.run("verify", true), 0, "");
      CHECK_FALSE(open.echoes());
      if (sh[0] == "dash") expect_reached(network, false);
      expect(fault.run("clean"), 1, "rules of ours are still there");
      for (int again = 0; again < 2; ++again) expect(fault.run("revert"), 0, "");
      expect(fault.run("clean"), 0, "other_rules=as before");
      expect_reached(network, true);
      CHECK(told_here(network, look) == before);
    }
}

TEST_CASE("network.partition: rejected at once, one direction, one protocol, some ports") {
  NETWORK_OR_SKIP(network)
  for (const auto& tool : tools()) {
    struct Row {
      catalogue::Values values;
      std::vector<std::string> ports;
      bool tcp, udp, icmp;
    };
    const std::vector<Row> table{{{{"how", "reject"}}, {}, false, false, false},
                                 {{{"direction", "in"}}, {}, false, false, false},
                                 {{{"direction", "out"}}, {}, false, false, false},
                                 {{{"protocol", "tcp"}}, {}, false, true, true},
                                 {{{"protocol", "udp"}, {"how", "reject"}}, {}, true, false, true},
                                 {{{"protocol", "icmp"}}, {}, true, true, false},
                                 {{}, {"4000-5000", "7"}, false, false, true},
                                 {{{"how", "reject"}}, {"5000"}, false, false, true},
                                 {{{"protocol", "tcp"}}, {"5000"}, false, true, true},
                                 {{}, {"4999", "5001"}, true, true, true}};
    for (const auto& row : table) {
      ByHand fault{"network.partition", {"dash"}, network.words()};
      fault.values = row.values;
      fault.values["tool"] = tool;
      fault.list("peers", {kPeer4, kPeer6});
      fault.list("ports", row.ports);
      for (const auto& [name, value] : row.values)
        UNSCOPED_INFO(tool << " " << name << " " << value);
      expect(fault.run("inject"), 0, "");
      expect(fault.run("verify"), 0, "proof=the rules are in place");
      expect_reached(network, row.tcp, row.udp, row.icmp);
      // A refusal is heard at the other side, not only here.
      if (row.values.contains("how") && row.ports.empty() && !row.tcp)
        CHECK(says(true, [&] { return network.refused_from_there(); }));
      expect(fault.run("revert"), 0, "");
      expect(fault.run("clean"), 0, "");
    }
  }
}

TEST_CASE("network.partition: a table that somebody removed or changed is told") {
  NETWORK_OR_SKIP(network)
  for (const auto& tool : tools()) {
    INFO(tool);
    ByHand fault{"network.partition", {"dash"}, network.words()};
    fault.values["tool"] = tool;
    fault.list("peers", {kPeer4});
    expect(fault.run("inject"), 0, "");
    const std::string table = "muster_0123456789abcdef0123456789abcdef",
                      chain = "muster-0123456789abcdef-i";
    told_here(network, tool == "nft" ? "nft add rule inet " + table + " input accept"
                                     : "iptables -I " + chain + " 1 -j ACCEPT");
    expect(fault.run("verify", true), 1, "somebody has changed the rules");
    told_here(network,
              tool == "nft"
                  ? "nft delete table inet " + table
                  : "iptables -D INPUT -j " + chain + "; iptables -F " + chain + "; iptables -X " +
                        chain +
                        "; iptables -D OUTPUT -j muster-0123456789abcdef-o; iptables -F "
                        "muster-0123456789abcdef-o; iptables -X muster-0123456789abcdef-o");
    expect(fault.run("verify", true), 1, "the rules are gone");
    // What others add meanwhile stays, and is told.
    told_here(network, tool == "nft" ? "nft add table inet theirs"
                                     : "iptables -A INPUT -s 192.0.2.1 -j DROP");
    expect(fault.run("revert"), 0, "");
    expect(fault.run("clean"), 0, "other_rules=changed meanwhile");
    CHECK(unless_contains(told_here(network, "nft list tables; iptables -S INPUT"),
                          tool == "nft" ? "table inet theirs" : "192.0.2.1") == "");
  }
}

TEST_CASE("network.partition: cut short or forgotten, it is undone by its name") {
  NETWORK_OR_SKIP(network)
  for (const auto& tool : tools()) {
    INFO(tool);
    ByHand fault{"network.partition", {"busybox", "sh"}, network.words()};
    fault.values["tool"] = tool;
    fault.list("peers", {kPeer4, kPeer6});
    expect(fault.run("revert"), 0, "");  // nothing was done yet
    expect(fault.run("clean"), 0, "");
    expect(fault.run("inject"), 0, "");
    fault.forget();
    expect(fault.run("clean"), 1, "still there");
    expect(fault.run("revert"), 0, "");
    expect(fault.run("clean"), 0, "");
    expect_reached(network, true);
  }
}

TEST_CASE("network.partition never cuts the connection that Muster came on") {
  NETWORK_OR_SKIP(network)
  if (run_program({"sh", "-c", "command -v bash"}, {kPath}).code != 0) {
    WARN("SKIPPED (1): needs bash, which stands for sshd with a connection of its own");
    return;
  }
  for (const auto& tool : tools())
    for (const auto* peer : {"10.9.0.2", "fd09::2"}) {
      INFO(tool << " " << peer);
      ByHand fault{"network.partition", {"dash"}, network.words()};
      // A copy of bash that is called sshd, holds a connection to the peer, cuts all the world off,
      // and asks over it.
      const auto sshd = fault.dir() / "sshd";
      std::filesystem::copy_file("/bin/bash", sshd);
      std::ofstream{fault.dir() / "session"}
          << "exec 4<>/dev/tcp/" << peer << "/5000\n"
          << "dash \"$1\" precheck && dash \"$1\" inject && dash \"$1\" verify || exit 9\n"
          << "echo still-here >&4; read -r -t 30 -u 4 line && [ \"$line\" = still-here ] || exit "
             "8\n"
          << "! timeout 2 bash -c 'exec 3<>/dev/tcp/" << peer << "/5000' 2>/dev/null || exit 7\n"
          << "dash \"$1\" revert && dash \"$1\" clean || exit 6\n"
          << "exec 4>&-; dash \"$1\" precheck && exit 5; exit 0\n";
      auto words = network.words();
      words.insert(words.end(), {sshd, fault.dir() / "session", fault.dir() / "script"});
      const auto told = run_program(
          words, {kPath, "M_EFFECT=abc", "M_DIR=" + (fault.dir() / "state").string(),
                  "P_tool=" + tool, "P_peers_0=0.0.0.0/0", "P_peers_1=::/0", "P_peers_count=2"});
      INFO(told.text);
      CHECK(told.code == 0);
      CHECK(unless_contains(told.text, std::string{"lets_through=loopback; "} +
                                           (peer == kPeer4 ? "10.9.0.2 at port " : "fd09:0000:")) ==
            "");
      // An ssh server whose connection cannot be seen: nothing is cut then.
      CHECK(unless_contains(told.text, "its connection cannot be found") == "");
    }
}

TEST_CASE("network.partition cuts nobody off who came in by ssh, also when Muster is local") {
  NETWORK_OR_SKIP(network)
  const Network::Connection forwarded{network}, session{network, false};
  for (const auto& tool : tools())
    for (const auto& sh : kShells) {
      INFO(tool << " " << sh[0]);
      ByHand fault{"network.partition", sh, network.words()};
      fault.values["tool"] = tool;
      fault.list("peers", {kPeer4, kPeer6});
      REQUIRE(says(true, [&] { return session.echoes(); }));
      expect(fault.run("inject"), 0,
             "lets_through=loopback (Muster runs on this host); 10.9.0.2 at port 2222; \n");
      CHECK(says(true, [&] { return session.echoes(); }));
      CHECK_FALSE(network.tcp(kPeer4));
      expect(fault.run("verify"), 0, "proof=the rules are in place");
      expect(fault.run("revert"), 0, "");
      expect(fault.run("clean"), 0, "other_rules=as before");
    }
  CHECK(says(true, [&] { return forwarded.echoes(); }));
}

TEST_CASE("network.partition refuses where it could lock Muster out, and what it cannot mean") {
  NETWORK_OR_SKIP(network)
  struct Row {
    std::vector<std::string> peers;
    catalogue::Values values;
    std::string why;
  };
  const std::vector<Row> table{
      {{"0.0.0.0/0"}, {}, "no connection of Muster to let through"},
      {{"::/0"}, {}, "no connection of Muster to let through"},
      {{"127.0.0.1"}, {}, "never cut"},
      {{"127.1.2.3/8"}, {}, "never cut"},
      {{"::1"}, {}, "never cut"},
      {{"localhost"}, {}, "never cut"},
      {{"10.9.0.256"}, {}, "no IPv4 address"},
      {{"10.9.0"}, {}, "no IPv4 address"},
      {{"010.9.0.1"}, {}, "no IPv4 address"},
      {{"10.9.0.2/33"}, {}, "no length between 0 and 32"},
      {{"fd09::2/129"}, {}, "no length between 0 and 128"},
      {{"fd09:::2"}, {}, "neither nft nor iptables can be used"},
      {{"fd09::2%wire"}, {}, "neither an address nor a name"},
      {{"no-such-host.invalid"}, {}, "cannot be resolved here"},
      {{}, {}, "none is given"},
      {{kPeer4}, {{"how", "maybe"}}, "neither drop nor reject"},
      {{kPeer4}, {{"direction", "up"}}, "none of in, out, both"},
      {{kPeer4}, {{"protocol", "sctp"}}, "none of any, tcp, udp, icmp"},
      {{kPeer4}, {{"check_port", "5001"}}, "nothing answers at 10.9.0.2 port 5001 even now"},
      {{"10.9.0.0/24"}, {{"check_port", "5000"}}, "no address to try"},
      {{kPeer4}, {{"tool", "pf"}}, "neither nft nor iptables"},
      {{kPeer4}, {{"ports_count", "1"}, {"ports_0", "0"}}, "no port"},
      {{kPeer4}, {{"ports_count", "1"}, {"ports_0", "70-60"}}, "ends before it begins"},
      {{kPeer4}, {{"ports_count", "1"}, {"ports_0", "70000"}}, "above 65535"},
      {{kPeer4}, {{"ports_count", "1"}, {"ports_0", "80"}, {"protocol", "icmp"}}, "icmp has none"}};
  for (const auto& row : table) {
    ByHand fault{"network.partition", {"dash"}, network.words()};
    fault.values = row.values;
    fault.list("peers", row.peers);
    const auto told = fault.run("precheck");
    INFO((row.peers.empty() ? "" : row.peers[0]) << ": " << told.text);
    CHECK((told.code == 1 || told.code == 2));
    CHECK(unless_contains(told.text, row.why) == "");
    CHECK(told_here(network, "nft list tables").find("muster") == std::string::npos);
  }
}

TEST_CASE("network.partition: the dead-man takes the rules out when the runner is silent") {
  NETWORK_OR_SKIP(network)
  if (std::filesystem::exists("/run/systemd/system")) {
    WARN("SKIPPED (1): systemd would start the dead-man outside of the test's network");
    return;
  }
  auto words = network.words();
  words.emplace_back("sh");
  Host host{words};
  REQUIRE(host.lock().said == Said::yes);
  const auto& script = catalogue::builtin_faults().at("network.partition").script;
  const auto armed = host.arm("e", script, {{"peers_count", "1"}, {"peers_0", kPeer4}});
  INFO(armed.output);
  REQUIRE(armed.said == Said::yes);
  const auto injected = host.ask(host.call(Verb::inject, "e"));
  INFO(injected.output);
  REQUIRE(injected.said == Said::yes);
  CHECK_FALSE(network.udp(kPeer4));
  CHECK(evidence(host.renew(std::chrono::seconds{60}), "verified.e") == "yes");
  host.expire_lease();
  CHECK(host.until([&] { return std::filesystem::exists(host.effect_dir("e") / "healed"); }));
  expect_reached(network, true);
}
