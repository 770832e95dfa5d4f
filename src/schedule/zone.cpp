#include "schedule/zone.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>

#include "base/text.hpp"

namespace muster::schedule {
namespace {

using namespace std::chrono;

constexpr std::size_t kNameMax = 64;

std::vector<std::string> read_index() {
  const char* folder = std::getenv("TZDIR");
  std::ifstream in{std::string{folder && *folder ? folder : "/usr/share/zoneinfo"} + "/tzdata.zi"};
  std::vector<std::string> names;
  for (std::string line; std::getline(in, line);) {
    // "Z NAME OFFSET …" is a zone, "L ZONE NAME" another name of one.
    const auto words = split(line, ' ');
    if (words.size() > 2 && words[0] == "Z") names.push_back(words[1]);
    if (words.size() > 2 && words[0] == "L") names.push_back(words[2]);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (auto& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// Also of "berlin" and "europe/berlin".
std::string nearest_zone(std::string_view word) {
  const auto wanted = lower(word);
  for (const auto& name : zone_names())
    if (lower(name) == wanted || lower(name).ends_with("/" + wanted)) return name;
  return nearest(word, zone_names());
}

bool could_be_name(std::string_view name) {
  return !name.empty() && name.size() <= kNameMax && name.front() != '/' &&
         name.find("..") == name.npos && name != "localtime" && name != "Factory" &&
         !name.starts_with("posix") && !name.starts_with("right/") &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) || c == '/' || c == '_' || c == '-' || c == '+';
         });
}

absl::Time absl_time(WallTime at) {
  return absl::FromUnixSeconds(floor<seconds>(at).time_since_epoch().count());
}

WallTime wall(absl::Time at) {
  return WallTime{seconds{absl::ToUnixSeconds(at)}};
}

LocalTime local_of(const absl::CivilSecond& cs) {
  return LocalTime{seconds{cs - absl::CivilSecond{1970, 1, 1}}};
}

}  // namespace

const std::vector<std::string>& zone_names() {
  static const std::vector<std::string> names = read_index();
  return names;
}

Result<Zone> Zone::find(std::string_view name) {
  const auto& names = zone_names();
  const bool known = could_be_name(name) &&
                     (names.empty() || std::binary_search(names.begin(), names.end(), name));
  absl::TimeZone zone;
  if (known && absl::LoadTimeZone(std::string{name}, &zone)) return Zone{std::string{name}, zone};
  if (known)
    return Error{fmt::format("the time zone '{}' cannot be read", name),
                 "install tzdata, and on Debian 13 tzdata-legacy for old names"};
  const auto near = nearest_zone(name);
  return Error{fmt::format("there is no time zone '{}'", printable(bounded(name, kNameMax))),
               near.empty() ? std::string{"write its IANA name: Europe/Berlin"}
                            : fmt::format("did you mean `{}`?", near)};
}

Zone Zone::utc() {
  return Zone{"UTC", absl::UTCTimeZone()};
}

Zone::Resolved Zone::resolve(LocalTime local) const {
  const auto info = zone_.At(absl::CivilSecond{1970, 1, 1} +
                             static_cast<absl::civil_diff_t>(local.time_since_epoch().count()));
  switch (info.kind) {
    case absl::TimeZone::TimeInfo::SKIPPED:
      return {Resolved::Is::left_out, wall(info.pre), wall(info.pre)};
    case absl::TimeZone::TimeInfo::REPEATED:
      return {Resolved::Is::twice, wall(info.pre), wall(info.post)};
    case absl::TimeZone::TimeInfo::UNIQUE:
      break;
  }
  return {Resolved::Is::once, wall(info.pre), wall(info.pre)};
}

LocalTime Zone::local(WallTime at) const {
  return local_of(zone_.At(absl_time(at)).cs);
}

seconds Zone::offset(WallTime at) const {
  return seconds{zone_.At(absl_time(at)).offset};
}

std::string Zone::text(WallTime at) const {
  const auto east = duration_cast<minutes>(offset(at)).count();
  const auto size = east < 0 ? -east : east;
  auto local_text = format_local(local(at));
  local_text[10] = ' ';
  return fmt::format("{} {}{:02}:{:02} {}", local_text, east < 0 ? '-' : '+', size / 60, size % 60,
                     name_);
}

}  // namespace muster::schedule
