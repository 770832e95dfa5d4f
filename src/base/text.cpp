#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster {
namespace {

/// Optimal string alignment distance: insert, delete, replace, swap of neighbours.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + cost});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

/// Length of the well-formed UTF-8 sequence at the front (1 to 4), or 0.
std::size_t utf8_length(std::string_view s) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned char c = at(0);
  if (c < 0x80) return 1;
  const std::size_t n = c >= 0xC2 && c < 0xE0   ? 2
                        : c >= 0xE0 && c < 0xF0 ? 3
                        : c >= 0xF0 && c < 0xF5 ? 4
                                                : 0;
  if (n == 0 || s.size() < n) return 0;
  for (std::size_t i = 1; i < n; ++i)
    if ((at(i) & 0xC0) != 0x80) return 0;
  if ((c == 0xE0 && at(1) < 0xA0) || (c == 0xED && at(1) > 0x9F) || (c == 0xF0 && at(1) < 0x90) ||
      (c == 0xF4 && at(1) > 0x8F))
    return 0;
  return n;
}

}  // namespace

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  std::string best;
  std::size_t least = 2 + word.size() / 4;
  if (word.size() > 64) return best;
  for (const auto& c : candidates) {
    if (c.size() > 64) continue;
    if (const auto d = distance(word, c); d < least) least = d, best = c;
  }
  return best;
}

std::string shell_quoted(std::string_view arg) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=@,+%";
  if (!arg.empty() && arg.find_first_not_of(plain) == std::string_view::npos)
    return std::string{arg};
  std::string out = "'";
  for (const char c : arg) {
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return out + "'";
}

std::string shell_quoted(std::span<const std::string> argv) {
  std::string out;
  for (const auto& a : argv) out += (out.empty() ? "" : " ") + shell_quoted(a);
  return out;
}

std::string bounded(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string{text};
  std::size_t cut = bytes_max;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  return fmt::format("{} …[{} bytes more]", text.substr(0, cut), text.size() - cut);
}

std::string printable(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    const std::size_t n = utf8_length(bytes);
    const auto c = static_cast<unsigned char>(bytes[0]);
    // C1 control characters (U+0080 to U+009F) steer terminals too.
    const bool control = (n == 1 && ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F)) ||
                         (n == 2 && c == 0xC2 && static_cast<unsigned char>(bytes[1]) < 0xA0);
    const std::size_t taken = n == 0 ? 1 : n;
    if (n == 0 || control)
      for (std::size_t i = 0; i < taken; ++i)
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes[i]));
    else
      out += bytes.substr(0, n);
    bytes.remove_prefix(taken);
  }
  return out;
}

namespace {

bool is_in_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || byte >= 0x80 || c == '_' || c == '-';
}

/// Where it stands by itself, at or after `from`.
std::size_t find_word(std::string_view text, std::string_view word, std::size_t from) {
  if (word.empty()) return text.npos;
  for (auto at = text.find(word, from); at != text.npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool begins = at == 0 || !is_in_word(text[at - 1]);
    if (begins && (end == text.size() || !is_in_word(text[end]))) return at;
  }
  return text.npos;
}

}  // namespace

std::string with_word_replaced(std::string_view text, std::string_view word,
                               std::string_view instead) {
  std::string out;
  std::size_t done = 0;
  for (auto at = find_word(text, word, 0); at != text.npos; at = find_word(text, word, done)) {
    out += text.substr(done, at - done);
    out += instead;
    done = at + word.size();
  }
  out += text.substr(done);
  return out;
}

bool has_word(std::string_view text, std::string_view word) {
  return find_word(text, word, 0) != text.npos;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const auto at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto from = text.find_first_not_of(blank);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(blank) - from + 1);
}

std::string joined(std::span<const std::string> parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i) out += separator;
    out += parts[i];
  }
  return out;
}

}  // namespace muster
