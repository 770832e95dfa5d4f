#include "model/people.hpp"

#include <fmt/format.h>

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
    person.ssh_key = map.or_default<std::string>("ssh_key");
    person.timezone = map.or_default<std::string>("timezone");
    person.teams = map.or_default<std::vector<std::string>>("teams");
    map.finish();
    if (people.find(person.id))
      out.error(entry.place, fmt::format("there are two persons `{}`", person.id));
    else if (const auto* other = people.with_unix_user(person.unix_user))
      out.error(entry.place,
                fmt::format("`{}` and `{}` have the same unix user", person.id, other->id),
                "who acted must be one person");
    else
      people.persons.push_back(std::move(person));
  }
}

}  // namespace muster::model
