// One question, asked once, with a time limit that holds from the first name look-up to the answer.
#pragma once
#include <functional>
#include <memory>

#include "adapters/probes/prepare.hpp"
#include "ports/clock.hpp"

namespace muster::probes {

struct Asked {
  Answer answer;
  Instant sent{};
  Instant completed{};
};

/// Probe thread only.
class OneShot {
 public:
  using Done = std::function<void(Asked)>;
  /// `done` comes once, maybe from within ask(), and must not destroy this.
  OneShot(boost::asio::io_context& io, ports::Clock& clock, Duration timeout, Done done);
  ~OneShot() { clock_.cancel(timer_); }
  OneShot(const OneShot&) = delete;
  OneShot& operator=(const OneShot&) = delete;

  /// Once the question is prepared. Ignored when time is up.
  void ask(const Result<MakeSlot>& make);

 private:
  void out_of_time();
  void finish(Answer answer);

  boost::asio::io_context& io_;
  ports::Clock& clock_;
  ports::Clock::Timer timer_ = 0;
  Instant sent_{};
  Done done_;
  std::unique_ptr<Slot> slot_;
};

}  // namespace muster::probes
