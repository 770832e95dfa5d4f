// The same words over ssh, against a node of the lab: run by hand, or by the e2e tests, as
//   MUSTER_TEST_SSH_CONFIG=FILE MUSTER_TEST_HOST=NAME test_adapters_shell "[lab]"
#include <cstdlib>
#include <optional>

#include "adapters/clock/asio_clock.hpp"
#include "adapters/shell/real_shell.hpp"
#include "base/id.hpp"
#include "base/text.hpp"
#include "catalogue/fault.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

TEST_CASE("an effect on a node of the lab, over ssh and sudo", "[.][lab]") {
  const char* config = std::getenv("MUSTER_TEST_SSH_CONFIG");
  const char* name = std::getenv("MUSTER_TEST_HOST");
  REQUIRE(config != nullptr);
  REQUIRE(name != nullptr);
  boost::asio::io_context io{1};
  clock::AsioClock clock{io};
  shell::RealShell shell{io, clock};
  const auto ask = [&](Call call) {
    std::optional<Answer> got;
    shell.call(std::move(call), [&](Answer a) { got = std::move(a); });
    io.restart();
    while (!got) io.run_one();
    WARN(ports::name_of(got->said) << " in " << (got->done - got->sent) / 1us << " us\n"
                                   << got->evidence << got->output);
    return *got;
  };
  Call base;
  base.host.name = base.host.address = name;
  base.host.ssh_args = {"-F", config};
  base.host.become = true;
  base.run = "20261122-211505-3f9a0c";
  base.effect = random_id();
  base.within = 20s;
  base.values = {{"store", "store-a"},
                 {"epoch", "1"},
                 {"drill", "lab"},
                 {"who", "ana"},
                 {"tools", "sh systemd-run"}};
  const auto verb = [&](Verb v) {
    auto c = base;
    c.verb = v;
    return c;
  };
  const auto facts = ask(verb(Verb::facts));
  REQUIRE(facts.said == Said::yes);
  CHECK(evidence(facts, "uid") == "0");
  REQUIRE(ask(verb(Verb::lock)).said == Said::yes);
  auto arm = verb(Verb::arm);
  const auto& fault = catalogue::builtin_faults().at("process.pause");
  arm.script = fault.script;
  arm.values["fault"] = fault.name;
  arm.values["sha256"] = hex(fault.sha256);
  arm.values["cap_s"] = "60";
  arm.values["lease_until_cs"] = std::to_string(std::stoll(evidence(facts, "uptime_cs")) + 1500);
  arm.values["p_name"] = "systemd-logind";
  const auto armed = ask(arm);
  REQUIRE(armed.said == Said::yes);
  CHECK(evidence(armed, "deadman") == (evidence(facts, "systemd") == "yes" ? "systemd" : "setsid"));
  CHECK(ask(verb(Verb::inject)).said == Said::yes);
  auto renew = verb(Verb::renew);
  renew.values["lease_until_cs"] = std::to_string(std::stoll(evidence(facts, "uptime_cs")) + 3000);
  CHECK(evidence(ask(renew), "verified." + base.effect) == "yes");
  CHECK(ask(verb(Verb::revert)).said == Said::yes);
  CHECK(ask(verb(Verb::disarm)).said == Said::yes);

  // Once more, and now the runner is silent.
  CHECK(ask(verb(Verb::unlock)).said == Said::yes);
  REQUIRE(ask(verb(Verb::lock)).said == Said::yes);
  base.effect = random_id();
  arm.effect = base.effect;
  arm.values["lease_until_cs"] =
      std::to_string(std::stoll(evidence(ask(verb(Verb::facts)), "uptime_cs")) + 200);
  REQUIRE(ask(arm).said == Said::yes);
  CHECK(ask(verb(Verb::inject)).said == Said::yes);
  bool waited = false;
  clock.at(clock.now() + 5s, [&] { waited = true; });
  while (!waited) io.run_one();
  CHECK(evidence(ask(verb(Verb::revert)), "healed_by") == "lease");
  CHECK(ask(verb(Verb::disarm)).said == Said::yes);
  CHECK(ask(verb(Verb::unlock)).said == Said::yes);
  bool ended = false;
  shell.shutdown([&] { ended = true; });
  io.restart();
  while (!ended) io.run_one();
}
