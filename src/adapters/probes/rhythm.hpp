// One service, asked at a fixed rhythm whether or not earlier questions are still unanswered.
#pragma once
#include <memory>
#include <vector>

#include "adapters/probes/outbox.hpp"
#include "adapters/probes/slot.hpp"
#include "base/result.hpp"
#include "ports/clock.hpp"

namespace muster::probes {

/// Probe thread only. Samples go to the outbox about once a second, in order of completion. A beat
/// does not ask when it was missed, when every slot is taken, or when the engine holds too many
/// samples uncollected.
class Rhythm {
 public:
  Rhythm(boost::asio::io_context& io, ports::Clock& clock, Duration every, Duration timeout,
         std::shared_ptr<Outbox> outbox);
  ~Rhythm();
  Rhythm(const Rhythm&) = delete;
  Rhythm& operator=(const Rhythm&) = delete;

  /// The first question is asked at once. A question that cannot be asked fails at every beat: it
  /// is as down as its users find it.
  void begin(const Result<MakeSlot>& make);
  /// No more questions; `done` once those under way are answered or given up, and in the outbox.
  void stop(std::function<void()> done);

 private:
  struct Flight {
    std::unique_ptr<Slot> slot;
    bool asking = false;
    measure::Sample sample;
    ports::Clock::Timer give_up = 0;
  };
  void beat(Instant due);
  void ask(Flight& flight, Instant due);
  void answered(Flight& flight, const Answer& answer);
  Flight* free_flight();
  std::size_t asking() const;
  void send_batch();
  void schedule_batch();
  void end_if_stopped();

  boost::asio::io_context& io_;
  ports::Clock& clock_;
  const Duration every_;
  const Duration timeout_;
  const std::shared_ptr<Outbox> outbox_;
  MakeSlot make_;
  Instant origin_{};
  std::uint64_t last_n_ = 0;
  std::vector<std::unique_ptr<Flight>> flights_;
  std::vector<measure::Sample> batch_;
  ports::Clock::Timer beat_timer_ = 0;
  ports::Clock::Timer batch_timer_ = 0;
  bool stopping_ = false;
  std::vector<std::function<void()>> when_stopped_;
};

}  // namespace muster::probes
