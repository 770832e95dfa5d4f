// Whether somebody wants a command to end that does several things one after the other: a signal,
// at whichever moment it comes, or `muster abort` of what goes on. What goes on is stopped by its
// own means; what would come after it is not begun.
// Thread: the session's loop.
#pragma once
#include <boost/asio/signal_set.hpp>

#include "cli/runner.hpp"
#include "cli/session.hpp"

namespace muster::cli {

class StopWatch {
 public:
  /// From now on no such signal ends the process by itself. The session must outlive it.
  explicit StopWatch(Session& session);
  StopWatch(const StopWatch&) = delete;
  StopWatch& operator=(const StopWatch&) = delete;

  /// Also of what came just now. Lets the loop go round: not to be called by its handlers.
  bool asked();
  /// What these options are given to tells of it, and asks. It must outlive that.
  void follow(RunOptions& options);

 private:
  void watch();

  Session& session_;
  boost::asio::signal_set signals_;
  bool asked_ = false;
};

}  // namespace muster::cli
