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

/// A systemctl that knows the units of its own folder, and nothing else. With a file `queues` there
/// a stop does not happen yet, as that of a unit does not that is ordered before another one.
struct FakeSystemctl {
  fs::path dir = fs::temp_directory_path() / ("muster-systemctl-" + random_id());
  FakeSystemctl() {
    fs::create_directory(dir);
    std::ofstream{dir / "systemctl"} << R"sh(#!/bin/sh
cd "${0%/*}" || exit 1
verb=$1
echo "$*" >>log
if [ "$verb" = list-jobs ]; then
  cat jobs 2>/dev/null
  exit 0
fi
while [ "$1" != -- ]; do shift; done
shift
for unit; do
  case $verb in
    show) cat "$unit" ;;
    is-active) sed -n 's/^ActiveState=//p' "$unit" ;;
    stop)
      if [ -e queues ]; then
        echo "  7 $unit stop waiting" >>jobs
      else
        sed -i 's/^ActiveState=.*/ActiveState=inactive/' "$unit"
      fi
      ;;
    start)
      [ ! -e jobs ] || sed -i "/ $unit /d" jobs
      sed -i 's/^ActiveState=.*/ActiveState=active/' "$unit"
      ;;
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

TEST_CASE("service.stop: a stop that is only queued is taken back, and is not taken for undone") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    const FakeSystemctl systemd;
    systemd.unit("web.service", "active", "running", "job.service spare.service");
    systemd.unit("job.service", "active", "running");
    systemd.unit("spare.service", "inactive", "dead");
    std::ofstream{systemd.dir / "queues"} << "";
    ByHand fault{"service.stop", sh, systemd.before()};
    fault.list("unit", {"web"});
    fault.values["within"] = "0s";
    const auto injected = fault.run("inject");
    INFO(injected.text);
    CHECK(injected.code == 2);
    CHECK(unless_contains(injected.text, "web.service (active) did not stop in time") == "");
    const auto early = fault.run("clean");
    CHECK(early.code == 1);
    CHECK(unless_contains(early.text, "web.service (active, and is told to stop)") == "");

    CHECK(fault.run("revert").code == 0);
    CHECK(read_file(systemd.dir / "jobs").empty());
    const auto clean = fault.run("clean");
    INFO(clean.text);
    CHECK(clean.code == 0);
    // What was not active before is left, and what one that runs wants is not started along.
    const auto log = read_file(systemd.dir / "log");
    CHECK(unless_contains(log,
                          "start --no-block --no-ask-password --job-mode=ignore-dependencies "
                          "-- web.service job.service\n") == "");
    CHECK(read_file(systemd.dir / "spare.service").find("ActiveState=inactive") !=
          std::string::npos);
  }
}

TEST_CASE("service.stop starts again what was active, and does no harm to what is so") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    const FakeSystemctl systemd;
    systemd.unit("web.service", "active", "running", "job.service");
    systemd.unit("job.service", "active", "running");
    ByHand fault{"service.stop", sh, systemd.before()};
    fault.list("unit", {"web"});
    CHECK(fault.run("inject").code == 0);
    CHECK(fault.run("verify").code == 0);
    const auto reverted = fault.run("revert");
    CHECK(unless_contains(reverted.text, "started= web.service\n") == "");
    CHECK(fault.run("clean").code == 0);
    CHECK(fault.run("revert").code == 0);
    CHECK(fault.run("clean").code == 0);
  }
}
