// One channel of a session: a command with its three streams, or a tunnel to another host. Stepped
// by its session, which owns it together with the process's handle. Thread: the io_context's.
#pragma once
#include <libssh2.h>

#include <cstdint>
#include <deque>
#include <string>

#include "adapters/ssh/raw_session.hpp"
#include "base/time.hpp"
#include "ports/transport.hpp"

namespace muster::ssh {

/// What a channel is for: a command, or a connection to `host` from the far end.
struct Errand {
  std::string command;
  std::string host;
  std::uint16_t port = 0;
};

class Stream {
 public:
  /// What the far end may send before we read it.
  static constexpr unsigned kWindowBytes = 256u << 10;
  /// What one turn reads at most: a host that babbles must not starve the others.
  static constexpr std::size_t kTurnBytes = 256u << 10;

  Stream(Errand errand, ports::ProcessEvents events)
      : errand_{std::move(errand)}, events_{std::move(events)} {}

  enum class Turn { waits, more, over };
  /// Goes on as far as it can; `may_open` for one stream of a session at a time.
  Turn turn(RawSession& session, bool may_open);
  bool opening() const { return state_ == State::opening; }
  bool begun() const { return state_ == State::running || state_ == State::closing; }
  /// The session is over: tells the process's owner.
  void end(const ports::ProcessEnd& end);

  /// Asks the far end for any answer, in its next turn; false when this one cannot.
  bool ask_for_life();

  // The handle's side.
  void send(std::string bytes) { unsent_.push_back(std::move(bytes)); }
  void detach();

  Instant asked{};

 private:
  enum class State { queued, opening, starting, running, closing };
  Turn open(RawSession& session);
  Turn start(RawSession& session);
  Turn run(RawSession& session);
  Turn close();
  Turn refused(RawSession& session, std::string_view what);
  bool write(RawSession& session);
  Turn read(RawSession& session);
  Turn finish(RawSession& session);
  static std::string last_error(RawSession& session);

  Errand errand_;
  ports::ProcessEvents events_;
  LIBSSH2_CHANNEL* channel_ = nullptr;
  State state_ = State::queued;
  std::deque<std::string> unsent_;
  std::size_t written_ = 0;  // of the front
  bool detached_ = false, asking_ = false;
};

}  // namespace muster::ssh
