// service.stop where systemd does not run. No test here stops a real unit: that needs a host of its
// own.
#include <filesystem>
#include <fstream>

#include "base/id.hpp"
#include "tests/adapters_shell/by_hand.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
namespace fs = std::filesystem;

namespace {

/// A systemctl that knows the units of its own folder, and nothing else.
struct FakeSystemctl {
  fs::path dir = fs::temp_directory_path() / ("muster-systemctl-" + random_id());
  FakeSystemctl() {
    fs::create_directory(dir);
    std::ofstream{dir / "systemctl"} << R"sh(#!/bin/sh
cd "${0%/*}" || exit 1
verb=$1
while [ "$1" != -- ]; do shift; done
shift
for unit; do
  case $verb in
    show) cat "$unit" ;;
    is-active) sed -n 's/^ActiveState=//p' "$unit" ;;
    stop) sed -i 's/^ActiveState=.*/ActiveState=inactive/' "$unit" ;;
  esac
done
)sh";
    fs::permissions(dir / "systemctl", fs::perms::owner_all);
  }
  ~FakeSystemctl() {
    std::error_code ignored;
    fs::remove_all(dir, ignored);
  }
  void unit(const std::string& name, const std::string& active, const std::string& sub,
            const std::string& followers = {}) const {
    std::ofstream{dir / name} << "Id=" << name << "\nLoadState=loaded\nActiveState=" << active
                              << "\nSubState=" << sub
                              << "\nUnitFileState=enabled\nConsistsOf=" << followers << "\n";
  }
  std::vector<std::string> before() const {
    return {"env", "PATH=" + dir.string() + ":/usr/bin:/bin"};
  }
};

}  // namespace

TEST_CASE("service.stop says what is missing where systemd does not run") {
  if (fs::exists("/run/systemd/system")) {
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

TEST_CASE("service.stop refuses to cut short what is at work, and remembers what is active") {
  struct Row {
    const char* active;
    const char* sub;
    bool stops;
  };
  const Row row = GENERATE(Row{"active", "running", true}, Row{"inactive", "dead", true},
                           Row{"activating", "start", false}, Row{"reloading", "reload", false});
  for (const auto& sh : kShells) {
    const FakeSystemctl systemd;
    systemd.unit("web.service", "active", "running", "job.service");
    systemd.unit("job.service", row.active, row.sub);
    ByHand fault{"service.stop", sh, systemd.before()};
    fault.list("unit", {"web"});
    const auto told = fault.run("inject");
    INFO(sh[0] << " " << row.active << ": " << told.text);
    if (row.stops) {
      CHECK(told.code == 0);
      std::ifstream in{fault.dir() / "state/before"};
      const std::string before{std::istreambuf_iterator<char>{in}, {}};
      const bool follows = before.find("follower job.service active") != std::string::npos;
      CHECK(follows == (std::string{row.active} == "active"));
    } else {
      CHECK(told.code == 1);
      CHECK(unless_contains(told.text, std::string{"job.service would stop along, and is "} +
                                           row.active) == "");
      CHECK_FALSE(fs::exists(fault.dir() / "state/before"));
    }
  }
}
