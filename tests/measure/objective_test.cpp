#include "measure/objective.hpp"

#include "tests/catch.hpp"
#include "tests/measure/picture.hpp"

using namespace muster;
using namespace muster::measure;
using namespace muster::measure::test;
using std::chrono::seconds;

namespace {

bool says(const Judgement& j, std::string_view text) {
  return j.reason.find(text) != std::string::npos;
}

Recovery measured(std::string_view drawn, const std::vector<Declared>& declared) {
  const auto& fault = declared.front();
  return measure_recovery(picture(drawn),
                          {probing(), Moment{fault.from, fault.confirmed, 0, 0}, declared});
}

/// A fault that is put in and stays.
std::vector<Declared> injected_at(std::size_t position) {
  return {{"kill", at(position), {}, at(position)}};
}

}  // namespace

TEST_CASE("an interval meets an objective only as a whole") {
  struct Case {
    Interval actual;
    int objective_s;
    Met met;
    std::string_view result;
  };
  const std::vector<Case> cases{
      {{seconds{10}, seconds{12}}, 15, Met::yes, "PASS"},
      {{seconds{10}, seconds{15}}, 15, Met::yes, "PASS"},
      {{seconds{10}, seconds{16}}, 15, Met::straddles, "INCONCLUSIVE"},
      {{seconds{15}, seconds{16}}, 15, Met::straddles, "INCONCLUSIVE"},
      {{seconds{16}, seconds{17}}, 15, Met::no, "FAIL"},
      {{seconds{10}, std::nullopt}, 15, Met::unknown, "INCONCLUSIVE"},
      {{seconds{16}, std::nullopt}, 15, Met::no, "FAIL"},
  };
  for (const auto& c : cases) {
    const auto j = judge(ObjectiveKind::rto, c.actual, seconds{c.objective_s});
    INFO(j.reason);
    CHECK(j.met == c.met);
    CHECK(result_word(j.met) == c.result);
    CHECK(j.actual == c.actual);
    CHECK_FALSE(j.reason.empty());
  }
  CHECK(judge(ObjectiveKind::data_age, std::nullopt, seconds{1}).met == Met::unknown);
}

TEST_CASE("what straddles says which probe interval would settle it") {
  const Interval actual{seconds{10}, seconds{14}};
  const auto j = judge(ObjectiveKind::rto, actual, seconds{13}, milliseconds{2000});
  CHECK(j.met == Met::straddles);
  REQUIRE(j.settling_every);
  CHECK(*j.settling_every ==
        milliseconds{900});  // half as wide around the same middle, and a little less
  CHECK(says(j, "probes every 900ms instead of every 2s"));
  const auto middle = judge(ObjectiveKind::rto, actual, seconds{12}, milliseconds{2000});
  CHECK_FALSE(middle.settling_every);
  CHECK(says(middle, "repeat the drill"));
}

TEST_CASE("rto runs from the outage, or from the inject when the objective says so") {
  const auto r =
      measured("....................................xxxxx....................", injected_at(12));
  CHECK(judge_rto(r, {seconds{1}, RtoFrom::outage, OutageRule::expected}, kEvery).met == Met::yes);
  CHECK(judge_rto(r, {seconds{1}, RtoFrom::inject, OutageRule::expected}, kEvery).met == Met::no);
  const auto straddling =
      judge_rto(r, {milliseconds{500}, RtoFrom::outage, OutageRule::expected}, kEvery);
  CHECK(straddling.met == Met::straddles);
}

TEST_CASE("no outage seen: met when it was tolerated, not known when it was expected") {
  const auto r = measured("........................................", injected_at(15));
  const RtoObjective expected{seconds{1}, RtoFrom::outage, OutageRule::expected};
  const RtoObjective tolerated{seconds{1}, RtoFrom::outage, OutageRule::tolerated};
  CHECK(judge_rto(r, expected, kEvery).met == Met::unknown);
  const auto j = judge_rto(r, tolerated, kEvery);
  CHECK(j.met == Met::yes);
  CHECK(j.reason == "no outage seen");

  const auto gap =
      measured("....................                    ....................", injected_at(15));
  CHECK(judge_rto(gap, tolerated, kEvery).met == Met::unknown);
  CHECK(judge_rto(gap, {seconds{3}, RtoFrom::outage, OutageRule::tolerated}, kEvery).met ==
        Met::yes);

  CHECK(judge_rto(measured(".....", injected_at(2)), tolerated, kEvery).met == Met::unknown);
  CHECK(judge_rto(measured("", injected_at(2)), tolerated, kEvery).met == Met::unknown);
}

TEST_CASE("a service that was down before the fault proves nothing") {
  const auto r = measured("...............xxxxxxxxxxxxxx.............", injected_at(20));
  CHECK(judge_rto(r, {seconds{60}, RtoFrom::outage, OutageRule::tolerated}, kEvery).met ==
        Met::unknown);
}

