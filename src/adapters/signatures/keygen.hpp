// The system's ssh-keygen, which signs and verifies (SSHSIG, `ssh-keygen -Y`). Muster itself reads
// no private key: a file, an agent or a hardware token is ssh-keygen's business. What it is given
// travels in memory files, never as arguments. Blocks; call it on a worker or in a short command.
#pragma once
#include <filesystem>
#include <string>
#include <variant>

#include "base/result.hpp"
#include "ports/signatures.hpp"

namespace muster::signatures {

/// Whose private key the agent holds: "ssh-ed25519 AAAA…".
struct InAgent {
  std::string public_key;
};
/// A private key's file, or its `.pub`: then the agent is asked first.
using SigningKey = std::variant<std::filesystem::path, InAgent>;

/// The armoured signature. What ssh-keygen has to say, and to ask, goes to the terminal; it waits
/// two minutes for whoever types a passphrase or touches a token.
Result<std::string> sign(const SigningKey& key, const std::string& name_space,
                         const std::string& text);

/// Good when `claim.key`, and no other, signed exactly this text for this namespace.
Result<> verify(const ports::SignatureClaim& claim);

}  // namespace muster::signatures
