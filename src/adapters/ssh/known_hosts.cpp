#include "adapters/ssh/known_hosts.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace muster::ssh {
namespace {

/// The next word of a line; blanks and tabs separate.
std::string word(std::string_view& rest) {
  const auto begin = rest.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  const auto end = std::min(rest.find_first_of(" \t\r", begin), rest.size());
  std::string found{rest.substr(begin, end - begin)};
  rest.remove_prefix(end);
  return found;
}

/// `|1|SALT|HASH`: HMAC-SHA1 of the name.
bool hashed_as(std::string_view hashed, const std::string& name) {
  const auto parts = split(hashed, '|');
  if (parts.size() != 4 || parts[1] != "1") return false;
  const auto salt = from_base64(parts[2]);
  const auto hash = from_base64(parts[3]);
  if (!salt || !hash) return false;
  std::array<unsigned char, EVP_MAX_MD_SIZE> made{};
  unsigned size = 0;
  if (::HMAC(::EVP_sha1(), salt->data(), static_cast<int>(salt->size()),
             reinterpret_cast<const unsigned char*>(name.data()), name.size(), made.data(),
             &size) == nullptr)
    return false;
  return *hash == std::string_view{reinterpret_cast<const char*>(made.data()), size};
}

/// `*` and `?` only: a `[` of a port is itself.
bool pattern_matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, after_star = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      after_star = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++after_star;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool names_match(const std::string& names, const std::string& name) {
  if (names.starts_with('|')) return hashed_as(names, name);
  bool matches = false;
  for (const auto& one : split(names, ',')) {
    const bool negated = one.starts_with('!');
    if (!pattern_matches(std::string_view{one}.substr(negated ? 1 : 0), name)) continue;
    if (negated) return false;
    matches = true;
  }
  return matches;
}

}  // namespace

KnownHosts::KnownHosts(std::string_view text, const std::string& file) {
  std::size_t number = 0;
  for (const auto& raw : split(text, '\n')) {
    ++number;
    std::string_view rest = raw;
    Line line;
    auto names = word(rest);
    if (names.empty() || names.starts_with('#')) continue;
    if (names.starts_with('@')) {
      if (names != "@revoked" && names != "@cert-authority") continue;
      line.key.mark = names == "@revoked" ? KnownKey::Mark::revoked : KnownKey::Mark::authority;
      names = word(rest);
    }
    std::ranges::transform(names, names.begin(), [&](char c) {
      return c >= 'A' && c <= 'Z' && !names.starts_with('|') ? static_cast<char>(c + 32) : c;
    });
    line.key.type = word(rest);
    const auto blob = from_base64(word(rest));
    if (!blob || blob->empty()) continue;
    line.key.blob = *blob;
    line.key.place = file + ":" + std::to_string(number);
    line.names = names;
    const bool plain = names.find_first_of("|,*?!") == std::string::npos;
    if (plain)
      plain_.emplace(names, lines_.size());
    else
      patterns_.push_back(lines_.size());
    lines_.push_back(std::move(line));
  }
}

std::shared_ptr<const KnownHosts> KnownHosts::read(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  std::string text;
  std::array<char, 65536> piece{};
  while (in && text.size() < kFileBytesMax) {
    in.read(piece.data(), piece.size());
    text.append(piece.data(), static_cast<std::size_t>(in.gcount()));
  }
  return std::make_shared<KnownHosts>(text, file);
}

std::vector<KnownKey> KnownHosts::keys_of(const std::string& name) const {
  std::vector<KnownKey> found;
  for (auto [at, end] = plain_.equal_range(name); at != end; ++at)
    found.push_back(lines_[at->second].key);
  for (const auto number : patterns_)
    if (names_match(lines_[number].names, name)) found.push_back(lines_[number].key);
  return found;
}

}  // namespace muster::ssh
