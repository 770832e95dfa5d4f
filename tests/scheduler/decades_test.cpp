// Decades of a server, from one seed: it dies, is away, its clock is set, drills are held, freezes
// come and go, runs are long. Every occurrence is started once or recorded as missed.
//   MUSTER_SCHEDULE_SEEDS=N: how many seeds (4); MUSTER_SCHEDULE_SEED=N: that one alone
#include <cstdlib>
#include <random>

#include <fmt/format.h>

#include "tests/catch.hpp"
#include "world.hpp"

namespace muster::scheduler {
namespace {

constexpr int kYears = 5;  // of each seed

std::uint64_t number_of(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_{seed} {}
  int below(int n) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(n)); }
  template <class T>
  const T& of(const std::vector<T>& list) {
    return list[static_cast<std::size_t>(below(static_cast<int>(list.size())))];
  }
  Duration up_to(Duration most) {
    return std::chrono::seconds{below(static_cast<int>(most / std::chrono::seconds{1})) + 1};
  }

 private:
  std::mt19937_64 engine_;
};

schedule::Freezes random_freezes(Dice& dice) {
  std::string text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:t\r\n";
  for (int year = 2027; year < 2027 + kYears; ++year) {
    const int month = 1 + dice.below(12), day = 1 + dice.below(25);
    text += fmt::format(
        "BEGIN:VEVENT\r\nUID:{}\r\nDTSTAMP:20270101T000000Z\r\nDTSTART:{}{:02}{:02}T{:02}0000\r\n"
        "DTEND:{}{:02}{:02}T{:02}3000\r\nSUMMARY:Freeze\r\nEND:VEVENT\r\n",
        year, year, month, day, dice.below(24), year, month, day + dice.below(3) + 1,
        dice.below(24));
  }
  return schedule::Freezes{{{"freeze", text + "END:VCALENDAR\r\n", "", utc("2027-01-01T00:00:00Z"),
                             std::chrono::hours{24 * 365 * 30}}}};
}

World random_world(Dice& dice) {
  static const std::vector<std::string> kRules{
      "every: day, at: '02:30'",
      "every: week, day: sunday, at: ['02:00', '02:30', '03:00']",
      "every: month, day: last, at: '00:00'",
      "every: quarter, day: 2nd tuesday, at: '10:00'",
      "cron: '15 1,2,3 * 3,10 0'",
      "cron: '0 10 13 * 5'",
      "rrule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU', start: '2027-01-03T01:30'",
      "every: week, day: saturday, window: '22:00-23:30'",
      "every: week, day: [saturday, sunday], window: '01:00-04:00'"};
  static const std::vector<std::string> kZones{"Europe/Berlin",       "America/New_York",
                                               "Australia/Lord_Howe", "Africa/Casablanca",
                                               "Asia/Kolkata",        "UTC"};
  World world;
  for (int i = 0; i < 5; ++i) {
    std::string keys = dice.of(kRules);
    keys += ", missed: " + dice.of(std::vector<std::string>{"skip", "run_once", "ask"});
    keys += ", overlap: " + dice.of(std::vector<std::string>{"forbid", "queue_one"});
    if (keys.find("window") == std::string::npos)
      keys += ", gap: " + dice.of(std::vector<std::string>{"shift", "skip"});
    std::vector<std::string> hosts{"host-" + std::to_string(dice.below(3))};
    world.jobs.push_back(job("d" + std::to_string(i), keys, hosts, dice.of(kZones),
                             dice.below(2) ? random_freezes(dice) : schedule::Freezes{}));
  }
  world.at_once_max = static_cast<std::size_t>(1 + dice.below(3));
  return world;
}

/// What must hold of everything that was ever started.
struct Checks {
  std::map<std::string, std::vector<std::string>> starts;  // by drill: nominals

