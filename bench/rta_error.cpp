// Is the measured recovery time true? A server is a process of its own, paused with SIGSTOP for a
// known time; the prober asks it over HTTP and the measurement is made as in a drill. Each measured
// interval must contain the truth; its width is the price of asking only now and then.
//
//   bench_rta_error [PAUSES a rhythm = 5]
//
// The truth itself is an interval: the signal takes effect between the call and its return. Exits 1
// when an interval misses it.
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio.hpp>
#include <cstdlib>

#include "adapters/clock/asio_clock.hpp"
#include "adapters/probes/real_prober.hpp"
#include "measure/recovery.hpp"

namespace {

using namespace muster;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;

/// A child that answers every request at once, one after the other, until it is killed.
class Server {
 public:
  Server() {
    boost::asio::io_context io;
    tcp::acceptor acceptor{io, {boost::asio::ip::address_v4::loopback(), 0}};
    port_ = acceptor.local_endpoint().port();
    pid_ = ::fork();
    if (pid_ == 0) serve(acceptor.native_handle());
  }
  ~Server() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  void pause() const { stop_or_go(SIGSTOP, WUNTRACED); }
  void resume() const { stop_or_go(SIGCONT, WCONTINUED); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

 private:
  [[noreturn]] static void serve(int listener) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    static constexpr char kAnswer[] =
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nup\n";
    while (true) {
      const int client = ::accept(listener, nullptr, nullptr);
      char request[4096];
      if (::recv(client, request, sizeof request, 0) > 0)
        ::send(client, kAnswer, sizeof kAnswer - 1, MSG_NOSIGNAL);
      ::close(client);
    }
  }
  /// Returns when the child has stopped or gone on.
  void stop_or_go(int signal, int what) const {
    ::kill(pid_, signal);
    ::waitpid(pid_, nullptr, what);
  }
  std::uint16_t port_ = 0;
  pid_t pid_ = 0;
};

struct Result {
  measure::Interval truth;
  std::optional<measure::Interval> measured;
  bool contains() const {
    return measured && measured->hi && measured->lo <= truth.lo && *truth.hi <= *measured->hi;
  }
};

Result measure_pause(Duration every, Duration timeout, Duration pause) {
  const Server server;
  boost::asio::io_context engine{1};
  const auto work = boost::asio::make_work_guard(engine);
  clock::AsioClock clock{engine};
  probes::RealProber prober{
      engine, [](boost::asio::io_context& io) { return std::make_unique<clock::AsioClock>(io); }};
  ports::ServiceProbe service;
  service.service = "paused";
  service.probe = {"http", {{"url", server.url()}, {"status", "200"}, {"contains", "up"}}};
  service.every = every;
  service.timeout = timeout;
  std::vector<measure::Sample> samples;
  prober.start(service, [&](std::vector<measure::Sample> batch) {
    samples.insert(samples.end(), batch.begin(), batch.end());
  });

  const Duration window = 20 * every;
  measure::Moment stop, go;
  bool stopped = false;
  clock.at(clock.now() + 2 * window, [&] {
    stop.lo = clock.now();
    server.pause();
    stop.hi = clock.now();
    clock.at(*stop.hi + pause, [&] {
      go.lo = clock.now();
      server.resume();
      go.hi = clock.now();
      clock.at(*go.hi + 2 * window + 2 * timeout + 1s,
               [&] { prober.stop("paused", [&] { stopped = true; }); });
    });
  });
  while (!stopped) engine.run_one_for(1s);

  measure::RecoveryQuestion question;
  question.probing.up = {0.9, window};
  question.probing.every = every;
  question.probing.timeout = timeout;
  question.inject = stop;
  question.declared = {{"stop", *stop.lo, std::nullopt, stop.hi}};
  return {measure::between(stop, go), measure::measure_recovery(samples, question).rta_from_outage};
}

double ms(Duration d) {
  return static_cast<double>(d.count()) / 1e6;
}

bool measure_rhythm(Duration every, Duration timeout, int pauses) {
  bool all = true;
  double width_sum = 0;
  for (int i = 0; i < pauses; ++i) {
    // Lengths that are no multiple of the rhythm, so that the ends fall anywhere between two
    // probes.
    const Duration pause = 2 * timeout + 700ms + i * 137ms + 11ms;
    const auto r = measure_pause(every, timeout, pause);
    if (!r.measured || !r.measured->hi) {
      fmt::print("every {} ms: no outage and recovery seen\n", every / 1ms);
      return false;
    }
    const Duration width = *r.measured->hi - r.measured->lo;
    width_sum += ms(width);
    all = all && r.contains();
    fmt::print(
        "every {:>4} ms timeout {:>4} ms  truth [{:.2f}, {:.2f}] ms  measured [{:.2f}, {:.2f}] ms  "
        "width {:.1f} ms  {}\n",
        every / 1ms, timeout / 1ms, ms(r.truth.lo), ms(*r.truth.hi), ms(r.measured->lo),
        ms(*r.measured->hi), ms(width), r.contains() ? "contains" : "MISSES");
  }
  fmt::print("every {:>4} ms timeout {:>4} ms  mean width {:.1f} ms  {}\n\n", every / 1ms,
             timeout / 1ms, width_sum / pauses,
             all ? "every interval contains the truth" : "AN INTERVAL MISSES THE TRUTH");
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  const int pauses = argc > 1 ? std::max(1, std::atoi(argv[1])) : 5;
  const bool fine = measure_rhythm(10ms, 50ms, pauses);
  const bool usual = measure_rhythm(100ms, 500ms, pauses);
  return fine && usual ? 0 : 1;
}
