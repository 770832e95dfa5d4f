#include "cli/sudo_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace muster::cli {

namespace {

constexpr std::size_t kNameBytesMax = 100;

/// What is no letter, digit or one of ._- means something in a sudoers file.
std::string escaped(const std::string& user) {
  std::string out;
  for (const char c : user) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '_' || c == '-';
    out += plain ? std::string{c} : std::string{'\\', c};
  }
  return out;
}

bool any_holds(const std::vector<SudoRules>& all) {
  return std::any_of(all.begin(), all.end(), [](const auto& r) { return r.gate.holds; });
}

}  // namespace

std::string sudoers_name(const SudoRules& rules) {
  std::string name = "muster-" + joined(rules.drills, "+");
  std::replace(name.begin(), name.end(), '.', '_');
  if (name.size() > kNameBytesMax)
    name = name.substr(0, kNameBytesMax) + "-" + hex(sha256(name)).substr(0, 8);
  return name;
}

std::string sudoers_rule(const SudoRules& rules) {
  return fmt::format("{} ALL=({}) {}: sha256:{} {} \"\"", escaped(rules.user),
                     escaped(rules.run_as), rules.asks ? "PASSWD" : "NOPASSWD",
                     hex(rules.gate.sha256), rules.path);
}

std::string sudoers_file(const SudoRules& rules) {
  return fmt::format(
      "# Made by `muster sudoers {}`. The gate does what these drills ask of this host, and "
      "nothing "
      "else; with any\n# argument, and with another content than this SHA-256, sudo does not start "
      "it.\n{}\n",
      joined(rules.drills, " "), sudoers_rule(rules));
}

std::string text_of(const SudoRules& rules) {
  std::string out = fmt::format(
      "{}: {} may become {} for this, and for nothing else\n"
      "  the gate   {}, root:root 0755, SHA-256 {}\n"
      "  the rule   /etc/sudoers.d/{}, root:root 0440\n"
      "             {}\n",
      rules.host, rules.user, rules.run_as, rules.path, hex(rules.gate.sha256), sudoers_name(rules),
      sudoers_rule(rules));
  out +=
      "  allows     facts, the host's lock, leases, reverts, survey and sweep    (every drill)\n";
  for (const auto& need : rules.gate.needs)
    out += fmt::format("             {}    ({}: {})\n", printable(need.what), need.drill,
                       printable(need.step));
  if (!rules.in_use)
    out +=
        "  NOT IN USE the inventory does not say `muster_gate` there: Muster would start a shell\n";
  return out;
}

Json json_of(const SudoRules& rules) {
  Json needs = Json::array();
  for (const auto& need : rules.gate.needs)
    needs.push_back({{"drill", need.drill}, {"what", need.what}, {"step", need.step}});
  return {{"host", rules.host},
          {"user", rules.user},
          {"run_as", rules.run_as},
          {"in_use", rules.in_use},
          {"gate",
           {{"path", rules.path},
            {"owner", "root"},
            {"group", "root"},
            {"mode", "0755"},
            {"sha256", hex(rules.gate.sha256)},
            {"ids", rules.gate.ids},
            {"text", rules.gate.text}}},
          {"sudoers",
           {{"path", "/etc/sudoers.d/" + sudoers_name(rules)},
            {"owner", "root"},
            {"group", "root"},
            {"mode", "0440"},
            {"rules", Json::array({sudoers_rule(rules)})},
            {"text", sudoers_file(rules)}}},
          {"holds", rules.gate.holds},
          {"needs", std::move(needs)}};
}

std::string what_it_allows(const std::vector<SudoRules>& all) {
  std::string out =
      "Whoever has the SSH key of such a user can do what is listed, on that host, whenever and as "
      "often as they like;\nundo what Muster has armed there, of any run; and nothing else as "
      "another user. What they inject ends with its\nlease (an hour at most without a renewal) or "
      "at its limit.";
  if (any_holds(all))
    out += " Where a drill has a step of no return they can also leave it in effect.";
  return out + "\nTo be installed by you, the gate first: docs/sudo.md.";
}

}  // namespace muster::cli
