// What is read of ssh_config, known_hosts, key files and the agent: pure.
#include <fmt/format.h>

#include <random>

#include "adapters/ssh/agent.hpp"
#include "adapters/ssh/config_scope.hpp"
#include "adapters/ssh/key_file.hpp"
#include "adapters/ssh/known_hosts.hpp"
#include "adapters/ssh/login.hpp"
#include "adapters/ssh/settings.hpp"
#include "adapters/ssh/wire_format.hpp"
#include "base/digest.hpp"
#include "tests/adapters_ssh/client.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::ssh;
using namespace muster::test;

namespace {
const std::string kKey = "AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g";
const std::string kOther = "AAAAC3NzaC1lZDI1NTE5AAAAIP8CAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g";

std::size_t count(const std::string& text, const std::string& name) {
  return KnownHosts{text, "f"}.keys_of(name).size();
}
}  // namespace

TEST_CASE("ssh -G is read, and what libssh2 cannot do is named") {
  const Surroundings around{"/home/ana", "/run/agent"};
  const auto s = settings_from(
      "user ana\nhostname DB-1.Example\nport 2222\nidentityfile ~/.ssh/id_ed25519\n"
      "identityfile /k\nidentitiesonly yes\nuserknownhostsfile ~/.ssh/known_hosts /b\n"
      "globalknownhostsfile /g\nproxyjump none\ngssapiauthentication yes\nrekeylimit 0 0\n"
      "securitykeyprovider internal\npubkeyauthentication true\n",
      around);
  CHECK(s.host == "db-1.example");
  CHECK(known_name(s) == "[db-1.example]:2222");
  CHECK(s.identity_files == std::vector<std::string>{"/home/ana/.ssh/id_ed25519", "/k"});
  CHECK(s.known_hosts == std::vector<std::string>{"/home/ana/.ssh/known_hosts", "/b", "/g"});
  CHECK(s.agent == "/run/agent");
  CHECK(s.identities_only);
  CHECK(s.jump.empty());
  CHECK(s.openssh_only.empty());
  for (const std::string line :
       {"proxycommand nc %h %p", "certificatefile /c", "pkcs11provider /p", "revokedhostkeys /r",
        "identityfile /keys/%h", "pubkeyauthentication no", "bindaddress 192.0.2.1"}) {
    INFO(line);
    CHECK_FALSE(settings_from("hostname h\n" + line + "\n", around).openssh_only.empty());
  }
  CHECK(settings_from("identityagent none\n", around).agent.empty());
}

TEST_CASE("known_hosts is read as OpenSSH reads it") {
  const auto line = [](const std::string& names) { return names + " ssh-ed25519 " + kKey + "\n"; };
  CHECK(count(line("db-1"), "db-1") == 1);
  CHECK(count(line("db-1"), "db-2") == 0);
  CHECK(count(line("a,db-1,b"), "db-1") == 1);
  CHECK(count(line("[db-1]:2222"), "[db-1]:2222") == 1);
  CHECK(count(line("[db-1]:2222"), "db-1") == 0);
  CHECK(count(line("*.example,!bad.example"), "good.example") == 1);
  CHECK(count(line("*.example,!bad.example"), "bad.example") == 0);
  CHECK(count(line("db-?"), "db-1") == 1);
  CHECK(count(line("db-?"), "db-10") == 0);
  CHECK(count(line("DB-1"), "db-1") == 1);
  CHECK(count("# " + line("db-1") + "db-1 ssh-ed25519\ndb-1 ssh-ed25519 !!\n", "db-1") == 0);
  // ssh-keygen -H made this of "db-1.example".
  Folder folder;
  write_file(folder / "known_hosts", line("db-1.example"));
  run_program({"ssh-keygen", "-H", "-f", folder / "known_hosts"});
  const auto hashed = text_of(folder / "known_hosts");
  REQUIRE(hashed.starts_with("|1|"));
  CHECK(count(hashed, "db-1.example") == 1);
  CHECK(count(hashed, "db-2.example") == 0);
}

TEST_CASE("marks of known_hosts are honoured") {
  Settings s;
  s.host = "db-1";
  s.known_hosts = {"/etc/known"};
  const auto trust = [&](const std::string& text) {
    return trust_in(s, {std::make_shared<KnownHosts>(text, "/etc/known")});
  };
  CHECK(trust("db-1 ssh-ed25519 " + kKey).methods == "ssh-ed25519");
  CHECK(trust("db-1 ssh-ed25519 " + kKey).end.why.empty());
  const auto unknown = trust("");
  CHECK_FALSE(unknown.end.needs_openssh);
  CHECK(unless_contains(unknown.end.why, "not known here") == "");
  CHECK(trust("@cert-authority * ssh-ed25519 " + kKey).end.needs_openssh);
  CHECK_FALSE(trust("@revoked * ssh-ed25519 " + kKey).end.needs_openssh);
  const auto both = trust("@revoked * ssh-ed25519 " + kOther + "\ndb-1 ssh-ed25519 " + kKey + "\n");
  CHECK(both.end.why.empty());
  CHECK(both.keys.size() == 2);
  // A port of its own may share the host's usual key.
  s.port = 2222;
  CHECK(trust("db-1 ssh-ed25519 " + kKey).methods == "ssh-ed25519");
  s.host_key_algorithms = "ecdsa-sha2-nistp256";
  CHECK(trust("db-1 ssh-ed25519 " + kKey).end.needs_openssh);
}

