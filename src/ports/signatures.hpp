// Whether somebody's SSH key signed a text. Used from the engine's thread; the answer comes on it,
// once, never from inside the call.
#pragma once
#include <functional>
#include <string>

#include "base/result.hpp"

namespace muster::ports {

struct SignatureClaim {
  std::string signer;      ///< a name without blanks: in messages, and in what is verified against
  std::string key;         ///< "ssh-ed25519 AAAA…": the public key that must have signed
  std::string name_space;  ///< what the signature must have been made for
  std::string text;
  std::string signature;  ///< armoured SSHSIG
};

class Signatures {
 public:
  virtual ~Signatures() = default;
  /// An error: it is not that key's signature over that text, or that cannot be told.
  virtual void verify(SignatureClaim claim, std::function<void(Result<>)> answer) = 0;
};

}  // namespace muster::ports
