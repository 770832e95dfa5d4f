// Names of people and hosts, and what is told instead of them. Internal to report/.
#pragma once
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "report/record.hpp"

namespace muster::report {

inline constexpr std::string_view kLeftOut = "[left out]";

/// Where the data of entries names a person.
inline constexpr std::array kPersonKeys{"person", "holder",         "deputy", "before",
                                        "who",    "escalated_from", "owner",  "principal"};

/// Stable within one report: the same name is the same pseudonym in every file of it.
class Names {
 public:
  /// Learns everybody and everything that the record names. `pseudonyms`: else names stay, and only
  /// addresses are left out.
  Names(const Record& record, bool pseudonyms);

  /// "Person A" for "ana" and "unix:ana" alike; names of roles, "muster" and "" stay.
  std::string person(std::string_view said) const;
  /// "host-1"; "controller" and "" stay.
  std::string host(std::string_view said) const;
  /// Every name within a text, and what looks like an address, a path or a mail address.
  std::string text(std::string_view said) const;
  bool is_host(std::string_view said) const { return hosts_.contains(std::string{said}); }

 private:
  void learn_person(std::string_view said);
  void learn_word(const std::string& word, const std::string& instead);
  void learn_plan(const plan::Plan& plan);
  void learn_entry(const Json& data);

  bool pseudonyms_;
  std::vector<std::string> kept_;  // words of the drill's own: roles, services
  std::map<std::string, std::string> people_, hosts_;
  std::size_t persons_ = 0;  // fewer than names: an id, an account and a name are one
  std::vector<std::pair<std::string, std::string>> words_;  // longest first
};

}  // namespace muster::report
