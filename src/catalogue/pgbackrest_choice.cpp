#include "catalogue/pgbackrest_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace muster::catalogue::pgbackrest {
namespace {

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 63 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) || c == '_' || c == '-' || c == '.';
         });
}

/// Ended early enough to recover from it to the target.
bool reaches(const Backup& b, const Target& to) {
  if (to.kind == Target::Kind::time) return b.stopped <= *to.at;
  if (to.kind == Target::Kind::lsn) {
    const auto stop = parse_lsn(b.lsn_stop);
    return stop && *stop <= to.lsn;
  }
  return true;
}

/// One step of splitmix64: neighbouring seeds give unrelated numbers.
std::uint64_t scattered(std::uint64_t seed) {
  std::uint64_t z = seed + 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

const Backup* pick(const std::vector<const Backup*>& usable, std::string_view wanted,
                   std::uint64_t seed) {
  if (wanted == "newest") return usable.back();
  if (wanted == "oldest") return usable.front();
  if (wanted == "random") {
    const std::size_t inner = usable.size() > 2 ? 1 : 0;  // the ends have words of their own
    return usable[inner + scattered(seed) % (usable.size() - 2 * inner)];
  }
  const auto it = std::find_if(usable.begin(), usable.end(),
                               [&](const Backup* b) { return b->label == wanted; });
  return it == usable.end() ? nullptr : *it;
}

}  // namespace

std::string_view name_of(Target::Kind kind) {
  switch (kind) {
    case Target::Kind::latest:
      return "latest";
    case Target::Kind::immediate:
      return "immediate";
    case Target::Kind::time:
      return "time";
    case Target::Kind::lsn:
      return "lsn";
    case Target::Kind::name:
      return "name";
  }
  return "";
}

std::optional<std::uint64_t> parse_lsn(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return {};
  std::uint64_t value = 0;
  for (const std::string_view half : {text.substr(0, slash), text.substr(slash + 1)}) {
    std::uint32_t part = 0;
    const auto [end, problem] = std::from_chars(half.data(), half.data() + half.size(), part, 16);
    if (problem != std::errc{} || end != half.data() + half.size()) return {};
    value = value << 32 | part;
  }
  return value;
}

Result<Target> parse_target(std::string_view to) {
  if (to.empty() || to == "latest") return Target{};
  if (to.starts_with("lsn:")) {
    const auto lsn = parse_lsn(to.substr(4));
    if (!lsn) return Error{fmt::format("'{}' is not a log position", to), "write lsn:0/5000028"};
    return Target{Target::Kind::lsn, std::string{to.substr(4)}, {}, *lsn};
  }
  if (to.starts_with("name:")) {
    if (!is_word(to.substr(5)))
      return Error{fmt::format("'{}' is not the name of a restore point", to),
                   "letters, digits, _ - ., at most 63"};
    return Target{Target::Kind::name, std::string{to.substr(5)}, {}, 0};
  }
  const auto at = parse_utc(to);
  if (!at)
    return Error{
        fmt::format("'{}' is not a point to restore to", to),
        "write latest, a time (2026-11-22T21:15:05Z), lsn:0/5000028 or name:before_upgrade"};
  std::string text = format_utc(*at);  // pgBackRest wants 2026-11-22 21:15:05.482787+00
  text.replace(text.find('T'), 1, " ");
  text.replace(text.find('Z'), 1, "+00");
  return Target{Target::Kind::time, std::move(text), *at, 0};
}

Result<std::vector<Round>> choose(const Info& info, std::span<const std::string> wanted,
                                  const Target& to, std::uint64_t seed) {
  std::vector<const Backup*> usable;
  for (const Backup& b : info.backups)
    if (!b.error && reaches(b, to)) usable.push_back(&b);
  if (usable.empty())
    return Error{fmt::format(
        "none of the {} backups is without page errors and ended before the point asked for",
        info.backups.size())};
  std::vector<Round> rounds;
  for (const std::string& one : wanted) {
    const Backup* chosen = pick(usable, one, seed);
    if (!chosen)
      return Error{
          fmt::format("backup '{}' is not in the repository, has page errors, or ended after the "
                      "point asked for",
                      one)};
    Round round{*chosen, one, to};
    if (to.kind == Target::Kind::latest && (one == "oldest" || one == "random"))
      round.target.kind = Target::Kind::immediate;
    const auto same = std::find_if(rounds.begin(), rounds.end(), [&](const Round& r) {
      return r.backup.label == round.backup.label && r.target == round.target;
    });
    if (same == rounds.end())
      rounds.push_back(std::move(round));
    else
      same->asked_for += ", " + one;
  }
  return rounds;
}

}  // namespace muster::catalogue::pgbackrest
