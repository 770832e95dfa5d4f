// What a host does with words that were meant for another start of it. No machine is started anew
// here: its memory is made to look as if it had been.
#include <fstream>

#include "tests/adapters_shell/host.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {}

TEST_CASE("a lease that was reckoned in another start's uptime is not taken") {
  Host host;
  REQUIRE(host.lock().said == Said::yes);
  const auto boot = evidence(host.ask(host.call(Verb::facts)), "boot_id");
  REQUIRE_FALSE(boot.empty());
  const auto arm = [&](const std::string& meant) {
    Call call = host.call(Verb::arm, kEffect);
    call.script = marker_fault();
    call.values["p_file"] = host.path("f").string();
    call.values["cap_s"] = "600";
    call.values["lease_until_cs"] = "99999999";
    call.values["boot_id"] = meant;
    return host.ask(call);
  };
  const auto refused = arm("another");
  CHECK(refused.said == Said::expired);
  CHECK(evidence(refused, "boot_id") == boot);
  CHECK_FALSE(std::filesystem::exists(host.effect_dir(kEffect)));
  CHECK_FALSE(std::filesystem::exists(host.path("state/run/" + host.run + "/lease")));

  Call renew = host.call(Verb::renew);
  renew.values["lease_until_cs"] = "99999999";
  renew.values["boot_id"] = "another";
  CHECK(host.ask(renew).said == Said::expired);
  CHECK_FALSE(std::filesystem::exists(host.path("state/run/" + host.run + "/lease")));
  renew.values["boot_id"] = boot;
  CHECK(host.ask(renew).said == Said::yes);
}

TEST_CASE("the own lock of an earlier start is taken anew, without its lease") {
  Host host;
  REQUIRE(host.lock().said == Said::yes);
  const auto lock = host.path("state/lock");
  const auto lease = host.path("state/run/" + host.run + "/lease");
  const auto now = read_file(lock);
  auto before = now;
  before.replace(before.find("boot_id="),
                 before.find('\n', before.find("boot_id=")) - before.find("boot_id="),
                 "boot_id=another");
  std::ofstream{lock} << before;
  std::ofstream{lease} << "99999999\n";
  CHECK(host.lock().said == Said::yes);
  CHECK(read_file(lock).find("boot_id=another") == std::string::npos);
  CHECK_FALSE(std::filesystem::exists(lease));
  // Of this start it is kept.
  std::ofstream{lease} << "99999999\n";
  CHECK(host.lock().said == Said::yes);
  CHECK(std::filesystem::exists(lease));
}
