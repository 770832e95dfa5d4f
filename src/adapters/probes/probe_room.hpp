// What lives on the probe thread: the rhythms and single questions under way.
#pragma once
#include <boost/asio/thread_pool.hpp>
#include <map>
#include <memory>
#include <string>

#include "adapters/probes/one_shot.hpp"
#include "adapters/probes/rhythm.hpp"

namespace muster::probes {

/// Probe thread only, but for the constructor and the destructor, which come before and after that
/// thread.
class ProbeRoom {
 public:
  ProbeRoom(boost::asio::io_context& io, std::unique_ptr<ports::Clock> clock)
      : io_{io}, clock_{std::move(clock)} {}
  ~ProbeRoom();

  void start(const ports::ServiceProbe& probe, std::shared_ptr<Outbox> outbox);
  /// `done` on the probe thread, when the last sample is in the outbox.
  void stop(const std::string& service, std::function<void()> done);
  void ask(Prepare question, Duration timeout, OneShot::Done done);

 private:
  /// `then` comes on the probe thread: at once, or when a worker has resolved the names.
  void prepared(Prepare question, std::function<void(Result<MakeSlot>)> then);

  boost::asio::io_context& io_;
  std::unique_ptr<ports::Clock> clock_;
  boost::asio::thread_pool workers_{2};  // look-ups of names, which may block for long
  std::map<std::string, std::shared_ptr<Rhythm>> rhythms_;
  std::map<std::uint64_t, std::shared_ptr<OneShot>> one_shots_;
  std::uint64_t last_one_shot_ = 0;
};

}  // namespace muster::probes
