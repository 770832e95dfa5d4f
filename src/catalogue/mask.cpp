#include "catalogue/mask.hpp"

#include <cctype>

#include "base/text.hpp"

namespace muster::catalogue {
namespace {

constexpr std::string_view kMask = "***";

bool is_blank(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}

bool is_secret(std::string_view keyword) {
  std::string lower{keyword};
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower.find("password") != std::string::npos;
}

/// Length of a conninfo's value: quoted with '' (\ escapes), or up to the next blank.
std::size_t value_length(std::string_view text) {
  const bool quoted = text.starts_with('\'');
  for (std::size_t i = quoted ? 1 : 0; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (quoted && text[i] == '\'')
      return i + 1;
    else if (!quoted && is_blank(text[i]))
      return i;
  }
  return text.size();
}

/// "host=a password = 'x y' dbname=b": libpq's keyword form. What cannot be read is hidden whole.
std::string masked_keywords(std::string_view rest) {
  std::string out;
  while (!(rest = trimmed(rest)).empty()) {
    const auto equals = rest.find('=');
    if (equals == std::string_view::npos) return out + (out.empty() ? "" : " ") + "…";
    const auto keyword = trimmed(rest.substr(0, equals));
    rest = rest.substr(equals + 1);
    // A blank may stand before the value; another keyword may not.
    while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
    const auto length = value_length(rest);
    if (!out.empty()) out += ' ';
    out += keyword;
    out += '=';
    out += is_secret(keyword) ? kMask : rest.substr(0, length);
    rest.remove_prefix(length);
  }
  return out;
}

/// "scheme://user:secret@host/path?password=secret&a=b": what follows the user's colon, and secret
/// parameters.
std::string masked_uri(std::string_view uri) {
  std::string out;
  const auto start = uri.find("://") + 3;
  // Up to the last @ before the path: a password that should have been percent-encoded may hold
  // one.
  const auto authority = uri.substr(start, uri.find_first_of("/?#", start) - start);
  out = uri.substr(0, start);
  const auto at = authority.rfind('@');
  if (at == std::string_view::npos) {
    // A password with an unencoded / would end up in the path.
    if (uri.substr(start).find('@') != std::string_view::npos) return out + "…";
    out += authority;
  } else {
    const auto user = authority.substr(0, at);
    const auto colon = user.find(':');
    out += user.substr(0, colon);
    if (colon != std::string_view::npos) out.append(":").append(kMask);
    out += authority.substr(at);
  }
  std::string_view rest = uri.substr(start + authority.size());
  const auto question = rest.find('?');
  out += rest.substr(0, question);
  if (question == std::string_view::npos) return out;
  char separator = '?';
  for (const auto& parameter : split(rest.substr(question + 1), '&')) {
    const auto equals = parameter.find('=');
    out += separator;
    separator = '&';
    if (equals != std::string::npos && is_secret(parameter.substr(0, equals)))
      out.append(parameter, 0, equals + 1).append(kMask);
    else
      out += parameter;
  }
  return out;
}

}  // namespace

std::string masked(Secrecy secrecy, std::string_view text) {
  switch (secrecy) {
    case Secrecy::none:
      break;
    case Secrecy::whole:
      return std::string{text.empty() ? "" : kMask};
    case Secrecy::conninfo:
      if (!text.starts_with("postgresql://") && !text.starts_with("postgres://"))
        return masked_keywords(text);
      return masked_uri(text);
    case Secrecy::url:
      if (text.find("://") != std::string_view::npos) return masked_uri(text);
  }
  return std::string{text};
}

}  // namespace muster::catalogue