TEST_CASE("never recovered: FAIL once it has lasted too long for certain, not known before") {
  const auto r = measured("...............xxxxxxxxxxxxxxxxxxxxxxxxx", injected_at(14));
  CHECK(judge_rto(r, {seconds{2}, RtoFrom::outage, OutageRule::expected}, kEvery).met == Met::no);
  CHECK(judge_rto(r, {seconds{9}, RtoFrom::outage, OutageRule::expected}, kEvery).met ==
        Met::unknown);
}

TEST_CASE("of all outages that the drill accounts for the longest decides") {
  //                       1         2         3         4         5         6
  //             0123456789012345678901234567890123456789012345678901234567890123456789
  const auto* flaps = "...............xx...............xxxxxxxxx...............xx..............";
  const auto j = judge_rto(measured(flaps, injected_at(14)),
                           {milliseconds{500}, RtoFrom::outage, OutageRule::expected}, kEvery);
  CHECK(j.met == Met::no);
  CHECK(j.actual->lo == milliseconds{798});
  CHECK(says(j, "(outage 2, by step kill)"));
  CHECK(judge_rto(measured(flaps, injected_at(14)),
                  {milliseconds{1100}, RtoFrom::outage, OutageRule::expected}, kEvery)
            .met == Met::yes);
  const auto* stays = "...............xx...............xxxxxxxxxxxxxxxxxxxxxx";
  const auto lost = measured(stays, injected_at(14));
  CHECK(judge_rto(lost, {seconds{9}, RtoFrom::outage, OutageRule::expected}, kEvery).met ==
        Met::unknown);
  CHECK(judge_mtpd(lost, seconds{1}, OutageRule::expected, kEvery).met == Met::no);
  CHECK(judge_mtpd(lost, seconds{9}, OutageRule::expected, kEvery).met == Met::unknown);

  // By whose doing: from: inject runs from the step that took it away that time.
  const auto steps = measured(flaps, {{"kill", at(14), at(18), at(14)},
                                      {"promote", at(31), at(40), at(33)},
                                      {"drain", at(54), at(60), at(54)}});
  const auto second = judge_rto(steps, {seconds{2}, RtoFrom::inject, OutageRule::expected}, kEvery);
  CHECK(second.met == Met::yes);
  CHECK(second.actual == Interval{milliseconds{700}, milliseconds{1002}});
  CHECK(says(second, "(outage 2, by step promote)"));
}

TEST_CASE("nobody's outage is not judged, and none is expected of it") {
  const auto r = measured("........................................xx............",
                          {{"pause", at(12), at(20), at(12)}});
  CHECK(judge_rto(r, {seconds{1}, RtoFrom::outage, OutageRule::expected}, kEvery).met ==
        Met::unknown);
  CHECK(r.outages.at(0).undeclared());
}

TEST_CASE("an MTPD of a service that may be lost is met when it was not") {
  const auto r = measured("........................................", injected_at(15));
  CHECK(judge_mtpd(r, seconds{1}, OutageRule::tolerated, kEvery).met == Met::yes);
  CHECK(judge_mtpd(r, seconds{1}, OutageRule::expected, kEvery).met == Met::unknown);
}

TEST_CASE("lost writes are counted exactly") {
  std::vector<Sample> writes;
  Survivors survivors;
  for (std::uint64_t n = 1; n <= 10; ++n) {
    const Instant sent = instant(0) + seconds{n};
    writes.push_back({n, sent, sent, sent + milliseconds{5}, Outcome::ok, ""});
    if (n <= 8) survivors[n] = {};
  }
  const Moment disruption{instant(0) + seconds{11}, instant(0) + seconds{12}, 0, 0};
  const auto ledger = settle_ledger(writes, survivors, disruption);
  const auto none_allowed = judge_lost_writes(ledger, 0);
  CHECK(none_allowed.met == Met::no);
  CHECK(none_allowed.lost == 2u);
  CHECK(none_allowed.reason == "2 of 10 acknowledged writes lost, 0 allowed");
  CHECK(judge_lost_writes(ledger, 2).met == Met::yes);
  CHECK(judge_lost_writes(std::nullopt, 2).met == Met::unknown);
  CHECK(judge_rpo(std::nullopt, seconds{60}).met == Met::unknown);

  const auto rpo = judge_rpo(ledger, seconds{60});
  CHECK(rpo.met == Met::yes);
  CHECK(says(rpo, "2 of 10 acknowledged writes lost"));
  CHECK(judge_rpo(ledger, seconds{1}).met == Met::no);  // [11 s - 9.005 s, 12 s - 8 s]
  CHECK(judge_rpo(ledger, seconds{3}).met == Met::straddles);
}
