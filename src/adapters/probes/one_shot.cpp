#include "adapters/probes/one_shot.hpp"

#include <utility>

#include "base/text.hpp"

namespace muster::probes {

OneShot::OneShot(boost::asio::io_context& io, ports::Clock& clock, Duration timeout, Done done)
    : io_{io}, clock_{clock}, sent_{clock.now()}, done_{std::move(done)} {
  timer_ = clock_.at(sent_ + timeout, [this] { out_of_time(); });
}

void OneShot::ask(const Result<MakeSlot>& make) {
  if (!done_) return;
  if (!make) return finish({measure::Outcome::failed, to_string(make.error()), "", false});
  slot_ = (*make)(io_);
  slot_->ask(1, [this](Answer answer) { finish(std::move(answer)); });
}

void OneShot::out_of_time() {
  Answer nothing{measure::Outcome::unknown, "its name was not resolved in time", "", false};
  finish(slot_ ? slot_->give_up() : std::move(nothing));
}

void OneShot::finish(Answer answer) {
  if (!done_) return;
  clock_.cancel(timer_);
  answer.why = bounded(answer.why, measure::kWhyBytesMax);
  const auto done = std::exchange(done_, nullptr);
  done({std::move(answer), sent_, clock_.now()});
}

}  // namespace muster::probes
