// A child process with three pipes, in a process group of its own. The only user of Boost.Process
// here. Thread: the io_context's. Callbacks never come from within start(), send() or kill(), and
// none after kill().
#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace muster::shell {

class Child {
 public:
  struct Events {
    std::function<void(std::string_view)> out;  // bytes of its stdout
    std::function<void(std::string_view)> err;
    std::function<void(int status)>
        ended;  // exited, and both streams are read to their end (or 200 ms passed)
  };
  /// argv[0] is looked up in PATH; one that is not there ends with status 127.
  static std::unique_ptr<Child> start(boost::asio::io_context& io,
                                      const std::vector<std::string>& argv, Events events);
  /// Kills the whole group.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void send(std::string bytes);

 private:
  struct Impl;
  explicit Child(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace muster::shell
