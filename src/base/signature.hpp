// Ed25519 (RFC 8032, libcrypto): who wrote a text, for whoever has the public key. A private key is
// held by SigningKey alone and leaves it only as the PEM text of its file.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace muster {

inline constexpr std::size_t kSignatureBytes = 64;

struct PublicKey {
  std::array<std::uint8_t, 32> bytes{};
  auto operator<=>(const PublicKey&) const = default;
};
inline std::string_view view(const PublicKey& k) {
  return {reinterpret_cast<const char*>(k.bytes.data()), k.bytes.size()};
}

/// True when `signature` is this key's over exactly `message`.
bool is_signature(const PublicKey& key, std::string_view message, std::string_view signature);

/// A value; copies share the key, whose memory libcrypto overwrites at the end.
class SigningKey {
 public:
  /// A new one from the operating system's random numbers.
  static Result<SigningKey> make();
  /// PKCS #8 as `openssl genpkey -algorithm ed25519` writes it, without a passphrase.
  static Result<SigningKey> from_pem(std::string_view pem);
  /// For its file (0600) and nothing else.
  Result<std::string> to_pem() const;

  const PublicKey& public_key() const { return public_; }
  Result<std::string> sign(std::string_view message) const;

 private:
  explicit SigningKey(std::shared_ptr<void> key);
  std::shared_ptr<void> key_;  ///< EVP_PKEY
  PublicKey public_;
};

}  // namespace muster
