#include "model/people.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "config/map.hpp"
#include "model/shapes.hpp"

namespace muster::model {

const Person* People::find(std::string_view id) const {
  for (const auto& person : persons)
    if (person.id == id) return &person;
  return nullptr;
}

const Person* People::with_unix_user(std::string_view user) const {
  for (const auto& person : persons)
    if (person.unix_user == user && !user.empty()) return &person;
  return nullptr;
}

std::vector<std::string> People::ids() const {
  std::vector<std::string> out;
  for (const auto& person : persons) out.push_back(person.id);
  return out;
}

namespace {

/// "TYPE BASE64" of a line of a .pub file; nothing else of it is ever used, so nothing else of it
/// can get into the list of who may sign.
std::string read_key(const config::Map& map, const std::string& written, Diagnostics& out) {
  const auto words = split(written, ' ');
  const auto blob = words.size() < 2 ? std::nullopt : from_base64(words[1]);
  const bool named = !words[0].empty() && std::all_of(words[0].begin(), words[0].end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '@' || c == '.' || c == '-';
  });
  // A key begins with its own type, and that type's length (RFC 4253, 6.6).
  if (named && blob && blob->size() > 4 + words[0].size() &&
      std::string_view{*blob}.substr(4, words[0].size()) == words[0])
    return words[0] + " " + words[1];
  out.error(map.value_place("ssh_key"), "this is no SSH public key",
            "the line of a .pub file: ssh-ed25519 AAAA… (never a private key)");
  return {};
}

/// Who acted must be one person: the same login, or the same key, of two is an error.
void refuse_double(const People& people, const Person& person, Diagnostics& out) {
  for (const auto& other : people.persons) {
    const bool login = !person.unix_user.empty() && other.unix_user == person.unix_user;
    const bool key = !person.ssh_key.empty() && other.ssh_key == person.ssh_key;
    if (login || key)
      out.error(person.place,
                fmt::format("`{}` and `{}` have the same {}", person.id, other.id,
                            login ? "unix user" : "SSH key"),
                "who acted must be one person");
  }
}

}  // namespace

void read_people(const config::Node& node, People& people, Diagnostics& out) {
  if (!node.is_map())
    out.error(node.place, "expected people (a map), found " + config::description(node));
  for (const auto& entry : node.entries) {
    config::Map map{entry.value, person_shape(), out};
    Person person;
    person.id = entry.key;
    person.place = entry.place;
    if (!config::is_name(person.id))
      out.error(entry.place, fmt::format("`{}` is not a name", person.id));
    person.name = map.required<std::string>("name");
    person.unix_user = map.or_default<std::string>("unix");
    if (const auto key = map.optional<std::string>("ssh_key"))
      person.ssh_key = read_key(map, *key, out);
    person.timezone = map.or_default<std::string>("timezone");
    person.teams = map.or_default<std::vector<std::string>>("teams");
    person.service = map.or_default<bool>("service");
    map.finish();
    if (people.find(person.id)) {
      out.error(entry.place, fmt::format("there are two persons `{}`", person.id));
      continue;
    }
    refuse_double(people, person, out);
    people.persons.push_back(std::move(person));
  }
}

}  // namespace muster::model
