#include "measure/recovery.hpp"

#include "tests/catch.hpp"
#include "tests/measure/picture.hpp"

using namespace muster;
using namespace muster::measure;
using namespace muster::measure::test;

namespace {

/// The earliest and the latest that the picture allows, as positions in it; -1 = no such end.
struct Expected {
  int lost_after, lost_by, back_after, back_by;
};

struct Case {
  const char* what;
  const char* drawn;
  std::vector<Expected> outages;
};

std::optional<Instant> sent_at(int position) {
  if (position < 0) return std::nullopt;
  return at(static_cast<std::size_t>(position));
}

std::optional<Instant> done_at(const char* drawn, int position) {
  if (position < 0) return std::nullopt;
  return at(static_cast<std::size_t>(position)) + (drawn[position] == '?' ? kTimeout : kLatency);
}

Recovery measured(const char* drawn, RecoveryQuestion q = {probing(), {}, {}}) {
  return measure_recovery(picture(drawn), q);
}

Moment injected(std::size_t position) {
  return {at(position), at(position) + milliseconds{50}, 0, 0};
}

/// A fault is put in and stays, or is undone at `until`.
RecoveryQuestion fault(std::size_t position, std::optional<std::size_t> until = std::nullopt) {
  const auto moment = injected(position);
  Declared by{"kill", *moment.lo, std::nullopt, moment.hi};
  if (until) by.until = at(*until);
  return {probing(), moment, {by}};
}

}  // namespace

TEST_CASE("losses of a service, as pictures") {
  const std::vector<Case> cases{
      //                                           1         2         3         4
      //                                 01234567890123456789012345678901234567890123456789
      {"never down", "........................................", {}},
      {"background errors are within the rule", "............x............x............", {}},
      {"one outage", "...............xxxxx....................", {{14, 15, 19, 20}}},
      {"time-outs: lost by when the first was given up",
       "...............?????....................",
       {{14, 15, 19, 20}}},
      {"never recovered", "...............xxxxxxxxxxxxx", {{14, 15, 27, -1}}},
      {"good again, but not for a whole window",
       "...............xxxxxxxx......",
       {{14, 15, 22, -1}}},
      {"flapping shorter than the window is one outage",
       "...............xxx.....xxx....xx....................",
       {{14, 15, 31, 32}}},
      {"up for a whole window, then lost again",
       "...............xxxx...............xxx..............",
       {{14, 15, 18, 19}, {33, 34, 36, 37}}},
      {"a background error before does not move the onset",
       "..........x....xxxxx....................",
       {{14, 15, 19, 20}}},
      {"a background error after does not move the recovery",
       "...............xxxxx....x...............",
       {{14, 15, 19, 20}}},
      {"slow onset: errors until the rule no longer holds",
       "..............x....x..x.xxxxxxx....................",
       {{18, 19, 30, 31}}},
      {"down from the first probe", "xxxxxxxxxxxx....................", {{-1, 0, 11, 12}}},
      {"lost before it was up for a whole window",
       ".....xxxxxxxxxxx....................",
       {{-1, 5, 15, 16}}},
      {"a gap before the loss widens the onset",
       "...............      xxxxx....................",
       {{14, 21, 25, 26}}},
      {"a gap before the recovery widens it",
       "...............xxxxx      ....................",
       {{14, 15, 19, 26}}},
      {"a gap while it comes back: it may have been lost in it",
       "...............xxxxx...      ....................",
       {{14, 15, 19, 29}}},
      {"a gap shortly before the loss: it may have begun in it",
       "...............      ...xxxxx....................",
       {{14, 24, 28, 29}}},
      {"a gap in the outage: it may have been up meanwhile",
       "...............xxxxx               xxxxx....................",
       {{14, 15, 19, 40}}},
      {"one more bad probe after the gap: it may have been up in between",
       "...............xxxxx      x....................",
       {{14, 15, 19, 27}}},
      {"a gap while all is well is only a gap",
       "...............               .....................",
       {}},
  };
  for (const auto& c : cases) {
    INFO(c.what);
    const auto r = measured(c.drawn);
    REQUIRE(r.outages.size() == c.outages.size());
    for (std::size_t i = 0; i < c.outages.size(); ++i) {
      const auto& want = c.outages[i];
      const auto& got = r.outages[i];
      CHECK(got.onset.lo == sent_at(want.lost_after));
      CHECK(got.onset.hi == done_at(c.drawn, want.lost_by));
      CHECK(got.recovery.lo == sent_at(want.back_after));
      CHECK(got.recovery.hi == done_at(c.drawn, want.back_by));
      CHECK(got.recovered() == (want.back_by >= 0));
    }
  }
}

TEST_CASE("the recovery time is [s_j-1 - c_k+1, c_j - s_k], and names its samples") {
  const auto q = fault(13);
  const auto r = measured("...............xxxxx....................", q);
  REQUIRE(r.drill == 0u);
  CHECK(r.rta_from_outage == Interval{milliseconds{398}, milliseconds{602}});
  CHECK(r.rta_from_inject == Interval{milliseconds{550}, milliseconds{702}});
  CHECK(r.inject_to_outage == Interval{milliseconds{50}, milliseconds{202}});
  const auto& o = r.outages[0];
  CHECK(o.onset.lo_n == 15);     // k
  CHECK(o.onset.hi_n == 16);     // k+1
  CHECK(o.recovery.lo_n == 20);  // j-1
  CHECK(o.recovery.hi_n == 21);  // j
  CHECK_FALSE(r.down_at_inject);
}

