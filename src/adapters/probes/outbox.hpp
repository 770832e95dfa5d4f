// Samples on their way from the probe thread to the engine's.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "measure/sample.hpp"

namespace muster::probes {

/// Neither side ever waits for the other. While the engine does not collect, batches become one,
/// and what is held here is told by held(), so that the rhythm can pause before memory grows: a
/// probe that did not run is an honest gap, a sample that was dropped would not be.
class Outbox : public std::enable_shared_from_this<Outbox> {
 public:
  using Sink = std::function<void(std::vector<measure::Sample>)>;
  Outbox(boost::asio::any_io_executor engine, Sink sink)
      : engine_{std::move(engine)}, sink_{std::move(sink)} {}

  /// Probe thread. An empty batch is a batch.
  void put(std::vector<measure::Sample> batch);
  /// Any thread.
  std::size_t held() const;

  /// Engine's thread: gives the sink what is here.
  void deliver();
  /// Engine's thread: the sink is not called any more.
  void close() { sink_ = nullptr; }

 private:
  const boost::asio::any_io_executor engine_;
  Sink sink_;  // engine's thread only
  mutable std::mutex mutex_;
  std::vector<measure::Sample> batch_;
  bool announced_ = false;
};

}  // namespace muster::probes
