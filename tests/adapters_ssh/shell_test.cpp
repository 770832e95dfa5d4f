// The protocol over the ssh connection: frames, and the fall to openssh.
#include <fmt/format.h>

#include "tests/adapters_ssh/world.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

TEST_CASE("calls travel over the ssh connection", "[.][sshd]") {
  if (!Sshd::installed()) return;
  World world;
  const auto answer = world.ask(world.sshd.host(), {"sh", "-c", "echo \"$PATH\"; exit 4"});
  CHECK(answer.said == ports::Said::no);
  CHECK(answer.status == 4);
  CHECK(answer.output == "/usr/sbin:/usr/bin:/sbin:/bin");
  const auto lost = world.ask(world.sshd.host(), {"sh", "-c", "kill -9 $PPID; kill -9 0"});
  CHECK(lost.said == ports::Said::unknown);
  CHECK(world.ask(world.sshd.host(), {"true"}).said == ports::Said::yes);
  CHECK(world.notices.empty());
  auto stranger = world.sshd.host("127.3.3.3");
  stranger.port = 1;
  const auto refused = world.ask(stranger, {"true"});
  CHECK(refused.said == ports::Said::could_not);
  CHECK(unless_contains(refused.output, "host-127.3.3.3: ") == "");
}

TEST_CASE("a host that needs openssh gets it, and people are told once", "[.][sshd]") {
  if (!Sshd::installed()) return;
  World world;
  world.sshd.client_config("BindAddress 127.0.0.1");
  CHECK(world.ask(world.sshd.host(), {"true"}).said == ports::Said::yes);
  CHECK(world.ask(world.sshd.host(), {"false"}).said == ports::Said::no);
  REQUIRE(world.notices.size() == 1);
  CHECK(unless_contains(world.notices[0], "BindAddress") == "");
}