TEST_CASE("fault and outage are separate events: a slow onset shows its latency") {
  const auto q = fault(12);
  const auto r = measured("....................................xxxxx....................", q);
  REQUIRE(r.inject_to_outage);
  CHECK(r.inject_to_outage->lo == milliseconds{2250});
  CHECK(r.inject_to_outage->hi == milliseconds{2402});
  CHECK(r.rta_from_outage->hi == milliseconds{602});
  CHECK(r.rta_from_inject->lo == milliseconds{2750});
}

TEST_CASE("later outages are listed and summed; what no step declared is undeclared") {
  const char* drawn = "...............xxxx...............xxx...............xx...............";
  RecoveryQuestion q{
      probing(), injected(14), {{"kill", at(14), at(20), {}}, {"switch back", at(33), at(36), {}}}};
  const auto r = measured(drawn, q);
  REQUIRE(r.outages.size() == 3);
  CHECK(r.outages[0].kind == OutageKind::drill);
  CHECK(r.outages[1].kind == OutageKind::later);
  CHECK(r.outages[1].step == "switch back");
  CHECK_FALSE(r.outages[1].undeclared());
  CHECK(r.outages[2].undeclared());
  CHECK(r.down_total == Interval{milliseconds{298 + 198 + 98}, milliseconds{502 + 402 + 302}});
}

TEST_CASE("without a fault an outage belongs to the step that declared it, or to nobody") {
  const char* drawn = "...............xxxx...............";
  const auto undeclared = measured(drawn);
  CHECK_FALSE(undeclared.drill);
  CHECK(undeclared.outages.at(0).undeclared());
  const auto declared = measured(drawn, {probing(), {}, {{"drain", at(15), {}, {}}}});
  CHECK(declared.drill == 0u);
  CHECK(declared.rta_from_outage == declared.outages[0].length);
  CHECK_FALSE(declared.rta_from_inject);
}

TEST_CASE("what begins one window after the fault was undone is not its doing") {
  //                                1         2         3         4         5
  //                      0123456789012345678901234567890123456789012345678901234567
  const auto soon = measured("..............................xx............", fault(12, 21));
  CHECK(soon.drill == 0u);
  CHECK(soon.outages.at(0).step == "kill");
  const auto late = measured("..................................xx............", fault(12, 21));
  CHECK_FALSE(late.drill);
  CHECK_FALSE(late.rta_from_outage);
  CHECK(late.outages.at(0).undeclared());
}

TEST_CASE("an outage from before the fault is not the drill's") {
  const char* drawn = "...............xxxx...............xxx...............";
  const auto over = measured(drawn, fault(33));
  CHECK(over.outages.at(0).kind == OutageKind::before);
  CHECK(over.drill == 1u);
  CHECK_FALSE(over.down_at_inject);
  CHECK(over.down_total == over.outages[1].length);

  const auto still_down = measured("...............xxxxxxxxxxxxxx.............", fault(20));
  CHECK(still_down.down_at_inject);
  CHECK_FALSE(still_down.drill);
}

TEST_CASE("never recovered: the recovery time has no end") {
  const auto r = measured("...............xxxxxxxxxxxxx", fault(14));
  REQUIRE(r.rta_from_outage);
  CHECK(r.rta_from_outage->lo == milliseconds{1198});
  CHECK_FALSE(r.rta_from_outage->hi);
  CHECK_FALSE(r.down_total.hi);
}

TEST_CASE("gaps are listed, and the longest time without a good probe since the fault is known") {
  const auto r = measured("............            .............    ............", fault(30));
  REQUIRE(r.gaps.size() == 2);
  CHECK(r.gaps[0] == Gap{at(11), at(24), 12, 13});
  CHECK(r.gaps[1] == Gap{at(36), at(41), 25, 26});
  CHECK(r.longest_unseen == milliseconds{502});
}

TEST_CASE("a late probe is a gap; a slow answer is not") {
  auto late = picture("....................");
  late[10].sent += milliseconds{150};
  late[10].completed += milliseconds{150};
  CHECK(measure_recovery(late, {probing(), {}, {}}).gaps.size() == 1);

  auto slow =
      picture("..........   .......");  // its writer waits for the answer before it asks again
  slow[9].completed = at(13);
  CHECK(measure_recovery(slow, {probing(), {}, {}}).gaps.empty());

  auto crashed = picture("....................");  // one was sent, but its sample is lost
  crashed.erase(crashed.begin() + 10);
  const auto r = measure_recovery(crashed, {probing(), {}, {}});
  CHECK(r.gaps == std::vector<Gap>{{at(9), at(11), 10, 12}});
}

TEST_CASE("degradation: share of good probes and their latency before, during and after") {
  auto samples = picture("....................x???.x.x....................");
  for (std::size_t i = 30; i < samples.size(); ++i) samples[i].completed += milliseconds{i};
  const auto r = measure_recovery(samples, {probing(), {}, {{"kill", at(20), {}, {}}}});
  CHECK(r.before.probes == 20);
  CHECK(r.before.good == 20);
  CHECK(r.before.p99 == kLatency);
  CHECK(r.during.probes == 6);
  CHECK(r.during.good == 1);
  CHECK(r.during.failed == 2);
  CHECK(r.during.unanswered == 3);
  CHECK(r.after.probes == 22);
  CHECK(r.after.good == 21);
  CHECK(r.after.max == milliseconds{2 + 47});
  CHECK(r.after.p50 == milliseconds{2 + 37});
}

TEST_CASE("no samples: nothing is claimed") {
  const auto r = measure_recovery({}, fault(1));
  CHECK(r.probes == 0);
  CHECK(r.outages.empty());
  CHECK(r.at_end == UpState::unknown);
  CHECK(r.during.probes == 0);
}
