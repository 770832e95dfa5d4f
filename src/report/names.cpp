#include "report/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "report/data.hpp"

namespace muster::report {
namespace {

/// "ana" of "unix:ana".
std::string_view bare(std::string_view principal) {
  const auto at = principal.find(':');
  return at == std::string_view::npos ? principal : principal.substr(at + 1);
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || (static_cast<unsigned char>(c) & 0x80);
}

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

bool same_at(std::string_view text, std::size_t at, std::string_view word) {
  if (text.size() - at < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i)
    if (lower(text[at + i]) != lower(word[i])) return false;
  const bool begins = at == 0 || !is_word(text[at - 1]) || !is_word(word.front());
  const std::size_t end = at + word.size();
  return begins && (end == text.size() || !is_word(text[end]) || !is_word(word.back()));
}

/// A run of characters without blanks, quotes and brackets.
bool ends_token(char c) {
  return std::isspace(static_cast<unsigned char>(c)) ||
         std::string_view{"\"'`()[]{}<>,;="}.find(c) != std::string_view::npos;
}

bool is_ipv4(std::string_view t) {
  std::size_t digits = 0, dots = 0;
  for (const char c : t.substr(0, t.find_first_of(":/"))) {
    if (c == '.')
      ++dots, digits = 0;
    else if (!std::isdigit(static_cast<unsigned char>(c)) || ++digits > 3)
      return false;
  }
  return dots == 3 && digits > 0;
}

/// At least two colons and nothing but hex digits and colons; a time of day has no letter and at
/// most two colons.
bool is_ipv6(std::string_view t) {
  const auto colons = std::count(t.begin(), t.end(), ':');
  const bool hex = std::all_of(t.begin(), t.end(), [](char c) {
    return c == ':' || c == '%' || c == '.' || std::isxdigit(static_cast<unsigned char>(c));
  });
  const bool letters = std::any_of(
      t.begin(), t.end(), [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; });
  return hex && colons >= 2 && (letters || colons > 2 || t.find("::") != std::string_view::npos);
}

bool leads_to_a_machine(std::string_view t) {
  while (!t.empty() && (t.back() == '.' || t.back() == ':')) t.remove_suffix(1);
  if (t.size() < 2) return false;
  if (t.find("://") != std::string_view::npos || t.find('@') != std::string_view::npos) return true;
  return t.front() == '/' || t.starts_with("~/") || is_ipv4(t) || is_ipv6(t);
}

std::string without_addresses(std::string_view said) {
  std::string out;
  for (std::size_t at = 0; at < said.size();) {
    std::size_t end = at;
    while (end < said.size() && !ends_token(said[end])) ++end;
    const auto token = said.substr(at, end - at);
    out += leads_to_a_machine(token) ? kLeftOut : token;
    if (end < said.size()) out += said[end++];
    at = end;
  }
  return out;
}

}  // namespace

Names::Names(const Record& record, bool pseudonyms) : pseudonyms_{pseudonyms} {
  learn_plan(record.plan);
  for (const auto& e : record.entries) {
    learn_person(e.actor.principal);
    learn_person(e.actor.on_behalf_of);
    learn_entry(e.data);
    if (const auto& h = e.target.host; !h.empty() && h != "controller" && !hosts_.contains(h)) {
      hosts_[h] = fmt::format("host-{}", hosts_.size() + 1);
      learn_word(h, hosts_[h]);
    }
  }
  std::stable_sort(words_.begin(), words_.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

void Names::learn_plan(const plan::Plan& plan) {
  for (const auto& r : plan.roles) kept_.push_back(r.name);
  for (const auto& s : plan.services) kept_.push_back(s.name);
  for (const auto& d : plan.detections) kept_.push_back(d.alert);
  for (const auto& [name, host] : plan.hosts) {
    const auto& a = host.address;
    if (name != "controller") {
      hosts_.emplace(name, fmt::format("host-{}", hosts_.size() + 1));
      learn_word(name, hosts_[name]);
      learn_word(a.address, hosts_[name]);
    }
    learn_word(a.user, std::string{kLeftOut});
    learn_word(a.key_file, std::string{kLeftOut});
  }
  auto everybody = plan.people;
  everybody.insert(everybody.end(), plan.approvers.begin(), plan.approvers.end());
  for (const auto& p : everybody) {
    learn_person(p.id);
    const auto known = people_.find(p.id);
    // One whose id is a role's name keeps it; their own name does not stay.
    const std::string instead = known == people_.end() ? std::string{kLeftOut} : known->second;
    for (const auto& other : {p.unix_user, p.name}) {
      if (other.empty()) continue;
      people_.emplace(other, instead);
      learn_word(other, instead);
    }
  }
  for (const auto& r : plan.roles) {
    learn_person(r.holder);
    learn_person(r.deputy);
  }
  learn_person(plan.owner);
}

void Names::learn_entry(const Json& data) {
  if (!data.is_object()) return;
  for (const auto* key : kPersonKeys) learn_person(text_in(data, key));
}

void Names::learn_person(std::string_view said) {
  const std::string name{bare(said)};
  if (name.empty() || name == "muster" || people_.contains(name)) return;
  if (std::find(kept_.begin(), kept_.end(), name) != kept_.end()) return;  // a role's own name
  const std::size_t n = persons_++;
  const std::string letter(1, static_cast<char>('A' + n % 26));
  people_[name] = "Person " + letter + (n < 26 ? "" : std::to_string(n / 26 + 1));
  learn_word(std::string{said}, people_[name]);
  learn_word(name, people_[name]);
}

void Names::learn_word(const std::string& word, const std::string& instead) {
  if (word.empty() || std::find(kept_.begin(), kept_.end(), word) != kept_.end()) return;
  const bool known =
      std::any_of(words_.begin(), words_.end(), [&](const auto& w) { return w.first == word; });
  if (!known) words_.emplace_back(word, instead);
}

std::string Names::person(std::string_view said) const {
  const auto it = pseudonyms_ ? people_.find(std::string{bare(said)}) : people_.end();
  return it == people_.end() ? std::string{said} : it->second;
}

std::string Names::host(std::string_view said) const {
  const auto it = pseudonyms_ ? hosts_.find(std::string{said}) : hosts_.end();
  return it == hosts_.end() ? std::string{said} : it->second;
}

std::string Names::text(std::string_view said) const {
  if (!pseudonyms_) return without_addresses(said);
  std::string out;
  for (std::size_t at = 0; at < said.size();) {
    const auto it = std::find_if(words_.begin(), words_.end(),
                                 [&](const auto& w) { return same_at(said, at, w.first); });
    if (it == words_.end()) {
      out += said[at++];
    } else {
      out += it->second;
      at += it->first.size();
    }
  }
  return without_addresses(out);
}

}  // namespace muster::report
