#include "schedule/feed.hpp"

#include <fmt/format.h>
#include <libical/ical.h>

#include <algorithm>
#include <map>
#include <memory>

#include "base/digest.hpp"
#include "schedule/freeze.hpp"
#include "schedule/ical.hpp"

namespace muster::schedule {

using namespace std::chrono;

namespace {

constexpr const char* kProduct = "-//Muster//drills//EN";
constexpr const char* kSurprise = "A drill may be held";

/// One event as it is published.
struct Published {
  std::string uid;
  Interval when;
  bool opaque_to_people = false;
  std::string title, description;
  bool cancelled = false;
  int sequence = 0;
  WallTime stamp{};

  bool says_the_same(const Published& other) const {
    return when == other.when && title == other.title && description == other.description &&
           cancelled == other.cancelled;
  }
};

icaltimetype utc_time(WallTime at) {
  auto out = ical_time(LocalTime{floor<seconds>(at.time_since_epoch())});
  out.zone = icaltimezone_get_utc_timezone();
  return out;
}

WallTime wall(const icaltimetype& at) {
  return WallTime{local_time(at).time_since_epoch()};
}

std::string text_of(const char* text) {
  return text ? text : "";
}

/// Of a surprise neither the drill nor its nominal time may be guessed from it: only its window.
std::string uid_of(const FeedEntry& entry, int nth) {
  const auto id = entry.surprise ? fmt::format("surprise\n{}\n{}\n{}", format_utc(entry.when.from),
                                               format_utc(entry.when.to), nth)
                                 : "drill\n" + entry.id;
  return hex(sha256("muster feed 1\n" + id)).substr(0, 32) + "@muster";
}

Published published(const FeedEntry& entry, int nth) {
  Published out;
  out.uid = uid_of(entry, nth);
  out.when = {floor<seconds>(entry.when.from), floor<seconds>(entry.when.to)};
  out.opaque_to_people = entry.surprise;
  out.title = entry.surprise ? kSurprise : entry.title;
  out.description = entry.surprise ? "" : entry.description;
  return out;
}

Result<std::map<std::string, Published>> read_previous(std::string_view bytes) {
  const Error not_ours{"what was published before is no feed of Muster",
                       "write to another file, or remove that one"};
  // Strict about wholeness and what is dropped, as with any calendar.
  if (!FreezeCalendar::parse(bytes)) return not_ours;
  const Component root{icalparser_parse_string(std::string{bytes}.c_str())};
  icalerror_clear_errno();
  if (!root || icalcomponent_isa(root.get()) != ICAL_VCALENDAR_COMPONENT) return not_ours;
  auto* product = icalcomponent_get_first_property(root.get(), ICAL_PRODID_PROPERTY);
  if (!product || text_of(icalproperty_get_prodid(product)) != kProduct) return not_ours;
  std::map<std::string, Published> out;
  for (auto* c = icalcomponent_get_first_component(root.get(), ICAL_VEVENT_COMPONENT); c;
       c = icalcomponent_get_next_component(root.get(), ICAL_VEVENT_COMPONENT)) {
    Published one;
    one.uid = text_of(icalcomponent_get_uid(c));
    one.when = {wall(icalcomponent_get_dtstart(c)), wall(icalcomponent_get_dtend(c))};
    one.title = text_of(icalcomponent_get_summary(c));
    one.description = text_of(icalcomponent_get_description(c));
    one.cancelled = icalcomponent_get_status(c) == ICAL_STATUS_CANCELLED;
    one.sequence = icalcomponent_get_sequence(c);
    one.stamp = wall(icalcomponent_get_dtstamp(c));
    auto* shown = icalcomponent_get_first_property(c, ICAL_TRANSP_PROPERTY);
    one.opaque_to_people = shown && icalproperty_get_transp(shown) == ICAL_TRANSP_TRANSPARENT;
    out.emplace(one.uid, std::move(one));
  }
  return out;
}

icalcomponent* event_of(const Published& one) {
  auto* event = icalcomponent_new_vevent();
  icalcomponent_add_property(event, icalproperty_new_uid(one.uid.c_str()));
  icalcomponent_add_property(event, icalproperty_new_dtstamp(utc_time(one.stamp)));
  icalcomponent_add_property(event, icalproperty_new_dtstart(utc_time(one.when.from)));
  icalcomponent_add_property(event, icalproperty_new_dtend(utc_time(one.when.to)));
  icalcomponent_add_property(event, icalproperty_new_sequence(one.sequence));
  icalcomponent_add_property(event, icalproperty_new_summary(one.title.c_str()));
  if (!one.description.empty())
    icalcomponent_add_property(event, icalproperty_new_description(one.description.c_str()));
  icalcomponent_add_property(event, icalproperty_new_status(one.cancelled ? ICAL_STATUS_CANCELLED
                                                                          : ICAL_STATUS_CONFIRMED));
  // A surprise leaves people's time free: it is no appointment of theirs.
  icalcomponent_add_property(
      event,
      icalproperty_new_transp(one.opaque_to_people ? ICAL_TRANSP_TRANSPARENT : ICAL_TRANSP_OPAQUE));
  return event;
}

std::string written(const std::map<std::string, Published>& all, std::string_view name) {
  const Component root{icalcomponent_new(ICAL_VCALENDAR_COMPONENT)};
  icalcomponent_add_property(root.get(), icalproperty_new_version("2.0"));
  icalcomponent_add_property(root.get(), icalproperty_new_prodid(kProduct));
  icalcomponent_add_property(root.get(), icalproperty_new_method(ICAL_METHOD_PUBLISH));
  auto* title = icalproperty_new_x(std::string{name}.c_str());
  icalproperty_set_x_name(title, "X-WR-CALNAME");
  icalcomponent_add_property(root.get(), title);
  std::vector<const Published*> order;
  for (const auto& [uid, one] : all) order.push_back(&one);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto* a, const auto* b) { return a->when.from < b->when.from; });
  for (const auto* one : order) icalcomponent_add_component(root.get(), event_of(*one));
  char* text = icalcomponent_as_ical_string_r(root.get());
  std::string out = text_of(text);
  icalmemory_free_buffer(text);
  return out;
}

}  // namespace

Result<std::string> feed(std::span<const FeedEntry> entries,
                         std::optional<std::string_view> previous, std::string_view name,
                         WallTime now) {
  now = floor<seconds>(now);
  std::map<std::string, Published> before, all;
  if (previous) {
    auto read = read_previous(*previous);
    if (!read) return read.error();
    before = *std::move(read);
  }
  for (const auto& entry : entries) {
    int nth = 0;
    auto one = published(entry, nth);
    while (all.contains(one.uid)) one = published(entry, ++nth);
    one.stamp = now;
    if (const auto at = before.find(one.uid); at != before.end()) {
      const bool same = one.says_the_same(at->second);
      one.sequence = at->second.sequence + (same ? 0 : 1);
      if (same) one.stamp = at->second.stamp;
    }
    all.emplace(one.uid, std::move(one));
  }
  for (auto& [uid, one] : before) {
    if (all.contains(uid) || one.when.to <= now) continue;
    if (!one.cancelled) {
      one.cancelled = true;
      ++one.sequence;
      one.stamp = now;
    }
    all.emplace(uid, std::move(one));
  }
  return written(all, name);
}

}  // namespace muster::schedule
