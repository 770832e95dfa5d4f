// A private key file: what can be known of it without its passphrase. Reads files; keeps nothing.
#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace muster::ssh {

/// What kind a public key is: `type` as it travels ("ssh-ed25519"). Decides who can use it.
enum class KeyKind { plain, rsa, certificate, hardware, old };
KeyKind kind_of(std::string_view type);

struct KeyFile {
  std::string path;
  std::string type;  // "" when only its passphrase would tell
  std::string blob;  // its public half, "" when unknown
  std::string text;  // the file; a secret
  bool encrypted = false;
  bool has_private = true;  // false: only PATH.pub is there, its private half may be in the agent
  bool has_certificate = false;  // PATH-cert.pub lies beside it
};

/// An error: no such file (`what` is empty), or one that cannot be read.
Result<KeyFile> read_key_file(const std::string& path);

}  // namespace muster::ssh
