// Who exists, and how they prove it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "model/text.hpp"

namespace muster::model {

struct Person {
  std::string id;  ///< The word by which drills name the person.
  Place place;
  std::string name;
  std::string unix_user;  ///< Empty: cannot be recognised by the kernel's uid.
  std::string ssh_key;    ///< "ssh-ed25519 AAAA…", without a comment; empty: cannot sign.
  std::string timezone;   ///< IANA name; empty: UTC.
  std::vector<std::string> teams;
  bool service = false;  ///< A machine: it never approves.
};

/// Whoever holds this role holds no other one: they direct, and do nothing else (reference:
/// gameday).
inline constexpr std::string_view kIncidentCommander = "incident_commander";

struct People {
  std::vector<Person> persons;
  const Person* find(std::string_view id) const;
  /// Whose `unix:` that is; nullptr when nobody's.
  const Person* with_unix_user(std::string_view user) const;
  std::vector<std::string> ids() const;
};

/// Adds the persons of one `people:` map.
void read_people(const config::Node& node, People& people, Diagnostics& out);

}  // namespace muster::model
