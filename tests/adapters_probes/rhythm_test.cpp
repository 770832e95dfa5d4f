// The rhythm in time that stands still: which beats ask, how many are under way, what becomes of
// each.
#include "adapters/probes/rhythm.hpp"

#include <deque>

#include "adapters/probes/beat.hpp"
#include "tests/adapters_probes/fake_clock.hpp"
#include "tests/catch.hpp"

using namespace std::chrono_literals;
using namespace muster;
using namespace muster::probes;
using measure::Outcome;
using measure::Sample;

namespace {

/// A service whose answers the test gives.
struct Service {
  std::deque<std::pair<std::uint64_t, Slot::Done>> waiting;
  bool answers_at_once = false;
  std::size_t slots = 0;

  void answer_next(Outcome outcome) {
    const auto done = waiting.front().second;
    waiting.pop_front();
    done({outcome, "", ""});
  }
};

class ServiceSlot : public Slot {
 public:
  explicit ServiceSlot(Service& service) : service_{service} { ++service_.slots; }
  void ask(std::uint64_t n, Done done) override {
    n_ = n;
    if (service_.answers_at_once) return done({Outcome::ok, "", ""});
    service_.waiting.emplace_back(n, std::move(done));
  }
  Answer give_up() override {
    std::erase_if(service_.waiting, [&](const auto& w) { return w.first == n_; });
    return {Outcome::unknown, "no answer in time", ""};
  }

 private:
  Service& service_;
  std::uint64_t n_ = 0;
};

struct Stage {
  boost::asio::io_context io;
  probes::test::FakeClock clock;
  Service service;
  std::vector<Sample> samples;
  std::size_t batches = 0;
  std::shared_ptr<Outbox> outbox =
      std::make_shared<Outbox>(io.get_executor(), [this](std::vector<Sample> batch) {
        ++batches;
        samples.insert(samples.end(), batch.begin(), batch.end());
      });
  std::unique_ptr<Rhythm> rhythm;
  const Instant start = clock.now();

  void begin(Duration every, Duration timeout) {
    rhythm = std::make_unique<Rhythm>(io, clock, every, timeout, outbox);
    const MakeSlot make = [this](boost::asio::io_context&) {
      return std::make_unique<ServiceSlot>(service);
    };
    rhythm->begin(make);
  }
  void advance(Duration by) {
    clock.advance(by);
    collect();
  }
  void collect() {
    io.restart();
    io.poll();
  }
  std::vector<std::int64_t> due_ms() const {
    std::vector<std::int64_t> result;
    for (const auto& s : samples) result.push_back((s.due - start) / 1ms);
    return result;
  }
};

}  // namespace

TEST_CASE("the next beat is the first that is still to come") {
  const Instant origin = instant(1000);
  const auto next = [&](std::int64_t now) {
    return ns(next_beat(origin, Duration{100}, instant(now)));
  };
  CHECK(next(900) == 1000);
  CHECK(next(1000) == 1100);
  CHECK(next(1099) == 1100);
  CHECK(next(1100) == 1200);
  CHECK(next(1999) == 2000);
}

TEST_CASE("as many probes are under way as silence needs, and no more than 32") {
  CHECK(in_flight_max(100ms, 500ms) == 6);
  CHECK(in_flight_max(100ms, 550ms) == 7);
  CHECK(in_flight_max(1s, 500ms) == 2);
  CHECK(in_flight_max(1ms, 500ms) == 32);
}

TEST_CASE("quick answers: one sample a beat, through one slot, in batches of a second") {
  Stage s;
  s.service.answers_at_once = true;
  s.begin(100ms, 500ms);
  s.advance(950ms);
  CHECK(s.batches == 0);
  s.advance(50ms);
  CHECK(s.batches == 1);
  s.advance(1s);
  CHECK(s.samples.size() >= 20);
  CHECK(s.service.slots == 1);
  for (std::size_t i = 0; i < s.samples.size(); ++i) {
    CHECK(s.samples[i].n == i + 1);
    CHECK(s.samples[i].due == s.start + static_cast<std::int64_t>(i) * 100ms);
    CHECK(s.samples[i].outcome == Outcome::ok);
  }
}

