// The run that goes on in another process of this workspace, asked over its socket.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "adapters/http/client.hpp"
#include "base/json.hpp"
#include "cli/workspace.hpp"

namespace muster::cli {

class LiveRun {
 public:
  /// `wanted`: id of the run, or the beginning of it; "" for whichever goes on. An error: none
  /// does, or another one.
  static Result<LiveRun> find(const Where& where, const std::string& wanted);

  const std::string& id() const { return id_; }
  /// The answer of what is asked with GET, or POST with a body; its error when it was refused.
  Result<Json> ask(const std::string& method, const std::string& target,
                   const Json& body = nullptr);

 private:
  LiveRun(std::shared_ptr<http::Client> client, std::string id)
      : client_{std::move(client)}, id_{std::move(id)} {}
  std::shared_ptr<http::Client> client_;
  std::string id_;
};

/// Posts, and prints `said` or why it was refused. The exit code.
int post(const Where& where, const std::string& wanted,
         const std::function<std::string(const std::string& run)>& target, const Json& body,
         const std::string& said);

}  // namespace muster::cli