  void of(const World& world, const FakeRun& run) {
    INFO(run.drill << " " << run.nominal << " at " << schedule::utc_text(run.began));
    auto& nominals = starts[run.drill];
    CHECK(std::find(nominals.begin(), nominals.end(), run.nominal) == nominals.end());
    nominals.push_back(run.nominal);
    for (const auto& one : world.jobs) {
      if (one.schedule.drill() != run.drill) continue;
      CHECK_FALSE(one.freezes.frozen_at(run.began, run.began, one.schedule.zone()));
      auto o = one.schedule.next(local(run.nominal) - std::chrono::seconds{1});
      REQUIRE(o);
      CHECK(o->nominal == local(run.nominal));
      CHECK(run.began >= o->earliest());
      if (run.how == "on time" && !o->is_surprise())
        CHECK(run.began <= o->earliest() + *one.schedule.file().start_within);
    }
  }
  static void together(const World& world) {
    std::set<std::string> hosts, drills;
    for (const auto& run : world.running) {
      if (!drills.insert(run.drill).second) FAIL("two runs of " << run.drill);
      for (const auto& host : run.hosts)
        if (!hosts.insert(host).second) FAIL("two runs on " << host);
    }
    if (world.running.size() > world.at_once_max) FAIL("too many runs at once");
  }
  /// Each occurrence since the schedule was known is started or missed, never both.
  void accounted(const World& world) const {
    for (const auto& one : world.jobs) {
      const auto& drill = one.schedule.drill();
      std::map<std::string, int> told;
      std::optional<schedule::LocalTime> from;
      for (const auto& entry : world.log) {
        if (entry.drill != drill) continue;
        if (entry.action == "schedule.known" && !from)
          from = local(entry.data.at("from").get<std::string>());
        if (entry.action == "run.opened")
          ++told[entry.data.at("occurrence").at("nominal").get<std::string>()];
        if (entry.action != "schedule.missed") continue;
        std::uint64_t count = 0;
        auto at = local(entry.data.at("first").get<std::string>()) - std::chrono::seconds{1};
        const auto last = local(entry.data.at("last").get<std::string>());
        for (auto o = one.schedule.next(at); o && o->nominal <= last;
             o = one.schedule.next(o->nominal), ++count)
          ++told[schedule::format_local(o->nominal)];
        CHECK(count == entry.data.at("count").get<std::uint64_t>());
      }
      REQUIRE(from);
      const auto decided = world.standing.of(drill).decided;
      for (auto o = one.schedule.next(*from); o && decided && o->nominal <= *decided;
           o = one.schedule.next(o->nominal)) {
        const auto nominal = schedule::format_local(o->nominal);
        if (told[nominal] != 1)
          FAIL(drill << " " << nominal << " was decided " << told[nominal] << " times");
      }
    }
  }
};

void happen(World& world, Dice& dice) {
  switch (dice.below(8)) {
    case 0:  // killed before some write
      world.dies_in = dice.below(4);
      break;
    case 1:  // away
      world.decider.reset();
      world.now += dice.up_to(std::chrono::hours{24 * 40});
      break;
    case 2:  // set back, set forward
      world.now +=
          dice.below(2) ? dice.up_to(std::chrono::hours{24}) : -dice.up_to(std::chrono::hours{30});
      world.reload();
      break;
    case 3:
      world.write(held("d" + std::to_string(dice.below(5)), "w", {"unix:a", "", "", ""}));
      break;
    case 4:
      for (int i = 0; i < 5; ++i)
        world.write(resumed("d" + std::to_string(i), "", {"unix:a", "", "", ""}));
      break;
    case 5:
      world.lasts = dice.up_to(std::chrono::hours{30});
      break;
    case 6:
      world.closed = world.closed.empty() ? "recovering" : "";
      break;
    default:
      world.lasts = dice.up_to(std::chrono::minutes{50});
      world.closed.clear();
  }
}

/// How many were started.
std::size_t play(std::uint64_t seed) {
  Dice dice{seed};
  World world = random_world(dice);
  Checks checks;
  std::size_t seen = 0;
  const WallTime end = utc("2027-01-01T00:00:00Z") + std::chrono::hours{24 * 365 * kYears};
  WallTime trouble = world.now + dice.up_to(std::chrono::hours{24 * 60});
  world.tick();
  while (world.now < end) {
    auto next = std::min(world.tick(), trouble);
    for (const auto& run : world.running) next = std::min(next, run.ends);
    Checks::together(world);
    for (const auto& run : world.running) {
      if (std::stoul(run.run.substr(4)) <= seen) continue;
      seen = std::stoul(run.run.substr(4));
      checks.of(world, run);
    }
    if (world.now >= trouble) {
      happen(world, dice);
      trouble = world.now + dice.up_to(std::chrono::hours{24 * 60});
    } else {
      world.now = std::max(next, world.now + std::chrono::seconds{1});
    }
  }
  if (world.decider) checks.accounted(world);
  return seen;
}

TEST_CASE("decades: nothing is started twice, nothing is missed without a record", "[decades]") {
  const auto only = number_of("MUSTER_SCHEDULE_SEED", 0);
  const auto seeds = only ? only : number_of("MUSTER_SCHEDULE_SEEDS", 4);
  std::size_t starts = 0;
  for (std::uint64_t seed = only ? only : 1; seed <= seeds; ++seed) {
    INFO("MUSTER_SCHEDULE_SEED=" << seed << " test_scheduler '[decades]'");
    starts += play(seed);
  }
  CHECK(starts > seeds * 20);
}

}  // namespace
}  // namespace muster::scheduler
