// What a host remembers of the record that armed undos on it.
#include "base/digest.hpp"
#include "tests/adapters_shell/by_hand.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

struct Witnessing : Host {
  using Host::Host;

  /// Arms one effect more, and gives it away again.
  Answer arm_with(const std::string& witness) {
    const auto id = fmt_id(++armed_);
    auto c = call(Verb::arm, id);
    c.script = marker_fault();
    c.values["fault"] = "test.marker";
    c.values["sha256"] = hex(sha256(c.script));
    c.values["cap_s"] = "60";
    c.values["lease_until_cs"] = std::to_string(uptime_cs() + 6000);
    c.values["p_file"] = path("f");
    c.values["witness"] = witness;
    auto armed = ask(c);
    CHECK(ask(call(Verb::revert, id)).said == Said::yes);
    CHECK(ask(call(Verb::disarm, id)).said == Said::yes);
    return armed;
  }
  std::string remembered(const std::string& of = "store-a") {
    auto facts = call(Verb::facts);
    facts.values["witness_of"] = of;
    const auto answer = ask(facts);
    CHECK(answer.said == Said::yes);
    std::string all;
    for (int n = 1; n < 12; ++n)
      if (const auto line = evidence(answer, "witness." + std::to_string(n)); !line.empty())
        all += (all.empty() ? "" : "; ") + line;
    return all;
  }

 private:
  static std::string fmt_id(int n) { return std::string(30, 'a') + std::to_string(10 + n); }
  int armed_ = 0;
};

}  // namespace

TEST_CASE("a host keeps the checkpoint that came with an undo, and only a larger one after it") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Witnessing host{sh};
    REQUIRE(host.lock().said == Said::yes);
    struct Row {
      const char *what, *witness, *remembered;
    };
    for (const auto& row : {Row{"the first", "7 ctrl/muster/w AAAA", "7 ctrl/muster/w AAAA"},
                            Row{"a larger one", "57 ctrl/muster/w BBBB=",
                                "7 ctrl/muster/w AAAA; 57 ctrl/muster/w BBBB="},
                            Row{"the same size", "57 ctrl/muster/w CCCC",
                                "7 ctrl/muster/w AAAA; 57 ctrl/muster/w BBBB="},
                            Row{"a smaller one", "9 ctrl/muster/w CCCC",
                                "7 ctrl/muster/w AAAA; 57 ctrl/muster/w BBBB="},
                            Row{"of another record", "99 other/muster/w CCCC",
                                "7 ctrl/muster/w AAAA; 57 ctrl/muster/w BBBB="}}) {
      INFO(row.what);
      CHECK(evidence(host.arm_with(row.witness), "witness") == "");
      CHECK(host.remembered() == row.remembered);
    }
    CHECK(host.remembered("store-b") == "");
    CHECK(host.ask(host.call(Verb::unlock)).said == Said::yes);
    // It is no leftover, and no sweep takes it.
    CHECK(host.ask(host.call(Verb::survey)).evidence.find("witness") == std::string::npos);
    CHECK(host.ask(host.call(Verb::sweep)).said == Said::yes);
    CHECK(host.remembered() == "7 ctrl/muster/w AAAA; 57 ctrl/muster/w BBBB=");
  }
}

TEST_CASE("a host keeps the newest eight checkpoints") {
  Witnessing host;
  REQUIRE(host.lock().said == Said::yes);
  for (int size = 1; size <= 11; ++size) host.arm_with(std::to_string(size) + " ctrl/w AA");
  CHECK(host.remembered() ==
        "4 ctrl/w AA; 5 ctrl/w AA; 6 ctrl/w AA; 7 ctrl/w AA; 8 ctrl/w AA; 9 ctrl/w AA; "
        "10 ctrl/w AA; 11 ctrl/w AA");
}

TEST_CASE("an undo is armed though its witness cannot be kept") {
  Witnessing host;
  REQUIRE(host.lock().said == Said::yes);
  for (const auto* witness : {"no-number ctrl/w AA", "7 ctrl/w AA\n8 ctrl/w BB"}) {
    CAPTURE(witness);
    const auto armed = host.arm_with(witness);
    CHECK(armed.said == Said::yes);
    CHECK(evidence(armed, "witness") == "not_kept");
    CHECK(host.remembered() == "");
  }
}
