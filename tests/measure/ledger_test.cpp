#include "measure/ledger.hpp"

#include <algorithm>

#include "measure/objective.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::measure;
using std::chrono::seconds;

namespace {

using Numbers = std::vector<std::uint64_t>;

Instant t(int second) {
  return instant(0) + seconds{second};
}

/// Write n is sent at second n and answered one second later.
std::vector<Sample> writes(std::size_t count) {
  std::vector<Sample> all;
  for (int n = 1; n <= static_cast<int>(count); ++n)
    all.push_back({static_cast<std::uint64_t>(n), t(n), t(n), t(n + 1), Outcome::ok, ""});
  return all;
}

Survivors kept(const Numbers& numbers) {
  Survivors s;
  for (auto n : numbers) s[n] = {};
  return s;
}

Moment disruption(int from, int until) {
  return {t(from), t(until), 0, 0};
}

}  // namespace

TEST_CASE("some lost: the recovery point lies in [s_L, c_n*]") {
  auto w = writes(10);
  w[9].outcome = Outcome::unknown;  // F_outage in (s_9, c_10]
  const auto r = settle_ledger(w, kept({1, 2, 3, 4, 5, 6}), disruption(9, 11));
  CHECK(r.what == LedgerCase::some_lost);
  CHECK(r.lost == Numbers{7, 8, 9});
  CHECK(r.recovery_point == Moment{t(6), t(8), 6, 7});
  CHECK(r.rpa == Interval{seconds{1}, seconds{5}});  // [F_lo - c_7, F_hi - s_6]
  CHECK(r.acknowledged == 9);
  CHECK(r.acknowledged_before == 9);
  CHECK(r.consistent());
}

TEST_CASE("nothing lost: at most the time since the last survivor") {
  const auto r = settle_ledger(writes(5), kept({1, 2, 3, 4, 5}), disruption(8, 9));
  CHECK(r.what == LedgerCase::nothing_lost);
  CHECK(r.lost.empty());
  CHECK(r.rpa == Interval{seconds{0}, seconds{4}});
  CHECK(r.recovery_point.lo_n == 5);
}

TEST_CASE("nothing survived: at least the time since the first write was acknowledged") {
  const auto r = settle_ledger(writes(5), {}, disruption(8, 9));
  CHECK(r.what == LedgerCase::nothing_survived);
  CHECK(r.rpa == Interval{seconds{6}, std::nullopt});
  CHECK(judge_rpo(r, seconds{5}).met == Met::no);
  CHECK(judge_rpo(r, seconds{60}).met == Met::unknown);  // without an end: never PASS
}

TEST_CASE("nothing acknowledged before the disruption is unknown, never met") {
  auto w = writes(5);
  for (auto& s : w) s.outcome = Outcome::unknown;
  for (const auto& survivors : {kept({}), kept({1, 2, 3})}) {
    const auto r = settle_ledger(w, survivors, disruption(8, 9));
    CHECK(r.what == LedgerCase::nothing_acknowledged);
    CHECK_FALSE(r.rpa);
    CHECK(judge_rpo(r, seconds{60}).met == Met::unknown);
    CHECK(judge_lost_writes(r, 0).met == Met::unknown);
  }
  // Writes to the recovered instance say nothing about what was there before.
  CHECK(settle_ledger(writes(5), kept({1, 2, 3, 4, 5}), disruption(0, 0)).what ==
        LedgerCase::nothing_acknowledged);
}

TEST_CASE("classes of writes") {
  auto w = writes(8);
  w[1].outcome = Outcome::unknown;
  w[2].outcome = Outcome::failed;
  w[3].outcome = Outcome::unknown;  // and not there: no loss, nobody was told that it is
  auto p = kept({1, 2, 3, 5, 6, 7, 99});
  p[5].count = 2;
  p[6].mac_ok = false;
  const auto r = settle_ledger(w, p, disruption(9, 9));
  CHECK(r.lost == Numbers{8});
  CHECK(r.recovered == Numbers{2});
  CHECK(r.unexpected == Numbers{3});
  CHECK(r.duplicated == Numbers{5});
  CHECK(r.corrupt == Numbers{6});
  CHECK(r.unledgered == Numbers{99});
  CHECK_FALSE(r.consistent());
}

