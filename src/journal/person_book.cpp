#include "journal/person_book.hpp"

#include <openssl/rand.h>

#include <cctype>
#include <stdexcept>
#include <utility>

#include "base/json.hpp"

namespace muster::journal {
namespace {

constexpr std::size_t kNameBytesMin = 2;  // one letter is a word of every text

bool in_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) ||
         (static_cast<unsigned char>(c) & 0x80) != 0 ||
         std::string_view{"_-.:@+"}.find(c) != std::string_view::npos;
}

bool is_erased(std::string_view value) {
  return value.starts_with(kErased) && value.size() == kErased.size() + 8;
}

bool names_nobody(std::string_view value) {
  return value.empty() || value == "muster" || value == "schedule" || is_erased(value);
}

bool reads_like_one(std::string_view text) {
  bool found = false;
  each_commitment(text, [&](std::size_t, const Digest&) { found = true; });
  return found;
}

}  // namespace

SaltSource system_salts() {
  return [] {
    Digest salt;
    // A salt that can be guessed is none: there is nothing sane to go on with.
    if (RAND_bytes(salt.bytes.data(), static_cast<int>(salt.bytes.size())) != 1)
      throw std::runtime_error("the operating system gives no random bytes");
    return salt;
  };
}

void each_word(std::string_view text,
               const std::function<void(std::size_t, std::string_view)>& each) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && in_word(text[end])) ++end;
    if (end > at) each(at, text.substr(at, end - at));
    at = end + 1;
  }
}

void PersonBook::learn(const ports::Row& row) {
  const auto person = read_person(row);
  if (!person || row.key != person_key(commitment_of(*person))) return;
  people_[person->value] = {*person, commitment_of(*person), true};
  used_.erase(person->value);
  sent_.erase(person->value);
  if (!person->is_text) add_name(person->value);
}

/// "unix:ana" is searched for, and so is "ana"; the names of accounts that are nobody's are not.
void PersonBook::add_name(const std::string& value) {
  if (value.size() >= kNameBytesMin) names_.insert(value);
  const auto bare = value.substr(value.find(':') + 1);
  if (bare != value && bare != "root" && bare.size() >= kNameBytesMin) names_.insert(bare);
}

std::string PersonBook::commitment(const std::string& value, bool is_text) {
  auto it = people_.find(value);
  if (it == people_.end()) {
    // What has no canonical form is refused with the entry, as it is.
    if (!canonical_json(Json(value))) return value;
    Person person{salts_(), value, is_text};
    const auto made = commitment_of(person);
    it = people_.emplace(value, Known{std::move(person), made, false}).first;
    if (!is_text) add_name(value);
  }
  // It may have stood as a text before: a drill's owner.
  if (!is_text && it->second.person.is_text) add_name(value);
  if (!it->second.durable) used_.insert(value);
  return committed(it->second.commitment);
}

std::string PersonBook::field(const std::string& value) {
  return names_nobody(value) ? value : commitment(value, false);
}

std::string PersonBook::whole(const std::string& text) {
  return text.empty() ? text : commitment(text, true);
}

std::string PersonBook::plain(const std::string& text) {
  std::string out;
  std::size_t done = 0;
  each_commitment(text, [&](std::size_t at, const Digest&) {
    if (at < done) return;
    out += text.substr(done, at - done);
    out += commitment(text.substr(at, kCommittedBytes), true);
    done = at + kCommittedBytes;
  });
  return out + text.substr(done);
}

std::string_view PersonBook::name_in(std::string_view word) const {
  if (names_.contains(word)) return word;
  constexpr std::string_view kAround = ".:-_+@";
  while (!word.empty() && kAround.find(word.back()) != kAround.npos) word.remove_suffix(1);
  while (!word.empty() && kAround.find(word.front()) != kAround.npos) word.remove_prefix(1);
  if (names_.contains(word)) return word;
  const auto bare = word.substr(word.find(':') + 1);
  return bare != word && names_.contains(bare) ? bare : std::string_view{};
}

bool PersonBook::names_somebody(std::string_view text) const {
  bool found = false;
  each_word(text,
            [&](std::size_t, std::string_view word) { found = found || !name_in(word).empty(); });
  return found;
}

std::string PersonBook::text(const std::string& text) {
  // Both at once could meet in one word: then it is kept as one.
  if (reads_like_one(text)) return names_somebody(text) ? whole(text) : plain(text);
  std::string out;
  std::size_t done = 0;
  const std::string_view all{text};
  each_word(text, [&](std::size_t, std::string_view word) {
    const auto name = name_in(word);
    if (name.empty()) return;
    const auto from = static_cast<std::size_t>(name.data() - all.data());
    out += all.substr(done, from - done);
    out += commitment(std::string{name}, false);
    done = from + name.size();
  });
  return out + text.substr(done);
}

void PersonBook::add_to(ports::Batch& batch) {
  sent_ = std::exchange(used_, {});
  for (const auto& value : sent_) {
    const auto& known = people_.at(value);
    auto row = person_row(known.person);
    batch.guards.push_back({known_key(value), std::nullopt});
    batch.puts.push_back({known_key(value), hex(known.commitment)});
    batch.puts.push_back({std::move(row.key), std::move(row.value)});
  }
}

void PersonBook::landed() {
  for (const auto& value : sent_)
    if (const auto it = people_.find(value); it != people_.end()) it->second.durable = true;
  sent_.clear();
}

void PersonBook::forget_new() {
  std::erase_if(people_, [](const auto& one) { return !one.second.durable; });
  used_.clear();
  sent_.clear();
}

}  // namespace muster::journal
