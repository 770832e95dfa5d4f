#include <fmt/format.h>

#include <charconv>

#include "base/text.hpp"
#include "catalogue/restore_evidence.hpp"

namespace muster::catalogue {
namespace {

/// A record's keys are ASCII: what else a target puts there becomes visible \xNN.
std::string key_of(const std::string& said) {
  std::string key;
  for (const char c : said) {
    const auto byte = static_cast<unsigned char>(c);
    key += byte < ' ' || byte > '~' ? fmt::format("\\x{:02x}", byte) : std::string(1, c);
  }
  return key;
}

}  // namespace

std::map<std::string, std::string> fields_of(std::string_view evidence) {
  std::map<std::string, std::string> fields;
  for (const auto& line : split(evidence, '\n'))
    if (const auto equals = line.find('='); equals != std::string::npos && equals > 0)
      fields.try_emplace(line.substr(0, equals), line.substr(equals + 1));
  return fields;
}

std::string value_of(const std::map<std::string, std::string>& fields, const std::string& key) {
  const auto it = fields.find(key);
  return it == fields.end() ? std::string{} : it->second;
}

std::uint64_t number_of(const std::map<std::string, std::string>& fields, const std::string& key) {
  const auto text = value_of(fields, key);
  std::uint64_t n = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), n);
  return problem == std::errc{} && end == text.data() + text.size() ? n : 0;
}

Json json_of(const std::map<std::string, std::string>& fields) {
  Json object = Json::object();
  for (const auto& [key, value] : fields) object[key_of(key)] = bounded(printable(value), 4096);
  return object;
}

}  // namespace muster::catalogue
