// Processes on a host over a connection of our own (adapters/ssh). What travels in them is the
// business of adapters/shell (docs/protocol.md); which client serves which host is told in
// docs/connections.md.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "ports/shell.hpp"

namespace muster::ports {

/// How a process ended, or why it never began.
struct ProcessEnd {
  int status = -1;  // its exit status; -1: none came
  /// "" or what happened and what to do about it, for a reader. Untrusted parts are printable.
  std::string why;
  /// Nothing was begun; only the system's ssh can serve this host, and `why` says for what reason.
  bool needs_openssh = false;
};

/// None comes from within start() or send(); after the process is destroyed none comes at all.
struct ProcessEvents {
  std::function<void()> ready;                // it runs: bytes may be sent
  std::function<void(std::string_view)> out;  // bytes of its stdout
  std::function<void(std::string_view)> err;
  std::function<void(const ProcessEnd&)> ended;  // once, and the last
};

/// A process somewhere. Destruction ends it: its stdin and streams are closed.
class RemoteProcess {
 public:
  virtual ~RemoteProcess() = default;
  /// Only after `ready`. What the far end does not take waits in memory.
  virtual void send(std::string bytes) = 0;
};

/// Used from the engine's thread; events come on it.
class Transport {
 public:
  virtual ~Transport() = default;
  /// Always ends with `ended`, also when the host never answers: its limits of time are its own.
  virtual std::unique_ptr<RemoteProcess> start(const HostAddress& host, std::string command,
                                               ProcessEvents events) = 0;
};

}  // namespace muster::ports
