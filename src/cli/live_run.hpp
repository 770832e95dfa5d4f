// A run that goes on in another process of this workspace, asked over its socket.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "adapters/http/client.hpp"
#include "base/json.hpp"
#include "cli/person_key.hpp"
#include "cli/workspace.hpp"

namespace muster::cli {

/// Which of the runs in an answer of `GET /v1/status` is meant by `wanted`: an id, the beginning of
/// one, or "" for the only one. An error: none, or several.
Result<std::string> pick_run(const Json& status, const std::string& wanted);

class LiveRun {
 public:
  /// `wanted`: as pick_run takes it. The error names a run that died, when that one can be meant.
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

/// Posts, signed when that is wanted, and prints `said` or why it was refused. The exit code.
int post(const Where& where, const std::string& wanted,
         const std::function<std::string(const std::string& run)>& target, const Json& body,
         const std::string& said, const SignWith& sign);

}  // namespace muster::cli
