#include "measure/tracker.hpp"

#include <algorithm>
#include <random>

#include "tests/catch.hpp"
#include "tests/measure/picture.hpp"

using namespace muster;
using namespace muster::measure;
using namespace muster::measure::test;

TEST_CASE("the live answer, probe by probe") {
  // u unknown, U up, D down: the state once the probe above it has been heard.
  const std::string_view drawn = "............xxxx..............";
  const std::string_view state = "uuuuuuuuuuUUUDDDDDDDDDDDUUUUUU";
  ServiceTracker tracker{probing()};
  std::string got;
  const auto samples = picture(drawn);
  for (const auto& s : samples) {
    tracker.feed(s);
    const auto now = tracker.state(s.completed);
    got += now == UpState::up ? 'U' : now == UpState::down ? 'D' : 'u';
  }
  CHECK(got == state);
  REQUIRE(tracker.since());
  CHECK(tracker.since()->lo == at(15));
  CHECK(tracker.since()->hi == at(16) + kLatency);
  CHECK(tracker.losses().size() == 1);
}

TEST_CASE("a gap makes 'up' unknown until a whole window without one has passed") {
  ServiceTracker tracker{probing()};
  std::string got;
  for (const auto& s : picture("............     ..............")) {
    tracker.feed(s);
    got += tracker.up(s.completed) ? 'U' : 'u';
  }
  CHECK(got == "uuuuuuuuuuUUuuuuuuuuuuUUUU");
}

TEST_CASE("old answers are no answer") {
  ServiceTracker tracker{probing()};
  CHECK(tracker.state(at(0)) == UpState::unknown);
  for (const auto& s : picture("....................")) tracker.feed(s);
  CHECK(tracker.up(at(20)));
  // The next ones may be on their way: three probes, a time-out, a batch.
  const auto late = at(19) + 3 * probing().every + probing().timeout + kBatchEvery;
  CHECK(tracker.up(late));
  CHECK(tracker.state(late + Duration{1}) == UpState::unknown);
}

TEST_CASE("samples that come again, or out of order, do no harm") {
  const auto samples = picture("...............xxxxx.....x..............");
  ServiceTracker once{probing()};
  ServiceTracker twice{probing()};
  for (const auto& s : samples) {
    once.feed(s);
    twice.feed(s);
    twice.feed(s);
  }
  CHECK(once.losses() == twice.losses());
}

TEST_CASE("concurrent probes end in any order and are judged in the order of sending") {
  auto samples = picture("...............?????....................");
  std::stable_sort(samples.begin(), samples.end(),
                   [](const Sample& a, const Sample& b) { return a.completed < b.completed; });
  ServiceTracker tracker{probing()};
  InOrder line{probing()};
  std::vector<std::uint64_t> order;
  for (const auto& s : samples) {
    line.put(s);
    while (const auto next = line.next()) {
      order.push_back(next->n);
      tracker.feed(*next);
    }
  }
  CHECK(order.size() == samples.size());
  CHECK(std::is_sorted(order.begin(), order.end()));
  REQUIRE(tracker.losses().size() == 1);
  CHECK(tracker.losses()[0].recovery.hi_n == 21);
}

TEST_CASE("a sample that never comes holds the others back no longer than its time-out") {
  auto samples = picture("....................");
  samples.erase(samples.begin() + 4);
  InOrder line{probing()};
  std::vector<std::uint64_t> order;
  std::size_t held_most = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    line.put(samples[i]);
    while (const auto next = line.next()) order.push_back(next->n);
    held_most = std::max(held_most, i + 1 - order.size());
  }
  CHECK(order.size() == samples.size());
  CHECK(held_most <= 7);
}
