#include "journal/person.hpp"

#include "base/json.hpp"

namespace muster::journal {
namespace {

constexpr std::size_t kDigits = 64;
constexpr std::size_t kErasedDigits = 8;

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t n = 0;
  while (at + n < text.size() && is_hex(text[at + n])) ++n;
  return n;
}

}  // namespace

Digest commitment_of(const Person& person) {
  std::string bytes{view(person.salt)};
  bytes += person.value;
  return sha256(bytes);
}

std::string committed(const Digest& commitment) {
  return std::string{kCommitted} + hex(commitment);
}

std::string erased(const Digest& commitment) {
  return std::string{kErased} + hex(commitment).substr(0, kErasedDigits);
}

std::string for_people(std::string text) {
  for (auto at = text.find(kErased); at != text.npos; at = text.find(kErased, at + 1)) {
    const auto digits = at + kErased.size();
    if (digits_at(text, digits) != kErasedDigits) continue;
    const auto shown = "(erased person " + text.substr(digits, kErasedDigits) + ")";
    text.replace(at, kErased.size() + kErasedDigits, shown);
  }
  return text;
}

void each_commitment(std::string_view bytes,
                     const std::function<void(std::size_t, const Digest&)>& each) {
  for (auto at = bytes.find(kCommitted); at != bytes.npos; at = bytes.find(kCommitted, at + 1)) {
    const auto digits = at + kCommitted.size();
    if (digits_at(bytes, digits) != kDigits) continue;
    if (const auto digest = digest_from_hex(std::string{bytes.substr(digits, kDigits)}))
      each(at, *digest);
  }
}

std::string person_key(const Digest& commitment) {
  return std::string{kPersonRows} + hex(commitment);
}

ports::Row person_row(const Person& person) {
  Json j{{"salt", hex(person.salt)}, {"value", person.value}};
  if (person.is_text) j["text"] = true;
  return {person_key(commitment_of(person)), j.dump()};
}

Result<Person> read_person(const ports::Row& row) {
  const Error wrong{"the row '" + row.key + "' holds no salt and value",
                    "`muster audit verify` tells which entries are concerned"};
  const auto json = parse_json(row.value);
  if (!json || !json->is_object() || !json->contains("salt") || !json->contains("value"))
    return wrong;
  const auto &salt = json->at("salt"), &value = json->at("value");
  if (!salt.is_string() || !value.is_string()) return wrong;
  const auto digest = digest_from_hex(salt.get<std::string>());
  if (!digest) return wrong;
  return Person{*digest, value.get<std::string>(), json->contains("text")};
}

std::string known_key(const std::string& value) {
  return "person.known/" + hex(sha256(value));
}

std::vector<std::string> rows_of(const Person& person) {
  return {person_key(commitment_of(person)), known_key(person.value)};
}

}  // namespace muster::journal
