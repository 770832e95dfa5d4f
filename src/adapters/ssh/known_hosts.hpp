// The known_hosts files as OpenSSH reads them (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): hashed
// names, ports, lists, wildcards, negation, @revoked, @cert-authority. libssh2's own reader ignores
// both marks, so that a revoked key still matches, and knows no wildcards. Pure, but for read().
#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace muster::ssh {

struct KnownKey {
  enum class Mark { trusted, revoked, authority };
  Mark mark = Mark::trusted;
  std::string type;   // "ssh-ed25519"
  std::string blob;   // the key as it travels
  std::string place;  // FILE:LINE
};

/// One file, parsed once for a whole fleet. Lines that are no entries are passed over, as OpenSSH
/// does.
class KnownHosts {
 public:
  static constexpr std::size_t kFileBytesMax = 16u << 20;
  KnownHosts(std::string_view text, const std::string& file);
  /// An empty one when there is no such file or it cannot be read.
  static std::shared_ptr<const KnownHosts> read(const std::string& file);

  /// Every key of `name` ("host" or "[host]:port").
  std::vector<KnownKey> keys_of(const std::string& name) const;

 private:
  struct Line {
    std::string names;
    KnownKey key;
  };
  std::vector<Line> lines_;
  std::multimap<std::string, std::size_t, std::less<>> plain_;  // one name and nothing else
  std::vector<std::size_t> patterns_;                           // hashes, lists, wildcards
};

}  // namespace muster::ssh
