#include "schedule/rrule_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "base/text.hpp"
#include "schedule/rrule.hpp"

namespace muster::schedule {
namespace {

constexpr std::size_t kRuleMax = 1024;
constexpr int kIntervalMax = 1000;

using Parts = std::map<std::string, std::string, std::less<>>;

Error wrong(std::string_view part, std::string_view value, std::string_view expected) {
  return Error{fmt::format("{}={}: expected {}", part, printable(value), expected)};
}

/// A whole number, with a sign where one is allowed.
std::optional<int> number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional{value}
                                                                  : std::nullopt;
}

Result<> in_range(const Parts& parts, std::string_view part, int least, int most) {
  const auto at = parts.find(part);
  if (at == parts.end()) return {};
  const auto value = number(at->second);
  if (!value || *value < least || *value > most)
    return wrong(part, at->second, fmt::format("{} to {}", least, most));
  return {};
}

/// Each entry in least..most; `from_end`: also counted from the end, -most..-least.
Result<> list_in_range(const Parts& parts, std::string_view part, int least, int most,
                       bool from_end) {
  const auto at = parts.find(part);
  if (at == parts.end()) return {};
  for (const auto& entry : split(at->second, ',')) {
    const auto value = number(entry);
    const int size = value && *value < 0 && from_end ? -*value : value.value_or(-1);
    if (!value || size < least || size > most)
      return wrong(
          part, entry,
          fmt::format("{} to {}{}", least, most, from_end ? ", or that many from the end" : ""));
  }
  return {};
}

Result<> check_days(const Parts& parts, const std::string& freq) {
  const auto at = parts.find("BYDAY");
  if (at == parts.end()) return {};
  const int most = freq == "MONTHLY" || parts.contains("BYMONTH") ? 5 : 53;
  constexpr std::string_view kDayNames[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
  for (const auto& entry : split(at->second, ',')) {
    const auto day = entry.size() < 2 ? entry : entry.substr(entry.size() - 2);
    const auto nth = entry.substr(0, entry.size() - std::min<std::size_t>(entry.size(), 2));
    if (std::find(std::begin(kDayNames), std::end(kDayNames), day) == std::end(kDayNames))
      return wrong("BYDAY", entry, "MO, 2TU, or -1FR");
    if (nth.empty()) continue;
    const auto value = number(nth);
    if (!value || *value == 0 || *value > most || *value < -most)
      return wrong("BYDAY", entry, fmt::format("a number from 1 to {} or from the end", most));
    if (freq != "MONTHLY" && freq != "YEARLY")
      return wrong("BYDAY", entry, "days without a number here");
  }
  return {};
}

Result<> check_until(const Parts& parts) {
  const auto at = parts.find("UNTIL");
  if (at == parts.end()) return {};
  const auto& text = at->second;
  const bool digits = std::all_of(text.begin(), text.end(), [&](const char& c) {
    return &c - text.data() == 8 ? c == 'T' : c >= '0' && c <= '9';
  });
  if (!digits || (text.size() != 8 && text.size() != 15))
    return wrong("UNTIL", text, "local time: 20271231 or 20271231T235959");
  if (parts.contains("COUNT")) return Error{"both UNTIL and COUNT", "keep one"};
  return {};
}

/// Parts that libraries read differently when they stand together, libical 3.0.16 and dateutil
/// among them (tests/schedule_oracle/ found each): a date that depends on who reads it is none.
/// BYWEEKNO is no part at all, for the same reason.
Result<> check_together(const Parts& parts, const std::string& freq) {
  const auto has = [&](std::string_view part) { return parts.contains(part); };
  const auto days = parts.find("BYMONTHDAY");
  const bool from_end = days != parts.end() && days->second.find('-') != std::string::npos;
  const auto differ = [](std::string_view what, std::string_view hint) {
    return Error{fmt::format("programs read {} differently", what), hint};
  };
  if (has("BYMONTHDAY") && freq == "WEEKLY") return Error{"BYMONTHDAY is not of FREQ=WEEKLY"};
  if (has("BYYEARDAY") && freq != "YEARLY") return Error{"BYYEARDAY is of FREQ=YEARLY"};
  if (has("BYYEARDAY") && has("BYMONTH"))
    return differ("BYYEARDAY with BYMONTH", "BYMONTH with BYMONTHDAY");
  if (has("BYMONTHDAY") && freq == "YEARLY" && !has("BYMONTH"))
    return differ("BYMONTHDAY of a year", "add BYMONTH, or FREQ=MONTHLY");
  if (from_end && freq == "DAILY")
    return differ("a BYMONTHDAY from the end with FREQ=DAILY", "FREQ=MONTHLY;BYMONTHDAY=-1");
  if (from_end && has("BYSETPOS"))
    return differ("a BYMONTHDAY from the end with BYSETPOS", "name the days themselves");
  if (has("BYSETPOS") && (has("BYHOUR") || has("BYMINUTE")))
    return differ("BYSETPOS with BYHOUR or BYMINUTE", "let `start` say the time of the day");
  return {};
}

Result<Parts> parts_of(std::string_view text) {
  constexpr std::string_view kKnown[] = {"FREQ",  "INTERVAL", "COUNT",     "UNTIL",
                                         "WKST",  "BYMONTH",  "BYYEARDAY", "BYMONTHDAY",
                                         "BYDAY", "BYSETPOS", "BYHOUR",    "BYMINUTE"};
  if (text.empty() || text.size() > kRuleMax)
    return Error{fmt::format("a rule has 1 to {} characters", kRuleMax)};
  Parts parts;
  for (const auto& part : split(text, ';')) {
    const auto equals = part.find('=');
    const auto name = part.substr(0, equals);
    if (std::find(std::begin(kKnown), std::end(kKnown), name) == std::end(kKnown)) {
      const std::vector<std::string> right(std::begin(kKnown), std::end(kKnown));
      const auto near = nearest(name, right);
      return Error{
          fmt::format("`{}` is no part of a rule here", printable(name)),
          near.empty() ? "one of " + joined(right, ", ") : fmt::format("did you mean `{}`?", near)};
    }
    if (equals == part.npos || equals + 1 == part.size())
      return Error{fmt::format("`{}` has no value", name)};
    if (!parts.emplace(name, part.substr(equals + 1)).second)
      return Error{fmt::format("`{}` stands there twice", name)};
  }
  return parts;
}

}  // namespace

Result<> check_rrule(std::string_view text) {
  const auto parts = parts_of(text);
  if (!parts) return parts.error();
  const auto freq = parts->find("FREQ");
  if (freq == parts->end()) return Error{"a rule needs FREQ", "FREQ=MONTHLY;BYDAY=2TU"};
  const auto& often = freq->second;
  if (often != "DAILY" && often != "WEEKLY" && often != "MONTHLY" && often != "YEARLY")
    return wrong("FREQ", often, "DAILY, WEEKLY, MONTHLY or YEARLY");
  const auto wkst = parts->find("WKST");
  // libical passes over dates of other weeks (WKST=SA).
  if (wkst != parts->end() && wkst->second != "MO" && wkst->second != "SU")
    return wrong("WKST", wkst->second, "MO or SU");
  if (const auto checked = check_together(*parts, often); !checked) return checked;
  if (parts->contains("BYSETPOS") && parts->size() <= 2)
    return Error{"BYSETPOS chooses among the days of another part", "BYDAY=TU;BYSETPOS=2"};
  for (const auto& checked : {in_range(*parts, "INTERVAL", 1, kIntervalMax),
                              in_range(*parts, "COUNT", 1, Rrule::kCountMax),
                              list_in_range(*parts, "BYMONTH", 1, 12, false),
                              list_in_range(*parts, "BYYEARDAY", 1, 366, true),
                              list_in_range(*parts, "BYMONTHDAY", 1, 31, true),
                              list_in_range(*parts, "BYSETPOS", 1, 366, true),
                              list_in_range(*parts, "BYHOUR", 0, 23, false),
                              list_in_range(*parts, "BYMINUTE", 0, 59, false),
                              check_days(*parts, often), check_until(*parts)})
    if (!checked) return checked.error();
  return {};
}

}  // namespace muster::schedule
