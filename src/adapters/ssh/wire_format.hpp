// The two shapes of the SSH protocol's data that are read and written here: numbers of four bytes,
// and strings that say their length first (RFC 4251, section 5). Pure, bounded by what is there.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace muster::ssh {

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_{bytes} {}
  std::optional<std::uint8_t> byte() {
    if (rest_.empty()) return std::nullopt;
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  std::optional<std::uint32_t> number() {
    if (rest_.size() < 4) return std::nullopt;
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) value = value << 8 | *byte();
    return value;
  }
  std::optional<std::string_view> string() {
    const auto size = number();
    if (!size || *size > rest_.size()) return std::nullopt;
    const auto value = rest_.substr(0, *size);
    rest_.remove_prefix(*size);
    return value;
  }

 private:
  std::string_view rest_;
};

inline std::string number_bytes(std::uint32_t value) {
  std::string out(4, '\0');
  for (int i = 3; i >= 0; --i, value >>= 8)
    out[static_cast<std::size_t>(i)] = static_cast<char>(value & 0xff);
  return out;
}

inline std::string string_bytes(std::string_view value) {
  return number_bytes(static_cast<std::uint32_t>(value.size())).append(value);
}

}  // namespace muster::ssh
