#include "adapters/probes/rhythm.hpp"

#include <algorithm>
#include <utility>

#include "adapters/probes/beat.hpp"
#include "base/text.hpp"
#include "measure/up_rule.hpp"

namespace muster::probes {
namespace {

constexpr Duration kEveryMin = std::chrono::milliseconds{1};
constexpr std::size_t kUncollectedMax =
    100'000;  // about 10 MB; a quarter of an hour at 100 a second

/// Stands for a question that cannot be asked.
class RefusingSlot : public Slot {
 public:
  explicit RefusingSlot(std::string why) : why_{std::move(why)} {}
  void ask(std::uint64_t, Done done) override { done({measure::Outcome::failed, why_, ""}); }
  Answer give_up() override { return {measure::Outcome::failed, why_, ""}; }

 private:
  const std::string why_;
};

}  // namespace

Rhythm::Rhythm(boost::asio::io_context& io, ports::Clock& clock, Duration every, Duration timeout,
               std::shared_ptr<Outbox> outbox)
    : io_{io},
      clock_{clock},
      every_{std::max(every, kEveryMin)},
      timeout_{std::max(timeout, kEveryMin)},
      outbox_{std::move(outbox)} {
  schedule_batch();
}

Rhythm::~Rhythm() {
  clock_.cancel(beat_timer_);
  clock_.cancel(batch_timer_);
  for (const auto& flight : flights_) clock_.cancel(flight->give_up);
}

void Rhythm::begin(const Result<MakeSlot>& make) {
  if (stopping_) return;
  if (make)
    make_ = *make;
  else
    make_ = [why = make.error().what](boost::asio::io_context&) {
      return std::make_unique<RefusingSlot>(why);
    };
  origin_ = clock_.now();
  beat(origin_);
}

void Rhythm::beat(Instant due) {
  const std::size_t held = outbox_->held() + batch_.size() + flights_.size();
  Flight* flight = held < kUncollectedMax ? free_flight() : nullptr;
  if (flight != nullptr) ask(*flight, due);
  const Instant next = next_beat(origin_, every_, clock_.now());
  beat_timer_ = clock_.at(next, [this, next] { beat(next); });
}

/// The first free one: so one connection serves while answers are quick.
Rhythm::Flight* Rhythm::free_flight() {
  for (const auto& flight : flights_)
    if (!flight->asking) return flight.get();
  if (flights_.size() >= in_flight_max(every_, timeout_)) return nullptr;
  flights_.push_back(std::make_unique<Flight>());
  flights_.back()->slot = make_(io_);
  return flights_.back().get();
}

void Rhythm::ask(Flight& flight, Instant due) {
  flight.asking = true;
  flight.sample = {};
  flight.sample.n = ++last_n_;
  flight.sample.due = due;
  flight.sample.sent = clock_.now();
  flight.give_up = clock_.at(flight.sample.sent + timeout_,
                             [this, &flight] { answered(flight, flight.slot->give_up()); });
  flight.slot->ask(flight.sample.n,
                   [this, &flight](const Answer& answer) { answered(flight, answer); });
}

void Rhythm::answered(Flight& flight, const Answer& answer) {
  flight.sample.completed = clock_.now();
  flight.sample.outcome = answer.outcome;
  flight.sample.why = bounded(answer.why, measure::kWhyBytesMax);
  flight.asking = false;
  clock_.cancel(flight.give_up);
  batch_.push_back(std::move(flight.sample));
  end_if_stopped();
}

std::size_t Rhythm::asking() const {
  return static_cast<std::size_t>(
      std::count_if(flights_.begin(), flights_.end(), [](const auto& f) { return f->asking; }));
}

void Rhythm::schedule_batch() {
  batch_timer_ = clock_.at(clock_.now() + measure::kBatchEvery, [this] {
    send_batch();
    schedule_batch();
  });
}

void Rhythm::send_batch() {
  outbox_->put(std::exchange(batch_, {}));
}

void Rhythm::stop(std::function<void()> done) {
  stopping_ = true;
  clock_.cancel(beat_timer_);
  when_stopped_.push_back(std::move(done));
  end_if_stopped();
}

void Rhythm::end_if_stopped() {
  if (!stopping_ || asking() > 0) return;
  clock_.cancel(batch_timer_);
  if (!batch_.empty()) send_batch();
  // `done` may destroy this.
  for (auto& done : std::exchange(when_stopped_, {})) done();
}

}  // namespace muster::probes
