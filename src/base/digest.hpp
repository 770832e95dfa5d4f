// SHA-256 and HMAC-SHA-256 (libcrypto), and hexadecimal and base64 of bytes.
#pragma once
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace muster {

/// 32 bytes; a value. Names of blobs are its hex form.
struct Digest {
  std::array<std::uint8_t, 32> bytes{};
  auto operator<=>(const Digest&) const = default;
};

Digest sha256(std::string_view bytes);
Digest hmac_sha256(std::string_view key, std::string_view bytes);

std::string hex(const Digest& d);
/// 64 lower-case hex digits, or nothing.
std::optional<Digest> digest_from_hex(std::string_view text);

std::string hex(std::string_view bytes);
std::string base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

inline std::string_view view(const Digest& d) {
  return {reinterpret_cast<const char*>(d.bytes.data()), d.bytes.size()};
}

}  // namespace muster
