// A LIBSSH2_SESSION with its memory and its bytes: what it may allocate is bounded, what it sends
// is always taken (libssh2 cannot interleave anything with a packet that was sent by half), what it
// reads comes from the wire without waiting. Thread: the io_context's, or a worker's in its place.
#pragma once
#include <libssh2.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "adapters/ssh/wire.hpp"

namespace muster::ssh {

class RawSession {
 public:
  /// Beyond it allocations fail and with them the session: a host can make us keep no more.
  static constexpr long kMemoryBytesMax = 8L << 20;
  static constexpr std::size_t kUnsentBytesMax = 1u << 20;

  explicit RawSession(std::unique_ptr<Wire> wire);
  /// Says goodbye when `polite`, frees everything, closes the wire.
  ~RawSession();
  RawSession(const RawSession&) = delete;
  RawSession& operator=(const RawSession&) = delete;

  LIBSSH2_SESSION* get() const { return raw_; }
  /// Sends what waits.
  void flush();
  /// Has `wake` called when there is more to do. Only while somebody reads: what nobody reads would
  /// wake for ever.
  void watch(std::function<void()> wake) { wire_->watch(unsent() > 0, std::move(wake)); }
  /// The far end has closed, whatever is still unread.
  bool closed() { return wire_->closed(); }
  /// The wire may have something to read again.
  void look_again() { drained_ = false; }
  /// The far end has closed, or the wire is broken: "" or why.
  const std::string& broken() const { return broken_; }
  /// What the host said when it left, printable; "" when it did not.
  const std::string& goodbye() const { return goodbye_; }
  /// Bytes came since this was asked last.
  bool was_heard() { return std::exchange(heard_, false); }
  std::size_t unsent() const { return unsent_.size() - sent_; }
  long memory() const { return memory_; }
  void be_polite() { polite_ = true; }

 private:
  struct Hooks;
  ssize_t receive(char* to, std::size_t size);
  ssize_t send(const char* from, std::size_t size);

  std::unique_ptr<Wire> wire_;
  LIBSSH2_SESSION* raw_ = nullptr;
  std::string unsent_, broken_, goodbye_;
  std::size_t sent_ = 0;  // of unsent_
  long memory_ = 0;
  bool drained_ = false, heard_ = false, polite_ = false, leaving_ = false;
};

}  // namespace muster::ssh