TEST_CASE("duplicated or damaged writes never pass") {
  auto twice = kept({1, 2, 3});
  twice[2].count = 2;
  auto damaged = kept({1, 2, 3});
  damaged[2].mac_ok = false;
  for (const auto& p : {twice, damaged}) {
    const auto r = settle_ledger(writes(3), p, disruption(5, 5));
    CHECK(judge_rpo(r, seconds{60}).met == Met::no);
    CHECK(judge_lost_writes(r, 0).met == Met::no);
  }
}

TEST_CASE("a hole is a failure of consistency, and is named") {
  const auto r = settle_ledger(writes(8), kept({1, 2, 3, 6, 7, 8}), disruption(9, 9));
  CHECK(r.holes == std::vector<Hole>{{4, 6}, {5, 7}});
  // 6 was sent in the instant in which 5 was acknowledged: that order is not certain.
  CHECK_FALSE(r.consistent());
  const auto j = judge_rpo(r, seconds{3600});
  CHECK(j.met == Met::no);
  CHECK(j.reason.find("write 4 was acknowledged before write 6 was sent") != std::string::npos);
}

TEST_CASE("concurrent writers make no hole") {
  auto w = writes(8);
  w[3].completed = t(9);  // 4 was under way while 5 to 8 were sent
  const auto r = settle_ledger(w, kept({1, 2, 3, 5, 6, 7, 8}), disruption(10, 10));
  CHECK(r.lost == Numbers{4});
  CHECK(r.holes.empty());
  CHECK(r.recovery_point == Moment{t(3), t(9), 3, 4});
}

TEST_CASE("writes to the recovered instance make no holes of what was lost before") {
  const auto r = settle_ledger(writes(12), kept({1, 2, 3, 9, 10, 11, 12}), disruption(5, 8));
  CHECK(r.lost == Numbers{4, 5, 6, 7, 8});
  CHECK(r.holes.empty());
  CHECK(r.what == LedgerCase::some_lost);
  CHECK(r.recovery_point.lo_n == 3);
}

TEST_CASE(
    "an acknowledged write that is lost after the disruption is explained by no recovery point") {
  const auto r = settle_ledger(writes(12), kept({1, 2, 3, 4, 5, 9, 10, 12}), disruption(5, 8));
  CHECK(r.lost_after == Numbers{11});
  CHECK(judge_rpo(r, seconds{3600}).met == Met::no);
}

TEST_CASE("a cut-off is a disruption without width") {
  const auto r = settle_ledger(writes(6), kept({1, 2, 3, 4}), disruption(7, 7));
  CHECK(r.rpa == Interval{seconds{1}, seconds{3}});
}

TEST_CASE("the disruption's own width widens the recovery point; without a start it has no end") {
  const auto narrow = settle_ledger(writes(6), kept({1, 2, 3}), disruption(7, 7));
  const auto wide = settle_ledger(writes(6), kept({1, 2, 3}), disruption(6, 9));
  CHECK(wide.rpa->lo < narrow.rpa->lo);
  CHECK(wide.rpa->hi > narrow.rpa->hi);
  const auto open = settle_ledger(writes(6), kept({1, 2, 3}), Moment{t(6), std::nullopt, 0, 0});
  CHECK_FALSE(open.rpa->hi);
}

TEST_CASE("the order in which writes are read back does not matter") {
  auto w = writes(10);
  const auto forth = settle_ledger(w, kept({1, 2, 3}), disruption(11, 12));
  std::reverse(w.begin(), w.end());
  const auto back = settle_ledger(w, kept({1, 2, 3}), disruption(11, 12));
  CHECK(forth.lost == back.lost);
  CHECK(forth.rpa == back.rpa);
}
