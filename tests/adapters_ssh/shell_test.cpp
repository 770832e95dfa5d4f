// The protocol over the ssh connection: frames, sudo with a password, and the fall to openssh.
#include <fmt/format.h>

#include "adapters/shell/real_shell.hpp"
#include "tests/adapters_ssh/client.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

/// A sudo that asks as the real one does: on stderr, for a line of stdin, three times.
const std::string kSudo = R"(#!/bin/sh
[ "$1" = -S ] || { echo 'sudo: a password is required' >&2; exit 1; }
prompt=$3
shift 6
[ -e "${0%/*}/nopasswd" ] && exec "$@"
for try in 1 2 3; do
  printf '%s' "$prompt" >&2
  line= c=
  IFS= read -r line || exit 1
  echo "$line" >>"${0%/*}/heard"
  [ "$line" = 'the right one' ] && exec "$@"
  echo 'Sorry, try again.' >&2
done
exit 1
)";

struct World {
  explicit World(std::vector<std::string> more = {}) : sshd{std::move(more)} {
    shell::Options options;
    options.transport = &client.transport;
    options.connect_within = 10s;
    options.notice = [this](const std::string& host, const std::string& why) {
      notices.push_back(host + ": " + why);
    };
    shell = std::make_unique<shell::RealShell>(client.io, client.clock, options);
  }
  ~World() {
    bool over = false;
    shell->shutdown([&] { over = true; });
    client.until([&] { return over; });
  }
  ports::Answer ask(const ports::HostAddress& host, std::vector<std::string> argv,
                    Duration within = 30s) {
    ports::Call call;
    call.host = host;
    call.verb = ports::Verb::command;
    call.run = "20261122-211505-3f9a0c";
    call.values = {{"epoch", "1"}, {"store", "store-a"}};
    call.argv = std::move(argv);
    call.within = within;
    std::optional<ports::Answer> answer;
    shell->call(call, [&](ports::Answer a) { answer = std::move(a); });
    client.until([&] { return answer.has_value(); }, within + 5s);
    return answer.value_or(ports::Answer{});
  }
  Sshd sshd;
  Client client;
  std::vector<std::string> notices;
  std::unique_ptr<shell::RealShell> shell;
};

}  // namespace

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

TEST_CASE("sudo with a password, over ssh and over openssh", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Folder bin;
  write_file(bin / "sudo", kSudo);
  fs::permissions(bin / "sudo", fs::perms::owner_all);
  World world{{"SetEnv PATH=" + bin.path.string() + ":/usr/bin:/bin"}};
  for (const auto connection : {ports::Connection::ssh, ports::Connection::openssh}) {
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