TEST_CASE("one ssh -G serves all hosts only where no line tells hosts apart") {
  const std::vector<std::string> folder{"/etc/ssh/ssh_config.d/*.conf"};
  CHECK(tells_no_hosts_apart("", {}));
  CHECK(
      tells_no_hosts_apart("# Host db-1\n#   ProxyCommand ssh -W %h:%p \"gate\"\nInclude "
                           "/etc/ssh/ssh_config.d/*.conf\nHost *\n  SendEnv LANG\n",
                           folder));
  for (const std::string line :
       {"Host db-1\n", "host=db-1\n", "Match user ana\n", "Include other\n", "IdentityFile %d/k\n",
        "CanonicalizeHostname yes\n", "Host * !db-1\n", "Host \"*\"\n", "\tHost\tdb-?\n",
        "HostName 192.0.2.1\n", "Host *\n  hostname=192.0.2.1\n"}) {
    INFO(line);
    CHECK_FALSE(tells_no_hosts_apart(line, folder));
  }
  CHECK_FALSE(same_for_all_hosts("/nowhere", {"-F", "/x"}));
  CHECK_FALSE(same_for_all_hosts("/nowhere", {"-o", "Include=/x"}));
  const bool plain = same_for_all_hosts("/nowhere", {"-o", "User=ana"});
  CHECK(plain == same_for_all_hosts("/nowhere", {}));
  for (const std::string arg : {"HostName=192.0.2.1", "hostname 192.0.2.1"})
    CHECK_FALSE(same_for_all_hosts("/nowhere", {"-o", arg}));
  CHECK_FALSE(same_for_all_hosts("/nowhere", {"-oHOSTNAME=192.0.2.1"}));
}

TEST_CASE("a key file says what it is without its passphrase") {
  Folder folder;
  make_key(folder / "plain", "ed25519");
  make_key(folder / "locked", "ecdsa", "open sesame");
  make_key(folder / "rsa", "rsa");
  run_program({"ssh-keygen", "-q", "-p", "-m", "PEM", "-N", "", "-f", folder / "rsa"});
  fs::remove(folder / "plain.pub");
  CHECK(read_key_file(folder / "plain")->type == "ssh-ed25519");
  CHECK_FALSE(read_key_file(folder / "plain")->encrypted);
  const auto locked = read_key_file(folder / "locked").value();
  CHECK(locked.encrypted);
  CHECK(locked.type == "ecdsa-sha2-nistp256");
  CHECK(read_key_file(folder / "rsa")->type == "ssh-rsa");
  CHECK(kind_of("sk-ssh-ed25519@openssh.com") == KeyKind::hardware);
  CHECK(kind_of("ssh-ed25519-cert-v01@openssh.com") == KeyKind::certificate);
  CHECK_FALSE(read_key_file(folder / "nowhere"));
  fs::remove(folder / "locked");
  CHECK_FALSE(read_key_file(folder / "locked")->has_private);
}

TEST_CASE("an agent may say anything") {
  const std::string good =
      std::string{"\x0c"} + number_bytes(1) + string_bytes("blob") + string_bytes("a comment");
  REQUIRE(identities_of(good));
  CHECK(identities_of(good)->at(0).comment == "a comment");
  const std::string sig =
      std::string{"\x0e"} + string_bytes(string_bytes("alg") + string_bytes("sig"));
  CHECK(signature_of(sig).value() == "sig");
  std::mt19937 random{7};
  for (int i = 0; i < 20000; ++i) {
    auto bytes = i % 2 ? good : sig;
    bytes.resize(random() % (bytes.size() + 1));
    for (int k = 0; k < 3 && !bytes.empty(); ++k)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    if (const auto keys = identities_of(bytes)) CHECK(keys->size() <= 64);
    if (const auto s = signature_of(bytes)) CHECK(s->size() <= bytes.size());
  }
  // RSA signs with what the request names.
  const auto data = string_bytes("session") + "\x32" + string_bytes("ana") +
                    string_bytes("ssh-connection") + string_bytes("publickey") + "\x01" +
                    string_bytes("rsa-sha2-512") + string_bytes("blob");
  CHECK(sign_request("blob", data).ends_with(number_bytes(4)));
  CHECK(sign_request("blob", "nonsense").ends_with(number_bytes(0)));
}
