// The system's ssh on real sshds: one master a way in, and no other.
#include <fmt/format.h>
#include <stdlib.h>

#include "base/text.hpp"
#include "tests/adapters_ssh/world.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

/// The host that everybody here calls 10.0.0.5, behind its own bastion. Known by an alias.
ports::HostAddress behind(const Sshd& bastion, const std::string& alias) {
  auto host = bastion.host("10.0.0.5");
  host.connection = ports::Connection::openssh;
  host.name = alias;
  host.port = 22;
  const auto folder = bastion.folder.path.string();
  write_file(folder + "/known_hosts",
             fmt::format("[127.*]:{0} {1}\n{2} {1}\n", bastion.port, bastion.host_key(), alias));
  host.ssh_args = {"-F",
                   folder + "/ssh_config",
                   "-o",
                   "HostKeyAlias=" + alias,
                   "-o",
                   fmt::format("ProxyCommand=ssh -F {0}/ssh_config -i {0}/key -p {1} -W "
                               "127.0.0.1:{1} 127.0.0.1",
                               folder, bastion.port)};
  return host;
}

}  // namespace

TEST_CASE("two hosts of one address behind two bastions are two hosts", "[.][sshd]") {
  if (!Sshd::installed()) return;
  World world;
  const Sshd second;
  const auto one = behind(world.sshd, "db-1"), other = behind(second, "db-2");
  CHECK(world.ask(one, {"true"}).output == "");
  CHECK(world.ask(other, {"true"}).output == "");
  CHECK(world.sshd.sessions().size() == 2);  // the bastion's and the host's
  CHECK(second.sessions().size() == 2);
}

TEST_CASE("a jump host whose key is unknown asks nobody, and is refused", "[.][sshd]") {
  if (!Sshd::installed()) return;
  World world;
  Sshd jump;
  auto host = world.sshd.host();
  host.connection = ports::Connection::openssh;
  write_file(jump.folder / "authorized_keys", text_of(world.sshd.folder / "key.pub"));
  world.sshd.client_config("IdentityFile " + (world.sshd.folder / "key").string());
  host.ssh_args.insert(host.ssh_args.end(), {"-J", fmt::format("127.8.0.1:{}", jump.port)});
  // An askpass would say yes.
  write_file(jump.folder / "askpass", "#!/bin/sh\necho yes\n");
  fs::permissions(jump.folder / "askpass", fs::perms::owner_all);
  ::setenv("SSH_ASKPASS", (jump.folder / "askpass").c_str(), 1);
  ::setenv("SSH_ASKPASS_REQUIRE", "force", 1);
  const auto refused = world.ask(host, {"true"});
  ::unsetenv("SSH_ASKPASS");
  ::unsetenv("SSH_ASKPASS_REQUIRE");
  CHECK(refused.said == ports::Said::could_not);
  CHECK(unless_contains(refused.output, "the way through its jump host") == "");

  world.sshd.know(fmt::format("[127.0.0.1]:{} {}\n[127.8.0.1]:{} {}", world.sshd.port,
                              world.sshd.host_key(), jump.port, jump.host_key()));
  CHECK(world.ask(host, {"true"}).output == "");
  CHECK(jump.sessions().size() == 1);
}
