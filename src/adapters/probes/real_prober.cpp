#include "adapters/probes/real_prober.hpp"

#include <pthread.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <thread>

#include "adapters/probes/probe_room.hpp"

namespace muster::probes {

struct RealProber::Impl {
  Impl(boost::asio::io_context& engine_io, const MakeClock& make_clock)
      : engine{engine_io},
        room{std::make_unique<ProbeRoom>(io, make_clock(io))},
        work{boost::asio::make_work_guard(io)},
        thread{[this] {
          ::pthread_setname_np(::pthread_self(), "muster-probes");
          io.run();
        }} {}
  ~Impl() {
    io.stop();
    thread.join();
    for (const auto& [name, outbox] : outboxes) outbox->close();
    *alive = false;
  }

  /// Carried out on the engine's thread, unless the prober is gone by then.
  template <class Fn>
  void tell_engine(Fn fn) {
    boost::asio::post(engine, [still = alive, fn = std::move(fn)]() mutable {
      if (*still) fn();
    });
  }
  /// What is still in it first.
  void retire(const std::shared_ptr<Outbox>& outbox) {
    outbox->deliver();
    outbox->close();
    std::erase_if(outboxes, [&](const auto& entry) { return entry.second == outbox; });
  }
  void ask(Prepare question, Duration timeout, OneShot::Done done) {
    boost::asio::post(io, [this, question = std::move(question), timeout, done = std::move(done)] {
      room->ask(question, timeout, [this, done](Asked asked) {
        tell_engine([done, asked = std::move(asked)] { done(asked); });
      });
    });
  }

  boost::asio::io_context& engine;
  const std::shared_ptr<bool> alive = std::make_shared<bool>(true);  // engine's thread only
  std::map<std::string, std::shared_ptr<Outbox>> outboxes;           // engine's thread only
  boost::asio::io_context io{1};
  std::unique_ptr<ProbeRoom> room;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work;
  std::thread thread;
};

RealProber::RealProber(boost::asio::io_context& engine, const MakeClock& make_clock)
    : impl_{std::make_unique<Impl>(engine, make_clock)} {}

RealProber::~RealProber() = default;

void RealProber::start(ports::ServiceProbe probe,
                       std::function<void(std::vector<measure::Sample>)> sink) {
  auto& outbox = impl_->outboxes[probe.service];
  if (outbox) outbox->close();
  outbox = std::make_shared<Outbox>(impl_->engine.get_executor(), std::move(sink));
  boost::asio::post(impl_->io, [impl = impl_.get(), outbox, probe = std::move(probe)] {
    impl->room->start(probe, outbox);
  });
}

void RealProber::stop(const std::string& service, std::function<void()> done) {
  const auto found = impl_->outboxes.find(service);
  const auto outbox = found == impl_->outboxes.end() ? nullptr : found->second;
  boost::asio::post(impl_->io, [impl = impl_.get(), service, outbox, done = std::move(done)] {
    impl->room->stop(service, [impl, outbox, done] {
      impl->tell_engine([impl, outbox, done] {
        if (outbox) impl->retire(outbox);
        done();
      });
    });
  });
}

void RealProber::ask(const catalogue::ProbeSpec& probe, Duration timeout,
                     std::function<void(ports::ProbeAnswer)> done) {
  impl_->ask(question(probe), timeout, [done = std::move(done)](const Asked& asked) {
    measure::Sample sample{
        1, asked.sent, asked.sent, asked.completed, asked.answer.outcome, asked.answer.why};
    done({std::move(sample), asked.answer.evidence, asked.answer.asked});
  });
}

void RealProber::read_back(const ports::ServiceProbe& probe, Duration timeout,
                           std::function<void(ports::ReadBack)> done) {
  const auto survivors = std::make_shared<measure::Survivors>();
  impl_->ask(read_back_question(probe, survivors), timeout,
             [survivors, done = std::move(done)](const Asked& asked) {
               ports::ReadBack back;
               back.read = asked.answer.outcome == measure::Outcome::ok;
               back.why = asked.answer.why;
               if (back.read) back.survivors = std::move(*survivors);
               done(std::move(back));
             });
}

}  // namespace muster::probes
