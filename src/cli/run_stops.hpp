// How a run is told to end from outside of it: the signals of its process, and what becomes of that
// which waits for its end.
// Thread: the session's loop.
#pragma once
#include <boost/asio/signal_set.hpp>
#include <string>

#include "cli/live.hpp"
#include "cli/runner.hpp"
#include "engine/driver.hpp"

namespace muster::cli {

class RunStops {
 public:
  /// All must outlive it; `actor` is who runs this process.
  RunStops(Session& session, WorkspaceLog& workspace, const RunOptions& options,
           journal::Actor actor);

  /// From now on signals are kept until watch(): before its first turn a run hears nothing.
  void listen();
  /// Hands signals to the run until cancel(). What was wanted before the signals were its own
  /// (RunOptions::stop_asked) stops it at once.
  void watch(engine::Driver& driver, LiveView& view);
  void cancel() { signals_.cancel(); }

  /// What is to be said of a request that the run answered with `refused` (""; it was taken). To
  /// stop what is stopping already stops what waits for it: that is no less of a request.
  std::string answered(const engine::Request& request, std::string refused);

 private:
  std::string not_begun() const { return options_.waits + " is not begun"; }
  engine::Request meaning_of(int signal);
  void await(engine::Driver& driver, LiveView& view);

  WorkspaceLog& workspace_;
  const RunOptions& options_;
  const journal::Actor actor_;
  boost::asio::signal_set signals_;
  bool interrupted_ = false;  // by Ctrl-C
  int stops_ = 0;             // that were asked for
};

}  // namespace muster::cli
