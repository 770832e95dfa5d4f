// Calls to real hosts: keeps one channel (`sh -s` at the other end) per host and identity, over a
// local child, a transport, or the system's ssh; one more for renewals, and one for each long job
// that runs at the same time.
//
// Thread: the one that runs the io_context (the engine's). Ignores SIGPIPE for the whole process.
// Retries nothing. `could_not` with no evidence: the call was never sent, so it certainly did not
// happen (Answer.output says what to do). `unknown`: it was sent and no answer came; its channel is
// dropped. What it is not: a scheduler. Calls of one host wait for each other unless they are long
// jobs. Source of the rules: docs/protocol.md.
#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ports/clock.hpp"
#include "ports/transport.hpp"

namespace muster::shell {

struct Options {
  std::vector<std::string> ssh = {"ssh"};  // tests put a stand-in here
  std::vector<std::string> sh = {"sh"};    // the local shell; tests try dash, busybox, bash
  /// Folder (0700) of the control sockets; "" = a new one in /tmp, removed by shutdown().
  std::string control_dir;
  /// State folder at *local* targets; "" = the normal one (docs/protocol.md, "State"). For tests.
  std::string local_target_dir;
  Duration connect_within = std::chrono::seconds{15};
  /// Serves hosts of Connection::ssh; must outlive the shell. Without it, the system's ssh does.
  ports::Transport* transport = nullptr;
  /// Told once a host that the system's ssh serves it in place of `transport`, and why.
  std::function<void(const std::string& host, const std::string& why)> notice;
  /// The master connection of a host lives this long after its last channel.
  Duration master_idle = std::chrono::seconds{60};
};

class RealShell final : public ports::Shell {
 public:
  /// Both must outlive it.
  RealShell(boost::asio::io_context& io, ports::Clock& clock, Options options = {});
  /// Kills what it started (not the ssh masters: they end by themselves after master_idle).
  ~RealShell() override;

  void call(ports::Call call, std::function<void(ports::Answer)> done) override;

  /// Answers what waits (could_not, or unknown when it was sent), ends channels and ssh masters,
  /// then calls `done`, within about two seconds. Afterwards every call is answered could_not.
  void shutdown(std::function<void()> done);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace muster::shell
