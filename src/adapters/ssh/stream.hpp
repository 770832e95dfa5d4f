// One channel of a session: a command with its three streams, or a tunnel to another host. Stepped
// by its session, which owns it together with the process's handle. Thread: the io_context's.
#pragma once
#include <libssh2.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
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
  /// Told how many bytes are not sent yet, whenever some were. None after the process is destroyed.
  std::function<void(std::size_t bytes)> left;
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
  bool queued() const { return state_ == State::queued; }
  bool opening() const { return state_ == State::opening; }
  bool begun() const { return state_ == State::running || state_ == State::closing; }
  /// Nobody holds its handle any more, or its owner was told the end.
  bool detached() const { return detached_; }
  /// It depends on a third host, which may be dead while this session's is not.
  bool is_tunnel() const { return !errand_.host.empty(); }
  /// What to say when it does not begin in time.
  std::string why_late() const;
  /// The session is over: tells the process's owner.
  void end(const ports::ProcessEnd& end);

  /// Asks the far end for any answer, in its next turn; false when this one cannot.
  bool ask_for_life();

  // The handle's side.
  void send(std::string bytes);
  void detach();

  Instant since{};             // of its state, up to `begun`: its session's to keep
  std::function<void()> wake;  // its session goes on with it

 private:
  enum class State { queued, opening, starting, running, closing };
  Turn open(RawSession& session);
  Turn start(RawSession& session);
  Turn run(RawSession& session);
  Turn close();
  Turn refused(RawSession& session, std::string_view what);
  bool write(RawSession& session);
  bool push(RawSession& session);
  Turn read(RawSession& session);
  Turn finish(RawSession& session);
  static std::string last_error(RawSession& session);

  Errand errand_;
  ports::ProcessEvents events_;
  LIBSSH2_CHANNEL* channel_ = nullptr;
  State state_ = State::queued;
  std::deque<std::string> unsent_;
  std::size_t written_ = 0;  // of the front
  std::size_t left_ = 0;     // of all
  bool detached_ = false, asking_ = false;
};

/// What the owner of a process holds: letting go of it ends the stream, in whichever session it is.
class Process final : public ports::RemoteProcess {
 public:
  explicit Process(std::shared_ptr<Stream> stream) : stream_{std::move(stream)} {}
  ~Process() override;
  void send(std::string bytes) override;

 private:
  std::shared_ptr<Stream> stream_;
};

}  // namespace muster::ssh
