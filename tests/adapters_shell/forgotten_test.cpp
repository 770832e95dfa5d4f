// Effects that a host knows no more: undone and forgotten, lost at a reboot, or forgotten by force.
#include <fstream>

#include "tests/adapters_shell/by_hand.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

/// An undo that brings the script along, as for a host that does not know the effect.
Call revert_with_script(const Host& host, const std::string& file) {
  auto c = host.call(Verb::revert, kEffect);
  c.script = marker_fault();
  c.values["sha256"] = hex(sha256(c.script));
  c.values["fault"] = "test.marker";
  c.values["p_file"] = file;
  return c;
}

/// Asks for what a late frame would, once the effect was undone and forgotten.
void comes_too_late(Host& host) {
  const auto file = host.path("fault");
  CHECK(host.ask(host.call(Verb::revert, kEffect)).said == Said::yes);
  CHECK(host.ask(host.call(Verb::disarm, kEffect)).said == Said::yes);
  const auto late = host.arm(kEffect, marker_fault(), {{"file", file}});
  CHECK(late.said == Said::expired);
  CHECK(unless_contains(late.output, "comes late").empty());
  CHECK(host.ask(host.call(Verb::inject, kEffect)).said == Said::expired);
  auto revert = host.call(Verb::revert, kEffect);
  revert.script = marker_fault();
  CHECK(host.ask(revert).said == Said::yes);
  CHECK_FALSE(std::filesystem::exists(host.effect_dir(kEffect)));
  CHECK_FALSE(std::filesystem::exists(file));
}

}  // namespace

TEST_CASE("what was undone and forgotten is not armed by a frame that comes late") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Host host{sh};
    const auto file = host.path("fault");
    REQUIRE(host.lock().said == Said::yes);
    REQUIRE(host.arm(kEffect, marker_fault(), {{"file", file}}).said == Said::yes);
    comes_too_late(host);
    // Another effect of the same run is another matter.
    const std::string other(32, 'a');
    CHECK(host.arm(other, marker_fault(), {{"file", file}}).said == Said::yes);
    CHECK(host.ask(host.call(Verb::revert, other)).said == Said::yes);
    CHECK(host.ask(host.call(Verb::disarm, other)).said == Said::yes);
    CHECK(host.ask(host.call(Verb::unlock)).said == Said::yes);
    CHECK_FALSE(std::filesystem::exists(host.path("state/run/" + host.run)));
  }
}

TEST_CASE("an undo that overtook the arming: it is not armed any more") {
  Host host;
  REQUIRE(host.lock().said == Said::yes);
  REQUIRE(host.renew(60s).said == Said::yes);  // the run has a folder there
  comes_too_late(host);
}

TEST_CASE("a host that forgot the effect is reverted with the script at hand") {
  Host host;
  std::ofstream{host.path("f")} << "left from before the reboot";
  const auto reverted = host.ask(revert_with_script(host, host.path("f")));
  INFO(reverted.output);
  CHECK(reverted.said == Said::yes);
  CHECK(evidence(reverted, "absent") == "yes");
  CHECK_FALSE(std::filesystem::exists(host.path("f")));
  CHECK_FALSE(std::filesystem::exists(host.effect_dir(kEffect)));
  CHECK(host.ask(host.call(Verb::disarm, kEffect)).said == Said::yes);
}

TEST_CASE("what was forgotten by force is still there, and a later undo does undo it") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Host host{sh};
    const auto file = host.path("fault");
    REQUIRE(host.lock().said == Said::yes);
    REQUIRE(host.arm(kEffect, marker_fault(), {{"file", file}}).said == Said::yes);
    REQUIRE(host.ask(host.call(Verb::inject, kEffect)).said == Said::yes);
    auto forget = host.call(Verb::disarm, kEffect);
    forget.values["force"] = "yes";
    REQUIRE(host.ask(forget).said == Said::yes);
    CHECK(std::filesystem::exists(file));
    const auto reverted = host.ask(revert_with_script(host, file));
    INFO(reverted.output);
    CHECK(reverted.said == Said::yes);
    CHECK_FALSE(std::filesystem::exists(file));
  }
}
