// The `ssh` connection: processes on hosts over libssh2, many hosts at once, one session a host. It
// asks for nothing, weakens nothing of the user's ssh_config, and accepts no host key that is not
// in known_hosts. What libssh2 cannot do ends with `needs_openssh` and the reason. Thread: the
// io_context's; two workers look names up and decrypt keys. Source: docs/connections.md.
#pragma once
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "ports/clock.hpp"
#include "ports/transport.hpp"

namespace muster::ssh {

struct Options {
  std::vector<std::string> ssh = {"ssh"};  // for `ssh -G`; tests name a config of their own
  /// From TCP's first packet to the end of the login; and for the start of a command.
  Duration connect_within = std::chrono::seconds{15};
  Duration silent_after = std::chrono::seconds{5};  // then it is asked whether it lives
  Duration dead_after = std::chrono::seconds{15};   // so much silence ends the connection
  Duration idle = std::chrono::seconds{60};         // a connection without a process ends
  int at_once = 64;                                 // hosts that are being connected
};

class SshTransport final : public ports::Transport {
 public:
  /// Both must outlive it.
  SshTransport(boost::asio::io_context& io, ports::Clock& clock, Options options = {});
  /// Ends every connection. Waits for a worker that resolves a name or decrypts a key.
  ~SshTransport() override;

  std::unique_ptr<ports::RemoteProcess> start(const ports::HostAddress& host, std::string command,
                                              ports::ProcessEvents events) override;
  /// What libssh2 has allocated for all connections, in bytes.
  long memory() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster::ssh
