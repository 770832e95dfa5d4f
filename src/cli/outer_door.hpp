// The API over TCP, as inventory/server.yaml says: TLS, tokens as the workspace's log tells of them
// at each moment, limits. Whoever holds the store opens it, a single run too.
//
// Thread: the session's loop.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "adapters/http/tcp_server.hpp"
#include "cli/session.hpp"
#include "cli/workspace_log.hpp"
#include "model/server.hpp"
#include "ports/clock.hpp"

namespace muster::cli {

class OuterDoor {
 public:
  using Notice = std::function<void(const std::string&)>;

  /// Null: server.yaml is not there. All must outlive it; `log` is open. Errors: the file is wrong,
  /// its certificate cannot be used, or its address cannot be listened on.
  static Result<std::unique_ptr<OuterDoor>> open(Session& session, ports::Clock& clock,
                                                 WorkspaceLog& log, http::Handler handler,
                                                 Notice notice);
  ~OuterDoor();

  /// For people: "https://127.0.0.1:7420".
  std::string url() const;

 private:
  struct Parts;
  explicit OuterDoor(std::shared_ptr<Parts> parts);
  std::shared_ptr<Parts> parts_;
};

}  // namespace muster::cli
