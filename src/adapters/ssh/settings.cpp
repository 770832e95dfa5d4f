#include "adapters/ssh/settings.hpp"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "base/text.hpp"

namespace muster::ssh {
namespace {

using Lines = std::multimap<std::string, std::string, std::less<>>;

std::string first(const Lines& lines, std::string_view key) {
  const auto at = lines.find(key);
  return at == lines.end() || at->second == "none" ? std::string{} : at->second;
}

bool is_on(const Lines& lines, std::string_view key) {
  const auto value = first(lines, key);
  return value == "yes" || value == "true";
}

std::string at_home(const std::string& path, const Surroundings& around) {
  return path.starts_with("~/") ? around.home + path.substr(1) : path;
}

std::string agent_of(const Lines& lines, const Surroundings& around) {
  const auto at = lines.find("identityagent");
  if (at == lines.end() || at->second == "SSH_AUTH_SOCK") return around.agent;
  if (at->second == "none") return {};
  if (at->second.starts_with('$')) {
    const char* value = ::getenv(at->second.substr(1).c_str());
    return value != nullptr ? value : "";
  }
  return at_home(at->second, around);
}

/// What libssh2 has no word for, and must not be passed over in silence.
std::string openssh_only(const Lines& lines, const Settings& s) {
  struct Word {
    std::string_view key, why;
  };
  static constexpr std::array<Word, 9> words{
      {{"proxycommand", "it is reached by a ProxyCommand"},
       {"certificatefile", "it wants a user certificate (CertificateFile)"},
       {"pkcs11provider", "its key is in a PKCS#11 token"},
       {"knownhostscommand", "its host key is told by a KnownHostsCommand"},
       {"revokedhostkeys", "its ssh_config names a list of revoked host keys (RevokedHostKeys)"},
       {"bindaddress", "its ssh_config has a BindAddress"},
       {"bindinterface", "its ssh_config has a BindInterface"},
       {"rekeylimit", "its ssh_config has a RekeyLimit"},
       {"securitykeyprovider", "its key is in a security token (SecurityKeyProvider)"}}};
  for (const auto& word : words) {
    const auto value = first(lines, word.key);
    if (!value.empty() && value != "internal" && value != "0 0") return std::string{word.why};
  }
  if (lines.contains("pubkeyauthentication") && !is_on(lines, "pubkeyauthentication"))
    return "its ssh_config turns public keys off (PubkeyAuthentication)";
  const auto has_token = [](const std::string& path) {
    return path.find_first_of("%$") != std::string::npos;
  };
  if (std::ranges::any_of(s.identity_files, has_token) ||
      std::ranges::any_of(s.known_hosts, has_token) || has_token(s.host_key_alias))
    return "a path in its ssh_config holds a token (% or $)";
  return {};
}

}  // namespace

Surroundings surroundings() {
  Surroundings around;
  if (const passwd* user = ::getpwuid(::getuid())) around.home = user->pw_dir;
  if (const char* agent = ::getenv("SSH_AUTH_SOCK")) around.agent = agent;
  return around;
}

Settings settings_from(std::string_view printed, const Surroundings& around) {
  Lines lines;
  for (const auto& line : split(printed, '\n')) {
    const auto blank = line.find(' ');
    if (blank != std::string::npos)
      lines.emplace(line.substr(0, blank), trimmed(std::string_view{line}.substr(blank)));
  }
  Settings s;
  s.host = first(lines, "hostname");
  std::ranges::transform(s.host, s.host.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  const auto port = first(lines, "port");
  std::from_chars(port.data(), port.data() + port.size(), s.port);
  s.user = first(lines, "user");
  s.host_key_alias = first(lines, "hostkeyalias");
  for (auto [at, end] = lines.equal_range("identityfile"); at != end; ++at)
    if (at->second != "none") s.identity_files.push_back(at_home(at->second, around));
  s.identities_only = is_on(lines, "identitiesonly");
  s.agent = agent_of(lines, around);
  for (const auto* key : {"userknownhostsfile", "globalknownhostsfile"})
    for (const auto& file : split(first(lines, key), ' '))
      if (!file.empty()) s.known_hosts.push_back(at_home(file, around));
  s.kex = first(lines, "kexalgorithms");
  s.ciphers = first(lines, "ciphers");
  s.macs = first(lines, "macs");
  s.host_key_algorithms = first(lines, "hostkeyalgorithms");
  if (const auto family = first(lines, "addressfamily"); !family.empty()) s.family = family;
  s.jump = first(lines, "proxyjump");
  s.gssapi = is_on(lines, "gssapiauthentication");
  s.host_based = is_on(lines, "hostbasedauthentication");
  s.openssh_only = openssh_only(lines, s);
  return s;
}

std::string known_name(const Settings& settings) {
  if (!settings.host_key_alias.empty()) return settings.host_key_alias;
  if (settings.port == 22) return settings.host;
  return "[" + settings.host + "]:" + std::to_string(settings.port);
}

}  // namespace muster::ssh
