#include "adapters/probes/outbox.hpp"

#include <boost/asio/post.hpp>
#include <iterator>
#include <utility>

namespace muster::probes {

void Outbox::put(std::vector<measure::Sample> batch) {
  {
    const std::lock_guard lock{mutex_};
    std::move(batch.begin(), batch.end(), std::back_inserter(batch_));
    if (std::exchange(announced_, true)) return;
  }
  boost::asio::post(engine_, [self = shared_from_this()] { self->deliver(); });
}

std::size_t Outbox::held() const {
  const std::lock_guard lock{mutex_};
  return batch_.size();
}

void Outbox::deliver() {
  std::vector<measure::Sample> batch;
  {
    const std::lock_guard lock{mutex_};
    if (!std::exchange(announced_, false)) return;
    batch.swap(batch_);
  }
  // A copy: the sink may close this outbox.
  if (const auto sink = sink_) sink(std::move(batch));
}

}  // namespace muster::probes
