// Every way in which a host is not reached says what to do; nothing is accepted that should not be.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libssh2.h>

#include "tests/adapters_ssh/client.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

std::string why(const Sshd& sshd, const ports::HostAddress& host, ssh::Options options = {}) {
  (void)sshd;
  Client client{std::move(options)};
  const auto seen = client.run(host, "true");
  CHECK_FALSE(seen.ready);
  CHECK_FALSE(seen.end->needs_openssh);
  return seen.end->why;
}

std::string fall(const ports::HostAddress& host) {
  Client client;
  const auto seen = client.run(host, "true");
  CHECK(seen.end->needs_openssh);
  // It stays so, and is known at once.
  CHECK(client.run(host, "true", 1s).end->needs_openssh);
  return seen.end->why;
}

}  // namespace

TEST_CASE("nothing listens, nobody answers, no such name", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Sshd sshd;
  auto host = sshd.host();
  host.port = static_cast<std::uint16_t>(free_port());
  sshd.know("* " + sshd.host_key());
  CHECK(unless_contains(why(sshd, host), "is sshd running there") == "");

  const int silent = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(host.port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::bind(silent, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
  REQUIRE(::listen(silent, 8) == 0);
  ssh::Options options;
  options.connect_within = 700ms;
  CHECK(unless_contains(why(sshd, host, options), "timed out: something listens") == "");
  ::close(silent);

  host.address = "no-such-host.invalid";
  CHECK(unless_contains(why(sshd, host), "not known to the resolver") == "");
  host.address = "-oProxyCommand=x";
  CHECK(unless_contains(why(sshd, host), "is not an address") == "");
}

TEST_CASE("host keys: unknown, changed, revoked", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Sshd sshd;
  const auto name = fmt::format("[127.0.0.1]:{} ", sshd.port);
  sshd.know("");
  CHECK(unless_contains(why(sshd, sshd.host()), "ssh-keyscan -p") == "");
  make_key(sshd.folder / "other", "ed25519");
  const auto other = text_of(sshd.folder / "other.pub");
  sshd.know(name + other);
  CHECK(unless_contains(why(sshd, sshd.host()), "is not the one in known_hosts") == "");
  CHECK(unless_contains(why(sshd, sshd.host()), "ssh-keygen -R") == "");
  sshd.know("@revoked * " + sshd.host_key() + "\n" + name + sshd.host_key());
  CHECK(unless_contains(why(sshd, sshd.host()), "@revoked") == "");
  // A revoked key of somebody else is no matter; a hashed name is found.
  sshd.know("@revoked * " + other + name + sshd.host_key());
  run_program({"ssh-keygen", "-H", "-f", sshd.folder / "known_hosts"});
  Client client;
  CHECK(client.run(sshd.host(), "true").end->status == 0);
}

TEST_CASE("keys: none accepted, passphrases, the agent", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Sshd sshd;
  auto host = sshd.host();
  make_key(sshd.folder / "stranger", "ed25519");
  host.key_file = sshd.folder / "stranger";
  const auto none = why(sshd, host);
  CHECK(unless_contains(none, "no key was accepted") == "");
  CHECK(unless_contains(none, "stranger: not accepted") == "");
  CHECK(unless_contains(none, "it accepts: publickey") == "");
  host.key_file = sshd.folder / "nowhere";
  CHECK(unless_contains(why(sshd, host), "there is no key") == "");

  make_key(sshd.folder / "locked", "ed25519", "open sesame");
  write_file(sshd.folder / "authorized_keys", text_of(sshd.folder / "locked.pub"));
  host.key_file = sshd.folder / "locked";
  CHECK(unless_contains(why(sshd, host), "needs a passphrase") == "");
  host.key_passphrase = "open barley";
  const auto wrong = why(sshd, host);
  CHECK(unless_contains(wrong, "passphrase is wrong") == "");
  CHECK(wrong.find("barley") == std::string::npos);
  host.key_passphrase = "open sesame";
  Client client;
  CHECK(client.run(host, "true").end->why == "");

  host.key_passphrase.clear();
  sshd.client_config(fmt::format("IdentityAgent {}/agent", sshd.folder.path.string()));
  CHECK(unless_contains(why(sshd, host), "ssh-agent at") == "");
  const auto socket = (sshd.folder / "agent").string();
  const pid_t agent = spawn({"ssh-agent", "-D", "-a", socket}, sshd.folder / "agent.log");
  Client waiting;
  REQUIRE(waiting.until([&] {
    waiting.pass(20ms);
    return fs::exists(socket);
  }));
  write_file(sshd.folder / "askpass", "#!/bin/sh\necho 'open sesame'\n");
  fs::permissions(sshd.folder / "askpass", fs::perms::owner_all);
  run_program({"env", "SSH_AUTH_SOCK=" + socket, "SSH_ASKPASS_REQUIRE=force",
               "SSH_ASKPASS=" + (sshd.folder / "askpass").string(), "ssh-add", host.key_file});
  Client with_agent;
  CHECK(with_agent.run(host, "true").end->why == "");
  // Also without its private half in a file.
  fs::remove(sshd.folder / "locked");
  host.key_file += ".pub";
  Client without_file;
  CHECK(without_file.run(host, "true").end->why == "");
  end_process(agent);
}

TEST_CASE("what libssh2 cannot do goes to openssh, and says why", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Sshd sshd;
  auto host = sshd.host();
  sshd.client_config("ProxyCommand nc %h %p");
  CHECK(unless_contains(fall(host), "ProxyCommand") == "");
  sshd.client_config("");
  sshd.know("@cert-authority * " + sshd.host_key());
  CHECK(unless_contains(fall(host), "@cert-authority") == "");
  sshd.know("* " + sshd.host_key());

  make_key(sshd.folder / "certified", "ed25519");
  write_file(sshd.folder / "certified-cert.pub", "x");
  host.key_file = sshd.folder / "certified";
  CHECK(unless_contains(fall(host), "certificate beside it") == "");

  make_key(sshd.folder / "rsa", "rsa");
  write_file(sshd.folder / "authorized_keys", text_of(sshd.folder / "rsa.pub"));
  host.key_file = sshd.folder / "rsa";
  if (::libssh2_version(0x010b00) == nullptr) {
    CHECK(unless_contains(fall(host), "an RSA key, which libssh2 1.10") == "");
  } else {
    Client client;
    CHECK(client.run(host, "true").end->why == "");
  }
}

TEST_CASE("sshd that starts no command, and one that turns us away", "[.][sshd]") {
  if (!Sshd::installed()) return;
  Sshd closed{{"MaxSessions 0"}};
  Client client;
  const auto seen = client.run(closed.host(), "true");
  CHECK(unless_contains(seen.end->why, "MaxSessions") == "");
  Sshd picky{{"MaxAuthTries 1"}};
  auto host = picky.host();
  make_key(picky.folder / "stranger", "ed25519");
  picky.client_config(
      fmt::format("IdentityFile {0}/stranger\nIdentitiesOnly yes\nIdentityFile {0}/key",
                  picky.folder.path.string()));
  host.key_file.clear();
  Client other;
  const auto refused = other.run(host, "true");
  CHECK(unless_contains(refused.end->why, "too many keys?") == "");
}
