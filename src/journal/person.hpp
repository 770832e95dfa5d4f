// How a person is named in the record so that the name can be erased and the record stays provable
// (GDPR, article 17): an entry holds `person:` and the hex of SHA-256(salt || value), a commitment;
// salt and value stand in a row of the store. Without the row what is left is a number that nobody
// can guess: the salt has 32 random bytes. Pure. docs/personal.md tells the whole of it.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "ports/store.hpp"

namespace muster::journal {

inline constexpr std::string_view kCommitted = "person:";  ///< 64 hex digits follow
inline constexpr std::string_view kErased = "erased:";     ///< the first 8 of them follow

/// What a commitment stands for. One value has one salt in a store, so that equal persons are
/// equal.
struct Person {
  Digest salt{};
  std::string value;     ///< "unix:ana", "ana", or a whole text that names somebody
  bool is_text = false;  ///< a text: nobody is called so
  bool operator==(const Person&) const = default;
};

Digest commitment_of(const Person& person);
/// As entries hold it.
std::string committed(const Digest& commitment);
/// As it is read when salt and value are gone; the same number for the same person.
std::string erased(const Digest& commitment);
/// "(erased person 1a2b3c4d)" for every "erased:1a2b3c4d" in a text for people.
std::string for_people(std::string text);

/// Each commitment in these bytes: where it begins, and which. No hex digit follows one.
void each_commitment(std::string_view bytes,
                     const std::function<void(std::size_t at, const Digest&)>& each);
inline constexpr std::size_t kCommittedBytes = 7 + 64;

/// `person/COMMITMENT`: salt and value, as JSON. What makes the row a person's to erase.
std::string person_key(const Digest& commitment);
inline constexpr std::string_view kPersonRows = "person/";
ports::Row person_row(const Person& person);
/// The commitment is the row's name; whether they fit is asked of `commitment_of`.
Result<Person> read_person(const ports::Row& row);
/// `person.known/SHA-256 of the value`: guards that two writers do not give one value two salts.
std::string known_key(const std::string& value);

/// Both rows of a person: what is erased.
std::vector<std::string> rows_of(const Person& person);

}  // namespace muster::journal
