// Writes what a watcher reads without ever waiting for the watcher: a terminal that was stopped
// with Ctrl-S, or a pager that is not read, must not hold up a run that has faults to revert.
//
// Thread: the io_context's. What does not get through waits in memory, up to kBytesMax; what comes
// then is dropped and counted, and the count is written once there is room again. The record has it
// all (`muster audit log`).
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace muster::terminal {

class Output {
 public:
  static constexpr std::size_t kBytesMax = 4u << 20;

  /// `fd` stays the caller's and is not made non-blocking (other processes may share it): a
  /// terminal or pipe is opened anew, a socket is asked each time not to wait. Files, and what
  /// cannot be opened anew, are written directly.
  Output(boost::asio::io_context& io, int fd);
  /// What has not got through by now is lost; see drain().
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(std::string_view bytes);
  /// Everything got through: a picture that is painted now is seen now.
  bool idle() const;
  /// Blocks until everything got through, or for `most`.
  void drain(Duration most);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace muster::terminal
