// How late are the prober's probes? At a rhythm of 10 ms and of 1 ms, `sent - due` of every sample,
// beside a bare clock_nanosleep(TIMER_ABSTIME) loop on this machine in this minute: the ratio is
// Muster's own share. Five pairs in turn, and the median of them, since a machine's load changes
// while one waits.
//
//   bench_probe_lateness [SECONDS a measurement = 5]
//
// The probes are TCP connections to a listener of this process, so the rhythm is measured with its
// work.
#include <fmt/format.h>
#include <sys/prctl.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <boost/asio.hpp>
#include <cstdlib>
#include <thread>

#include "adapters/clock/asio_clock.hpp"
#include "adapters/probes/real_prober.hpp"

namespace {

using namespace muster;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;

struct Figures {
  double p50_us = 0, p99_us = 0, max_us = 0;
  std::size_t ran = 0, gaps = 0;
};

/// `late` in ns, one for each beat that ran; `beats` that there should have been.
Figures figures(std::vector<std::int64_t> late, std::size_t beats) {
  if (late.empty()) return {};
  std::sort(late.begin(), late.end());
  const auto at = [&](double share) {
    const auto index = static_cast<std::size_t>(share * static_cast<double>(late.size() - 1));
    return static_cast<double>(late[index]) / 1000.0;
  };
  return {at(0.5), at(0.99), at(1.0), late.size(), beats > late.size() ? beats - late.size() : 0};
}

std::int64_t boot_ns() {
  timespec t{};
  ::clock_gettime(CLOCK_BOOTTIME, &t);
  return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

Figures bare(Duration every, Duration length) {
  // Timerfds, which the prober uses, have no slack; sleeps have 50 us of it unless one asks.
  ::prctl(PR_SET_TIMERSLACK, 1);
  std::vector<std::int64_t> late;
  const std::int64_t origin = boot_ns();
  const auto beats = static_cast<std::size_t>(length / every);
  for (std::int64_t k = 1; k <= static_cast<std::int64_t>(beats);) {
    const std::int64_t due = origin + k * every.count();
    const timespec when{due / 1'000'000'000, due % 1'000'000'000};
    ::clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &when, nullptr);
    const std::int64_t now = boot_ns();
    late.push_back(now - due);
    k = (now - origin) / every.count() + 1;
  }
  return figures(std::move(late), beats);
}

/// Accepts and closes, for as long as it lives.
class Listener {
 public:
  Listener() : thread_{[this] { serve(); }} {}
  ~Listener() {
    boost::asio::post(io_, [this] { acceptor_.close(); });
    thread_.join();
  }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  void serve() {
    accept();
    io_.run();
  }
  void accept() {
    acceptor_.async_accept([this](const boost::system::error_code& ec, tcp::socket) {
      if (acceptor_.is_open() && ec != boost::asio::error::operation_aborted) accept();
    });
  }
  boost::asio::io_context io_{1};
  tcp::acceptor acceptor_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
  std::thread thread_;
};

Figures prober(std::uint16_t port, Duration every, Duration length) {
  boost::asio::io_context engine{1};
  const auto work = boost::asio::make_work_guard(engine);
  clock::AsioClock clock{engine};
  probes::RealProber real{
      engine, [](boost::asio::io_context& io) { return std::make_unique<clock::AsioClock>(io); }};
  ports::ServiceProbe service;
  service.service = "bench";
  service.probe = {"tcp", {{"address", "127.0.0.1:" + std::to_string(port)}}};
  service.every = every;
  service.timeout = 500ms;
  std::vector<measure::Sample> samples;
  real.start(service, [&](std::vector<measure::Sample> batch) {
    samples.insert(samples.end(), batch.begin(), batch.end());
  });
  bool stopped = false;
  clock.at(clock.now() + length, [&] { real.stop("bench", [&] { stopped = true; }); });
  while (!stopped) engine.run_one_for(1s);

  std::vector<std::int64_t> late;
  Instant last{};
  for (const auto& s : samples) {
    late.push_back((s.sent - s.due).count());
    last = std::max(last, s.due);
  }
  const auto first = samples.empty() ? last : measure::in_order(samples).front().due;
  return figures(std::move(late), static_cast<std::size_t>((last - first) / every + 1));
}

void print(const char* what, Duration every, const Figures& f) {
  fmt::print(
      "{:<7} {:>5} ms  p50 {:>8.1f} us  p99 {:>8.1f} us  max {:>9.1f} us  ran {:>6}  gaps {}\n",
      what, every / 1ms, f.p50_us, f.p99_us, f.max_us, f.ran, f.gaps);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const Duration length = std::chrono::seconds{argc > 1 ? std::max(1, std::atoi(argv[1])) : 5};
  const Listener listener;
  for (const Duration every : {Duration{10ms}, Duration{1ms}}) {
    std::vector<double> p50, p99, max;
    for (int pair = 0; pair < 5; ++pair) {
      const auto b = bare(every, length);
      const auto p = prober(listener.port(), every, length);
      print("bare", every, b);
      print("prober", every, p);
      p50.push_back(p.p50_us / b.p50_us);
      p99.push_back(p.p99_us / b.p99_us);
      max.push_back(p.max_us / b.max_us);
    }
    fmt::print(
        "ratio   {:>5} ms  p50 {:.2f}  p99 {:.2f}  max {:.2f}  (prober / bare, median of 5)\n\n",
        every / 1ms, median(p50), median(p99), median(max));
  }
}
