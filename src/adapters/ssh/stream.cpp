#include "adapters/ssh/stream.hpp"

#include <fmt/format.h>

#include <array>

#include "base/text.hpp"

namespace muster::ssh {

std::string Stream::last_error(RawSession& session) {
  char* text = nullptr;
  int size = 0;
  ::libssh2_session_last_error(session.get(), &text, &size, 0);
  return size > 0 ? printable({text, static_cast<std::size_t>(size)}) : "no reason given";
}

void Stream::detach() {
  detached_ = true;
  events_ = {};
  errand_.left = nullptr;
  unsent_.clear();
}

void Stream::send(std::string bytes) {
  left_ += bytes.size();
  unsent_.push_back(std::move(bytes));
}

void Stream::end(const ports::ProcessEnd& end) {
  if (detached_) return;
  const auto tell = std::move(events_.ended);
  detach();
  if (tell) tell(end);
}

std::string Stream::why_late() const {
  return is_tunnel() ? fmt::format(
                           "timed out: it gets no answer from {} port {}: is that host up, "
                           "is the network's way from there open?",
                           errand_.host, errand_.port)
                     : "timed out: its sshd answers, but starts no command there";
}

Stream::Turn Stream::turn(RawSession& session, bool may_open) {
  if (detached_ && state_ != State::opening && state_ != State::queued) state_ = State::closing;
  switch (state_) {
    case State::queued:
      if (detached_) return Turn::over;
      if (!may_open) return Turn::waits;
      state_ = State::opening;
      [[fallthrough]];
    case State::opening:
      return open(session);
    case State::starting:
      return start(session);
    case State::running:
      return run(session);
    case State::closing:
      return close();
  }
  return Turn::over;
}

Stream::Turn Stream::refused(RawSession& session, std::string_view what) {
  end({-1, fmt::format("{}: {}", what, last_error(session)), false});
  if (channel_ == nullptr) return Turn::over;
  state_ = State::closing;
  return close();
}

Stream::Turn Stream::open(RawSession& session) {
  channel_ = is_tunnel() ? ::libssh2_channel_direct_tcpip_ex(session.get(), errand_.host.c_str(),
                                                             errand_.port, "127.0.0.1", 22)
                         : ::libssh2_channel_open_ex(session.get(), "session", 7, kWindowBytes,
                                                     LIBSSH2_CHANNEL_PACKET_DEFAULT, nullptr, 0);
  if (channel_ == nullptr) {
    if (::libssh2_session_last_errno(session.get()) == LIBSSH2_ERROR_EAGAIN) return Turn::waits;
    return refused(session, is_tunnel()
                                ? "its sshd does not connect onwards: is AllowTcpForwarding on, is "
                                  "the way from there open?"
                                : "sshd there opens no session for a command (MaxSessions?)");
  }
  state_ = State::starting;
  return turn(session, false);
}

Stream::Turn Stream::start(RawSession& session) {
  if (!is_tunnel()) {
    const int rc = ::libssh2_channel_process_startup(channel_, "exec", 4, errand_.command.data(),
                                                     static_cast<unsigned>(errand_.command.size()));
    if (rc == LIBSSH2_ERROR_EAGAIN) return Turn::waits;
    if (rc != 0)
      return refused(session, "sshd there starts no command (a forced command, no shell?)");
  }
  state_ = State::running;
  if (const auto ready = events_.ready) ready();
  return turn(session, false);
}

bool Stream::ask_for_life() {
  const bool can = state_ == State::running && !is_tunnel() && !detached_;
  asking_ = asking_ || can;
  return can;
}

Stream::Turn Stream::run(RawSession& session) {
  // A running command has no more use for a variable: sshd refuses it, and so has answered.
  if (asking_ &&
      ::libssh2_channel_setenv_ex(channel_, "LC_MUSTER", 9, "", 0) != LIBSSH2_ERROR_EAGAIN)
    asking_ = false;
  if (!write(session)) return refused(session, "it cannot be written to");
  const auto read_turn = read(session);
  if (detached_) return turn(session, false);
  return read_turn;
}

bool Stream::write(RawSession& session) {
  const auto before = left_;
  const bool can = push(session);
  // The last thing: its receiver may let go of this stream.
  if (const auto tell = errand_.left; tell && left_ != before) tell(left_);
  return can;
}

bool Stream::push(RawSession& session) {
  // What libssh2 takes is only buffered: leave it to the network before giving it more.
  while (!unsent_.empty() && session.unsent() < RawSession::kUnsentBytesMax / 4) {
    const std::string_view rest = std::string_view{unsent_.front()}.substr(written_);
    const auto n = ::libssh2_channel_write_ex(channel_, 0, rest.data(), rest.size());
    if (n == LIBSSH2_ERROR_EAGAIN || n == 0) return true;
    if (n < 0) return n == LIBSSH2_ERROR_CHANNEL_CLOSED || n == LIBSSH2_ERROR_CHANNEL_EOF_SENT;
    written_ += static_cast<std::size_t>(n);
    left_ -= static_cast<std::size_t>(n);
    if (written_ < unsent_.front().size()) continue;
    unsent_.pop_front();
    written_ = 0;
  }
  return true;
}

Stream::Turn Stream::read(RawSession& session) {
  static thread_local std::array<char, 32768> bytes;
  std::size_t total = 0;
  bool quiet = false;
  while (!quiet && total < kTurnBytes) {
    quiet = true;
    for (const int number : {0, SSH_EXTENDED_DATA_STDERR}) {
      const auto n = ::libssh2_channel_read_ex(channel_, number, bytes.data(), bytes.size());
      if (n <= 0) continue;
      quiet = false;
      total += static_cast<std::size_t>(n);
      const auto tell = number == 0 ? events_.out : events_.err;
      if (tell) tell({bytes.data(), static_cast<std::size_t>(n)});
      if (detached_) return Turn::waits;
    }
  }
  if (!quiet) return Turn::more;
  return ::libssh2_channel_eof(channel_) == 1 ? finish(session) : Turn::waits;
}

Stream::Turn Stream::finish(RawSession& session) {
  if (!is_tunnel() && ::libssh2_channel_wait_closed(channel_) == LIBSSH2_ERROR_EAGAIN)
    return Turn::waits;
  ports::ProcessEnd end;
  // A command that a signal killed has exit status 0 here: ask for the signal first.
  char* signal = nullptr;
  std::size_t size = 0;
  ::libssh2_channel_get_exit_signal(channel_, &signal, &size, nullptr, nullptr, nullptr, nullptr);
  if (signal != nullptr) {
    end.why = "signal " + printable(bounded({signal, size}, 32)) + " ended it";
    ::libssh2_free(session.get(), signal);
  } else {
    end.status = ::libssh2_channel_get_exit_status(channel_);
  }
  this->end(end);
  state_ = State::closing;
  return close();
}

Stream::Turn Stream::close() {
  if (::libssh2_channel_free(channel_) == LIBSSH2_ERROR_EAGAIN) return Turn::waits;
  channel_ = nullptr;
  return Turn::over;
}

Process::~Process() {
  stream_->detach();
  if (stream_->wake) stream_->wake();
}

void Process::send(std::string bytes) {
  stream_->send(std::move(bytes));
  if (stream_->wake) stream_->wake();
}

}  // namespace muster::ssh
