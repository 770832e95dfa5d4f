#include <fmt/format.h>

#include <algorithm>

#include "adapters/ssh/login.hpp"
#include "base/text.hpp"

namespace muster::ssh {
namespace {

std::vector<KnownKey> keys_in(const KnownHostsFiles& files, const std::string& name) {
  std::vector<KnownKey> keys;
  for (const auto& file : files)
    for (auto& key : file->keys_of(name)) keys.push_back(std::move(key));
  return keys;
}

bool has(const std::vector<KnownKey>& keys, KnownKey::Mark mark) {
  return std::ranges::find(keys, mark, &KnownKey::mark) != keys.end();
}

/// The signature algorithms of a key's type, the best first.
std::vector<std::string> algorithms_of(const std::string& type) {
  if (type == "ssh-rsa") return {"rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"};
  return {type};
}

bool libssh2_knows(const std::string& method) {
  // Asked of the library that runs, not of the headers that it was built with.
  static const std::vector<std::string> known = [] {
    std::vector<std::string> names;
    LIBSSH2_SESSION* session = ::libssh2_session_init_ex(nullptr, nullptr, nullptr, nullptr);
    const char** list = nullptr;
    const int count = ::libssh2_session_supported_algs(session, LIBSSH2_METHOD_HOSTKEY, &list);
    for (int i = 0; i < count; ++i) names.emplace_back(list[i]);
    if (count > 0) ::libssh2_free(session, list);
    ::libssh2_session_free(session);
    return names;
  }();
  return std::ranges::find(known, method) != known.end();
}

}  // namespace

Trust trust_in(const Settings& settings, const KnownHostsFiles& files) {
  Trust trust;
  const auto name = known_name(settings);
  trust.keys = keys_in(files, name);
  // As ssh does: a port of its own may share the key of the host's usual one.
  if (!has(trust.keys, KnownKey::Mark::trusted) && settings.host_key_alias.empty() &&
      settings.port != 22)
    for (auto& key : keys_in(files, settings.host)) trust.keys.push_back(std::move(key));

  if (!has(trust.keys, KnownKey::Mark::trusted)) {
    if (has(trust.keys, KnownKey::Mark::authority)) {
      trust.end = {
          -1,
          "its host key is vouched for by a certificate authority (@cert-authority), which "
          "libssh2 cannot check",
          true};
      return trust;
    }
    trust.end.why = fmt::format(
        "its host key is not known here (no entry for {} in {}): check it by another way, then add "
        "it to known_hosts (ssh-keyscan -p {} {} shows it)",
        name, joined(settings.known_hosts, ", "), settings.port, settings.host);
    return trust;
  }
  const auto wanted = split(settings.host_key_algorithms, ',');
  std::vector<std::string> methods;
  std::string types;
  for (const auto& key : trust.keys) {
    if (key.mark != KnownKey::Mark::trusted) continue;
    if (types.find(key.type) == types.npos) types += (types.empty() ? "" : ", ") + key.type;
    for (const auto& method : algorithms_of(key.type))
      if (libssh2_knows(method) && std::ranges::find(methods, method) == methods.end() &&
          (settings.host_key_algorithms.empty() ||
           std::ranges::find(wanted, method) != wanted.end()))
        methods.push_back(method);
  }
  trust.methods = joined(methods, ",");
  if (methods.empty())
    trust.end = {
        -1,
        fmt::format("of its host keys known_hosts has only {}, which libssh2 {} cannot check",
                    types, ::libssh2_version(0)),
        true};
  return trust;
}

}  // namespace muster::ssh
