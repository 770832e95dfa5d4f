// Tells people something by a way that leads out of Muster: HTTP, SMTP, a command. Real:
// adapters/delivery.
#pragma once
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.hpp"

namespace muster::ports {

/// Of all texts but `body`, `message` and `input`: may hold `${secret.NAME}`, which is filled in
/// when it is sent, and never before.
struct HttpPost {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string sign_with;  ///< Key of the header Muster-Signature; "": not signed.
  std::string ca;         ///< File of certificates; "": those of the system.
};
struct Mail {
  std::string server;  ///< "smtp://HOST[:PORT]" or "smtps://…"
  bool tls_required = true;
  std::string ca;
  std::string user, password;
  std::string from;
  std::vector<std::string> to;
  std::string message;  ///< RFC 5322, lines ended by CR LF.
};
struct LocalCommand {
  std::vector<std::string> argv;
  std::string input;
};
struct Message {
  std::variant<HttpPost, Mail, LocalCommand> what;
  Duration within = std::chrono::seconds{10};  ///< For all of it.
};

/// What came back. `good`: the other side took it. Else it may have come all the same: an answer
/// that never came says nothing.
struct Told {
  bool good = false;
  std::string said;  ///< For people: without secrets, bounded, printable.
};

class Messenger {
 public:
  virtual ~Messenger() = default;
  /// Called on the engine's thread, which it never holds up; `done` is called there once, later. A
  /// messenger that is destroyed drops the answers that are outstanding.
  virtual void send(Message message, std::function<void(const Told&)> done) = 0;
};

}  // namespace muster::ports
