// What carries a session's bytes: a TCP connection, or a channel of the session to a jump host.
#pragma once
#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "ports/transport.hpp"

namespace muster::ssh {

/// Thread: read and write also from a worker, while the loop leaves the session alone.
class Wire {
 public:
  virtual ~Wire() = default;
  /// Bytes read; 0: the far end closed; -EAGAIN: nothing is there yet; another -errno: broken.
  virtual ssize_t read(char* to, std::size_t size) = 0;
  /// Bytes taken, or -EAGAIN, or another -errno.
  virtual ssize_t write(const char* from, std::size_t size) = 0;
  /// The far end has closed, whatever is still unread.
  virtual bool closed() = 0;
  /// `wake` is called once, later, when there is something to read, or room when `room` is wanted.
  virtual void watch(bool room, std::function<void()> wake) = 0;
};

/// Connects to the first of `addresses` (numeric) that answers; `done` has the wire, or why not.
/// One that is silent has `each`, so that the next is tried; the last one has no limit here.
/// Dropping the returned object stops it.
std::shared_ptr<void> connect_tcp(
    boost::asio::io_context& io, const std::vector<std::string>& addresses, std::uint16_t port,
    Duration each, std::function<void(std::unique_ptr<Wire>, const std::string& why)> done);

/// A wire through a process whose bytes go to the host and come from it.
class TunnelWire final : public Wire {
 public:
  /// What waits at most for the session to read it.
  static constexpr std::size_t kBytesMax = 4u << 20;
  /// What waits at most for the process to send it: a jump host may take nothing for long.
  static constexpr std::size_t kUnsentBytesMax = 256u << 10;
  explicit TunnelWire(boost::asio::io_context& io) : io_{io} {}
  void through(std::unique_ptr<ports::RemoteProcess> process) { process_ = std::move(process); }
  /// The process's events end here.
  void arrived(std::string_view bytes);
  void ended();
  /// So many bytes that it was given are not sent yet. Said whenever some were.
  void left(std::size_t bytes);

  ssize_t read(char* to, std::size_t size) override;
  ssize_t write(const char* from, std::size_t size) override;
  bool closed() override;
  void watch(bool room, std::function<void()> wake) override;

 private:
  boost::asio::io_context& io_;
  std::unique_ptr<ports::RemoteProcess> process_;
  std::mutex mutex_;  // a worker may read while more arrives
  std::string in_, out_;
  std::size_t taken_ = 0, unsent_ = 0;
  bool closed_ = false, wants_room_ = false;
  std::function<void()> wake_;
};

}  // namespace muster::ssh
