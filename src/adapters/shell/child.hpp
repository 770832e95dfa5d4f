// A child process with three pipes, in a session of its own, without a terminal. The only user of
// Boost.Process here. Thread: the io_context's. Callbacks never come from within start(), send() or
// kill(), and none after kill().
#pragma once
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "ports/transport.hpp"

namespace muster::shell {

class Child final : public ports::RemoteProcess {
 public:
  /// `ended`: exited, and both streams are read to their end (or 200 ms passed).
  using Events = ports::ProcessEvents;
  /// The program is looked up in PATH; one that is not there ends with status 127. Words NAME=VALUE
  /// before it go into its environment.
  static std::unique_ptr<Child> start(boost::asio::io_context& io,
                                      const std::vector<std::string>& argv, Events events);
  /// Kills the whole group.
  ~Child() override;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void send(std::string bytes) override;

 private:
  struct Impl;
  explicit Child(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace muster::shell
