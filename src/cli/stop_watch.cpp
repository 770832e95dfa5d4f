#include "cli/stop_watch.hpp"

#include <csignal>

namespace muster::cli {

StopWatch::StopWatch(Session& session) : session_{session}, signals_{session.io()} {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) signals_.add(signal);
  watch();
}

void StopWatch::watch() {
  signals_.async_wait([this](const boost::system::error_code& ec, int) {
    if (ec) return;
    asked_ = true;
    watch();
  });
}

bool StopWatch::asked() {
  // A signal is a byte in a pipe, which only the loop reads.
  if (session_.io().stopped()) session_.io().restart();
  session_.io().poll();
  return asked_;
}

void StopWatch::follow(RunOptions& options) {
  options.asked_to_stop = [this] { asked_ = true; };
  options.stop_asked = [this] { return asked(); };
}

}  // namespace muster::cli
