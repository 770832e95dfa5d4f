// Sudo with a password, over ssh and over openssh: a wrong one is sent once.
#include <fmt/format.h>

#include "tests/adapters_ssh/world.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

/// A sudo that asks as the real one does: on stderr, for a line of stdin, three times or as often
/// as `tries` says. With `mute` it says nothing after the password.
const std::string kSudo = R"(#!/bin/sh
[ "$1" = -S ] || { echo 'sudo: a password is required' >&2; exit 1; }
prompt=$3
shift 6
[ -e "${0%/*}/nopasswd" ] && exec "$@"
[ -e "${0%/*}/mute" ] && {
  printf '%s' "$prompt" >&2
  IFS= read -r line
  echo "$line" >>"${0%/*}/heard"
  exec sleep 60
}
for try in $(cat "${0%/*}/tries" 2>/dev/null || echo 1 2 3); do
  printf '%s' "$prompt" >&2
  line= c=
  IFS= read -r line || exit 1
  echo "$line" >>"${0%/*}/heard"
  [ "$line" = 'the right one' ] && exec "$@"
  echo 'Sorry, try again.' >&2
done
exit 1
)";

struct Sudo {
  Sudo() {
    write_file(bin / "sudo", kSudo);
    fs::permissions(bin / "sudo", fs::perms::owner_all);
  }
  std::vector<std::string> sshd() const {
    return {"SetEnv PATH=" + bin.path.string() + ":/usr/bin:/bin"};
  }
  Folder bin;
};

/// Asked again by a call, a renewal and a long job, none of which may send it.
void not_again(World& world, const ports::HostAddress& host) {
  for (const auto verb : {ports::Verb::command, ports::Verb::renew, ports::Verb::facts}) {
    const auto answer = world.ask(host, {"true"}, verb, verb == ports::Verb::facts);
    CHECK(answer.said == ports::Said::could_not);
    CHECK(unless_contains(answer.output, "was sent once and let nobody in") == "");
  }
}

}  // namespace

TEST_CASE("sudo with a password, over ssh and over openssh", "[.][sshd]") {
  if (!Sshd::installed()) return;
  const Sudo sudo;
  const auto& bin = sudo.bin;
  for (const auto connection : {ports::Connection::ssh, ports::Connection::openssh}) {
    World world{sudo.sshd()};
    INFO(ports::name_of(connection));
    fs::remove(bin / "heard");
    auto host = world.sshd.host();
    host.connection = connection;
    host.become = true;
    CHECK(unless_contains(world.ask(host, {"true"}).output, "ansible_become_password") == "");
    host.become_password = "the wrong one";
    const auto refused = world.ask(host, {"true"});
    CHECK(refused.said == ports::Said::could_not);
    CHECK(unless_contains(refused.output, "sudo refused the password") == "");
    CHECK(refused.output.find("the wrong one") == std::string::npos);
    CHECK(world.ask(host, {"true"}).said == ports::Said::could_not);
    // One try, whatever is asked again: another could lock the account.
    CHECK(text_of(bin / "heard") == "the wrong one\n");
    host.become_password = "the right one";
    CHECK(world.ask(host, {"true"}).said == ports::Said::yes);
    // A sudo that asks for nothing never sees it: sh would execute it.
    fs::remove(bin / "heard");
    write_file(bin / "nopasswd", "");
    host.become_user = "other";
    const auto free = world.ask(host, {"true"});
    CHECK(free.said == ports::Said::yes);
    CHECK_FALSE(fs::exists(bin / "heard"));
    fs::remove(bin / "nopasswd");
    host.become_password = "${secret.sudo}";
    CHECK(unless_contains(world.ask(host, {"true"}).output, "was not filled in") == "");
  }
}

TEST_CASE("a wrong password is not sent again where sudo asks once and ends", "[.][sshd]") {
  if (!Sshd::installed()) return;
  const Sudo sudo;
  write_file(sudo.bin / "tries", "1");
  World world{sudo.sshd()};
  auto host = world.sshd.host();
  host.become = true;
  host.become_password = "the wrong one";
  CHECK(world.ask(host, {"true"}).said == ports::Said::could_not);
  not_again(world, host);
  // Whoever it is to become: sudo asks for the same password.
  host.become_user = "other";
  not_again(world, host);
  CHECK(text_of(sudo.bin / "heard") == "the wrong one\n");
}

TEST_CASE("a password that sudo never answers is not sent again", "[.][sshd]") {
  if (!Sshd::installed()) return;
  const Sudo sudo;
  write_file(sudo.bin / "mute", "");
  World world{sudo.sshd(), 1s};
  auto host = world.sshd.host();
  host.become = true;
  host.become_password = "the wrong one";
  CHECK(unless_contains(world.ask(host, {"true"}).output, "timed out") == "");
  not_again(world, host);
  CHECK(text_of(sudo.bin / "heard") == "the wrong one\n");
}

TEST_CASE("a password that let us in outlives a connection that breaks in sudo", "[.][sshd]") {
  if (!Sshd::installed()) return;
  const Sudo sudo;
  World world{sudo.sshd(), 1s};
  auto host = world.sshd.host();
  host.become = true;
  host.become_password = "the right one";
  REQUIRE(world.ask(host, {"true"}).said == ports::Said::yes);
  write_file(sudo.bin / "mute", "");
  CHECK(world.ask(host, {}, ports::Verb::renew).said == ports::Said::could_not);
  fs::remove(sudo.bin / "mute");
  const auto again = world.ask(host, {}, ports::Verb::renew);
  CHECK(again.output.find("let nobody in") == std::string::npos);
  CHECK(text_of(sudo.bin / "heard") == "the right one\nthe right one\nthe right one\n");
}
