// What starts, what is missed, and why: one rule a case.
#include "tests/catch.hpp"
#include "world.hpp"

namespace muster::scheduler {
namespace {

using Texts = std::vector<std::string>;
const std::string kDaily = "every: day, at: '10:00'";

/// One drill, known to the log since the first of January.
World with(const std::string& keys, std::vector<std::string> hosts = {}) {
  World world;
  world.jobs.push_back(job("d", keys, std::move(hosts), "UTC"));
  world.tick();
  return world;
}

std::string why_of(const World& world) {
  return world.standing.of("d").missed_why;
}

TEST_CASE("it starts at its time, once a day, and not before its schedule was known") {
  auto world = with(kDaily);
  world.run_to(utc("2027-01-03T12:00:00Z"));
  CHECK(world.starts() == Texts{"d 2027-01-01T10:00 at 2027-01-01T10:00:00Z on time",
                                "d 2027-01-02T10:00 at 2027-01-02T10:00:00Z on time",
                                "d 2027-01-03T10:00 at 2027-01-03T10:00:00Z on time"});
  CHECK(world.told("schedule.missed").empty());
  CHECK(world.told("schedule.known").size() == 1);
}

TEST_CASE(
    "a server that was away: what is late is missed, counted, and only the newest may start") {
  struct Row {
    const char *keys, *back_at;
    Texts starts;
    std::uint64_t missed;
    const char* why;
  };
  const std::vector<Row> table{
      {"",
       "2027-01-05T10:20:00Z",
       {"d 2027-01-05T10:00 at 2027-01-05T10:20:00Z on time"},
       4,
       "later"},
      {"", "2027-01-05T10:31:00Z", {}, 5, "nobody was there"},
      {", missed: run_once",
       "2027-01-05T18:00:00Z",
       {"d 2027-01-05T10:00 at 2027-01-05T18:00:00Z caught up"},
       4,
       "later"},
      {", missed: ask", "2027-01-05T18:00:00Z", {}, 5, "nobody was there"},
      {", start_within: 12h",
       "2027-01-05T18:00:00Z",
       {"d 2027-01-05T10:00 at 2027-01-05T18:00:00Z on time"},
       4,
       "later"},
  };
  for (const auto& row : table) {
    auto world = with(kDaily + row.keys);
    world.decider.reset();
    world.now = utc(row.back_at);
    world.tick();
    CHECK(world.starts() == row.starts);
    CHECK(world.standing.of("d").missed == row.missed);
    CHECK(why_of(world).find(row.why) != std::string::npos);
    const bool asks = world.log.back().data.value("asks", false);
    CHECK(asks == (std::string{row.keys} == ", missed: ask"));
  }
}

TEST_CASE("a clock that is set back starts nothing a second time") {
  auto world = with(kDaily);
  world.run_to(utc("2027-01-02T12:00:00Z"));
  world.now = utc("2027-01-01T09:00:00Z");
  world.reload();
  world.run_to(utc("2027-01-03T09:00:00Z"));
  CHECK(world.starts().size() == 2);
}

TEST_CASE("what waits starts when it may, or is missed with its reason") {
  auto world = with(kDaily, {"db-1"});
  world.now = utc("2027-01-01T10:00:00Z");
  world.closed = "runs that died are recovered first";
  world.tick();
  CHECK(world.waiting.at("d") == "runs that died are recovered first");
  world.now += std::chrono::minutes{10};
  world.closed.clear();
  world.tick();
  CHECK(world.starts() == Texts{"d 2027-01-01T10:00 at 2027-01-01T10:10:00Z on time"});

  world.closed = "runs that died are recovered first";
  world.run_to(utc("2027-01-02T11:00:00Z"));
  CHECK(world.starts().size() == 1);
  CHECK(why_of(world) == "runs that died are recovered first");
}

TEST_CASE("the drill still runs as it falls due again") {
  for (const std::string overlap : {"forbid", "queue_one"}) {
    auto world = with("every: day, at: ['10:00', '10:20', '10:40'], overlap: " + overlap);
    world.lasts = std::chrono::minutes{50};
    world.run_to(utc("2027-01-01T12:00:00Z"));
    if (overlap == "forbid") {
      CHECK(world.starts() == Texts{"d 2027-01-01T10:00 at 2027-01-01T10:00:00Z on time"});
      CHECK(world.standing.of("d").missed == 2);
      CHECK(why_of(world) == "the drill still runs");
    } else {  // one waits, the newest
      CHECK(world.starts() == Texts{"d 2027-01-01T10:00 at 2027-01-01T10:00:00Z on time",
                                    "d 2027-01-01T10:40 at 2027-01-01T10:50:00Z queued"});
      CHECK(world.standing.of("d").missed == 1);
    }
  }
}

TEST_CASE("of a group of hosts only so many are in drills at once, though each drill has its own") {
  const std::vector<std::string> rack{"db-1", "db-2", "web-1"};
  for (const std::size_t most : {1u, 2u, 3u}) {
    World world;
    world.jobs = {job("a", kDaily, {"db-1"}, "UTC"), job("b", kDaily, {"db-2"}, "UTC"),
                  job("c", kDaily, {"web-1"}, "UTC"), job("far", kDaily, {"lb-1"}, "UTC")};
    for (auto& one : world.jobs) one.shares = {{"at_most 1 of rack:7", most, rack}};
    world.tick();
    world.lasts = std::chrono::minutes{5};
    world.run_to(utc("2027-01-01T10:01:00Z"));
    CAPTURE(most);
    // `far` hits nobody of the rack; beside more of them than may be it would not be allowed.
    CHECK(world.running.size() == most + 1);
    if (most < 3)
      CHECK(world.waiting.at("c") == "at_most 1 of rack:7: the run of a is at work there");
    else
      CHECK(world.waiting.empty());
    world.run_to(utc("2027-01-01T10:29:00Z"));
    CHECK(world.starts().size() == 4);  // one after the other, and none is missed
    CHECK(world.told("schedule.missed").empty());
  }
}

TEST_CASE(
    "a limit is kept from both sides: of the drill that is due, and of the run that goes on") {
  const Texts rack{"db-1", "db-2", "db-3"};
  const Running away{"b", {"web-1"}, {}}, two{"a", {"db-1", "db-2"}, {}};
  const auto why = [&](std::size_t most, const Texts& hosts, const std::vector<Running>& running) {
    return exceeded({"next", hosts, {{"keep", most, rack}}}, running);
  };
  CHECK(why(2, {"lb-1"}, {two, away}).empty());
  CHECK(why(1, {"lb-1"}, {two, away}) == "keep: the run of a is at work there");
  CHECK_FALSE(why(2, {"db-3"}, {away, two}).empty());
  CHECK(why(3, {"db-3"}, {away, two}).empty());
  CHECK(why(0, {"db-3"}, {away}).empty());  // nobody else's doing: the run tells
  const Running keeps{"a", {"db-1"}, {{"at_most 1 of rack", 1, rack}}};
  CHECK(exceeded({"next", {"db-2"}, {}}, {away, keeps}) ==
        "at_most 1 of rack, which the run of a keeps to");
  CHECK(exceeded({"next", {"web-2"}, {}}, {away, keeps}).empty());
}

TEST_CASE("two drills never share a host at a time, nor are there more than may be") {
  World world;
  world.jobs = {job("a", kDaily, {"db-1", "lb-1"}, "UTC"), job("b", kDaily, {"lb-1"}, "UTC"),
                job("c", kDaily, {"web-1"}, "UTC")};
  world.tick();
  world.lasts = std::chrono::minutes{15};
  world.run_to(utc("2027-01-01T10:05:00Z"));
  CHECK(world.running.size() == 2);
  CHECK(world.waiting.at("b") == "another run uses lb-1");
  world.run_to(utc("2027-01-01T12:00:00Z"));
  CHECK(world.starts().back() == "b 2027-01-01T10:00 at 2027-01-01T10:15:00Z on time");

  world.at_once_max = 1;
  world.run_to(utc("2027-01-02T10:20:00Z"));
  CHECK(world.starts().size() == 5);  // a, then b; c waits
  CHECK(world.waiting.at("c") == "1 runs go on, and 1 are the most");
}

TEST_CASE("held: every occurrence is recorded, none is caught up") {
  auto world = with(kDaily + ", missed: run_once");
  world.write(held("d", "the auditors are here", {"unix:ana", "peer", "os-user", ""}));
  world.run_to(utc("2027-01-03T12:00:00Z"));
  CHECK(world.starts().empty());
  CHECK(world.standing.of("d").missed == 3);
  CHECK(why_of(world) == "held by unix:ana: the auditors are here");
  world.write(resumed("d", "", {"unix:ana", "peer", "os-user", ""}));
  world.run_to(utc("2027-01-04T12:00:00Z"));
  CHECK(world.starts().size() == 1);

  auto by_file = with(kDaily + ", hold: true");
  by_file.run_to(utc("2027-01-01T12:00:00Z"));
  CHECK(by_file.starts().empty());
  CHECK(why_of(by_file) == "held by its file");
}

TEST_CASE("a drill that needs another one's pass") {
  for (const std::string result : {"PASS", "FAIL"}) {
    World world;
    world.jobs = {job("first", "every: day, at: '09:00'", {}, "UTC"),
                  job("d", kDaily + ", after: {drill: first, within: 6h}", {}, "UTC")};
    world.tick();
    world.result = result;
    world.run_to(utc("2027-01-01T12:00:00Z"));
    CHECK(world.starts().size() == (result == "PASS" ? 2 : 1));
    if (result == "FAIL") CHECK(why_of(world) == "first has not passed within 6h");
  }
}

schedule::Freezes frozen(const std::string& from, const std::string& to) {
  return schedule::Freezes{
      {{"freeze",
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:t\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:"
        "20270101T000000Z\r\n"
        "DTSTART:" +
            from + "\r\nDTEND:" + to + "\r\nSUMMARY:Year's end\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        "", utc("2027-01-01T00:00:00Z"), std::chrono::hours{24 * 365 * 20}}}};
}

TEST_CASE("a freeze keeps it from starting; one that cannot be read does, too") {
  World world;
  world.jobs = {job("d", kDaily, {}, "UTC", frozen("20270101T090000Z", "20270101T101000Z"))};
  world.tick();
  world.run_to(utc("2027-01-01T12:00:00Z"));
  CHECK(world.starts() == Texts{"d 2027-01-01T10:00 at 2027-01-01T10:10:00Z on time"});

  World longer;
  longer.jobs = {job("d", kDaily, {}, "UTC", frozen("20270101T090000Z", "20270101T110000Z")),
                 job("e", kDaily, {}, "UTC",
                     schedule::Freezes{{{"gone", std::nullopt, "it is not there", {}, {}}}})};
  longer.tick();
  longer.run_to(utc("2027-01-01T12:00:00Z"));
  CHECK(longer.starts().empty());
  CHECK(why_of(longer).find("Year's end") != std::string::npos);
  CHECK(longer.standing.of("e").missed_why.find("frozen") != std::string::npos);
}

TEST_CASE("what else is missing keeps it from starting") {
  auto world = with(kDaily);
  world.missing = [](const auto&) { return std::string{"2 approvals are missing"}; };
  world.run_to(utc("2027-01-01T11:00:00Z"));
  CHECK(world.starts().empty());
  CHECK(why_of(world) == "2 approvals are missing");
}

TEST_CASE("a surprise is committed to before, and starts within its window") {
  auto world = with("every: day, window: '09:00-16:00'");
  CHECK(world.told("schedule.committed").size() == 1);
  world.run_to(utc("2027-01-01T20:00:00Z"));
  REQUIRE(world.starts().size() == 1);
  const auto& run = world.over.front();
  CHECK(run.began >= utc("2027-01-01T09:00:00Z"));
  CHECK(run.began < utc("2027-01-01T16:00:00Z"));
  for (const auto& entry : world.log)
    if (entry.action == "schedule.started") {
      const auto& surprise = entry.data.at("surprise");
      CHECK(world.told("schedule.committed")
                .front()
                .find(surprise.at("commitment").get<std::string>()) != std::string::npos);
      CHECK(surprise.at("planned") == format_utc(run.began));
    }
}

TEST_CASE("it is announced as its file says, once each, and nothing late is told early") {
  auto world = with("every: week, day: friday, at: '10:00', announce: [1d, 15m]");
  world.run_to(utc("2027-01-08T12:00:00Z"));
  CHECK(world.told("schedule.announced") ==
        Texts{R"(d {"before":"1d","nominal":"2027-01-01T10:00"})",
              R"(d {"before":"15m","nominal":"2027-01-01T10:00"})",
              R"(d {"before":"1d","nominal":"2027-01-08T10:00"})",
              R"(d {"before":"15m","nominal":"2027-01-08T10:00"})"});
}

TEST_CASE("another rule counts from when it is known") {
  auto world = with(kDaily);
  world.run_to(utc("2027-01-02T12:00:00Z"));
  world.jobs = {job("d", "every: day, at: ['03:00', '11:00', '13:00']", {}, "UTC")};
  world.reload();
  world.run_to(utc("2027-01-02T14:00:00Z"));
  CHECK(world.told("schedule.known").size() == 2);
  CHECK(world.told("schedule.missed").empty());
  CHECK(world.starts().back() == "d 2027-01-02T13:00 at 2027-01-02T13:00:00Z on time");
}

TEST_CASE("a start that no run came of is recorded once, however often a server begins anew") {
  auto world = with(kDaily);
  world.now = utc("2027-01-01T10:00:00Z");
  world.dies_in = 1;  // between the start and its run
  world.tick();
  for (int boot = 0; boot < 3; ++boot) {
    world.decider.reset();
    world.tick();
  }
  CHECK(world.starts().empty());
  CHECK(world.standing.of("d").missed == 1);
}

TEST_CASE("killed before any write, it starts nothing twice and forgets nothing") {
  for (int at = 0; at < 8; ++at) {
    World world;
    world.jobs = {job("d", kDaily + ", announce: [15m]", {}, "UTC")};
    world.dies_in = at;
    world.run_to(utc("2027-01-02T12:00:00Z"));
    CHECK(world.starts().size() + world.standing.of("d").missed == 2);
  }
}

}  // namespace
}  // namespace muster::scheduler