TEST_CASE(
    "silence does not slow the rhythm: every beat asks, and is given up after its own timeout") {
  Stage s;
  s.begin(100ms, 510ms);
  s.advance(3s);
  REQUIRE(s.samples.size() == 25);  // that of 2400 ms is the last to be given up before 3 s
  CHECK(s.service.slots == 6);
  for (const auto& sample : s.samples) {
    CHECK(sample.outcome == Outcome::unknown);
    CHECK(sample.completed - sample.sent == 510ms);
    CHECK(sample.sent == s.start + static_cast<std::int64_t>(sample.n - 1) * 100ms);
  }
}

TEST_CASE(
    "missed beats are not made up for: they are gaps, and the late one says how late it was") {
  Stage s;
  s.service.answers_at_once = true;
  s.begin(100ms, 500ms);
  s.advance(250ms);      // beats 0, 100, 200
  s.clock.stall(380ms);  // until 630: beat 300 comes late, 400 to 600 not at all
  s.advance(370ms);
  CHECK(s.due_ms() == std::vector<std::int64_t>{0, 100, 200, 300, 700, 800, 900});
  CHECK(s.samples[3].sent - s.samples[3].due == 330ms);
  CHECK(s.samples[4].n == 5);
}

TEST_CASE("batches come also when there is nothing in them") {
  Stage s;
  s.begin(10s, 5s);
  for (int second = 0; second < 3; ++second) s.advance(1s);
  CHECK(s.batches == 3);
  CHECK(s.samples.empty());
}

TEST_CASE("samples come in order of completion") {
  Stage s;
  s.begin(100ms, 500ms);
  s.clock.advance(150ms);  // 1 and 2 are under way
  auto late = s.service.waiting.front();
  s.service.waiting.pop_front();
  s.service.answer_next(Outcome::ok);
  late.second({Outcome::failed, "no", ""});
  s.clock.advance(0ms);
  bool stopped = false;
  s.rhythm->stop([&] { stopped = true; });
  s.collect();
  CHECK(stopped);
  REQUIRE(s.samples.size() == 2);
  CHECK(s.samples[0].n == 2);
  CHECK(s.samples[1].n == 1);
  CHECK(s.samples[1].why == "no");
}

TEST_CASE("stop waits for what is under way, and asks nothing more") {
  Stage s;
  s.begin(100ms, 500ms);
  s.clock.advance(250ms);
  bool stopped = false;
  s.rhythm->stop([&] { stopped = true; });
  CHECK_FALSE(stopped);
  s.service.answer_next(Outcome::ok);
  s.advance(600ms);
  CHECK(stopped);
  REQUIRE(s.samples.size() == 3);
  CHECK(s.samples[0].outcome == Outcome::ok);
  CHECK(s.samples[2].outcome == Outcome::unknown);
}

TEST_CASE("an engine that collects nothing makes gaps at last, and loses no sample") {
  Stage s;
  s.service.answers_at_once = true;
  s.begin(1ms, 10ms);
  s.clock.advance(200s);  // the engine does not run
  s.collect();
  CHECK(s.batches == 1);
  CHECK(s.samples.size() <= 100'000);
  CHECK(s.samples.size() > 98'000);
  const auto seen = s.samples.size();
  s.advance(2s);
  REQUIRE(s.samples.size() > seen);
  CHECK(s.samples[seen].n == seen + 1);
  CHECK(s.samples[seen].due - s.samples[seen - 1].due > 90s);
}

TEST_CASE("a question that cannot be asked is a service that is down") {
  Stage s;
  s.rhythm = std::make_unique<Rhythm>(s.io, s.clock, 100ms, 500ms, s.outbox);
  s.rhythm->begin(Error{"the name 'nowhere' was not resolved"});
  s.advance(1s);
  REQUIRE(s.samples.size() == 10);
  CHECK(s.samples[0].outcome == Outcome::failed);
  CHECK(s.samples[0].why == "the name 'nowhere' was not resolved");
}
