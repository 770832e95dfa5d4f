// service.stop where systemd does not run. No test here stops a real unit: that needs a host of its
// own.
#include <filesystem>

#include "tests/adapters_shell/by_hand.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

TEST_CASE("service.stop says what is missing where systemd does not run") {
  if (std::filesystem::exists("/run/systemd/system")) {
    WARN("SKIPPED (1): systemd runs this host");
    return;
  }
  for (const auto& sh : kShells) {
    ByHand fault{"service.stop", sh};
    fault.list("unit", {"cron"});
    const auto told = fault.run("precheck");
    INFO(told.text);
    CHECK(told.code == 2);
    CHECK(unless_contains(told.text, "systemd does not run this host") == "");
  }
}
