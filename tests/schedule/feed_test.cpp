#include "schedule/feed.hpp"

#include "base/text.hpp"
#include "schedule/freeze.hpp"
#include "tests/catch.hpp"
#include "tests/schedule/helper.hpp"

using namespace muster;
using namespace muster::schedule;
using namespace std::chrono;

namespace {

const WallTime kNow = utc("2027-01-01T00:00:00Z");

FeedEntry entry(const std::string& id, const char* from,
                const std::string& title = "Drill: Orders") {
  return {id, {utc(from), utc(from) + hours{1}}, false, title, "muster plan d"};
}

std::string published(const std::vector<FeedEntry>& entries,
                      std::optional<std::string_view> previous = {}, WallTime now = kNow) {
  const auto text = feed(entries, previous, "Drills of w", now);
  REQUIRE(text);
  return *text;
}

/// The values of one property, in the order of the feed.
std::vector<std::string> values(const std::string& feed, const std::string& property) {
  std::vector<std::string> found;
  for (const auto& line : split(feed, '\n'))
    if (line.starts_with(property + ":"))
      found.emplace_back(trimmed(std::string_view{line}.substr(property.size() + 1)));
  return found;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a feed is a calendar of its own making: folded, escaped, in UTC, CRLF") {
  auto one = entry("d@2027-01-12T10:00", "2027-01-12T09:00:00Z",
                   "Drill: Orders; lose the primary, restore from backup, and more words than a "
                   "line of 75 octets may hold: ä");
  const auto text = published({one});
  for (const auto& line : split(text, '\n')) {
    if (line.empty()) continue;
    CHECK(line.back() == '\r');
    CHECK(line.size() <= 76);
  }
  CHECK(text.find("Orders\\; lose the primary\\, restore") != std::string::npos);
  CHECK(values(text, "DTSTART") == Texts{"20270112T090000Z"});
  CHECK(values(text, "DTEND") == Texts{"20270112T100000Z"});
  CHECK(values(text, "DTSTAMP") == Texts{"20270101T000000Z"});
  CHECK(values(text, "METHOD") == Texts{"PUBLISH"});
  CHECK(FreezeCalendar::parse(text)->size() == 1);
}

TEST_CASE("published again: the UID stays, SEQUENCE grows with changes, and only then") {
  const auto first = published({entry("d@1", "2027-01-12T09:00:00Z")});
  const auto later = kNow + days{1};
  const auto same = published({entry("d@1", "2027-01-12T09:00:00Z")}, first, later);
  CHECK(same == first);
  const auto moved = published({entry("d@1", "2027-01-12T10:00:00Z")}, same, later);
  CHECK(values(moved, "UID") == values(first, "UID"));
  CHECK(values(moved, "SEQUENCE") == Texts{"1"});
  CHECK(values(moved, "DTSTAMP") == Texts{"20270102T000000Z"});
  const auto gone = published({}, moved, later);
  CHECK(values(gone, "STATUS") == Texts{"CANCELLED"});
  CHECK(values(gone, "SEQUENCE") == Texts{"2"});
  CHECK(published({}, gone, later + days{1}) == gone);
  const auto back = published({entry("d@1", "2027-01-12T10:00:00Z")}, gone, later);
  CHECK(values(back, "STATUS") == Texts{"CONFIRMED"});
  CHECK(values(back, "SEQUENCE") == Texts{"3"});
  // What is over is no cancellation.
  CHECK(values(published({}, moved, utc("2027-01-12T11:00:00Z")), "UID").empty());
}

TEST_CASE("a surprise tells its window, and nothing of which drill it is") {
  auto one = entry("orders@2027-01-15T09:00", "2027-01-15T08:00:00Z");
  one.surprise = true;
  auto other = one;
  other.id = "payments@2027-01-15T09:00";
  const auto text = published({one, other});
  CHECK(text.find("rders") == std::string::npos);
  CHECK(text.find("muster plan") == std::string::npos);
  CHECK(values(text, "SUMMARY") == Texts{"A drill may be held", "A drill may be held"});
  CHECK(values(text, "TRANSP") == Texts{"TRANSPARENT", "TRANSPARENT"});
  const auto uids = values(text, "UID");
  CHECK(uids[0] != uids[1]);
  CHECK(values(published({other, one}), "UID") == uids);
}

TEST_CASE("what is no feed of ours is not written over") {
  for (const auto* bytes :
       {"", "hello", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nEND:VCALENDAR\r\n"}) {
    const auto text = feed({}, bytes, "w", kNow);
    REQUIRE_FALSE(text);
    CHECK(text.error().what == "what was published before is no feed of Muster");
  }
}
