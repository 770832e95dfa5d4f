// `muster run` where a server holds the store: the server runs the drill, this terminal follows it,
// answers its questions, and stops it. The end of this process ends nothing there.
#pragma once
#include <memory>
#include <string>

#include "adapters/http/client.hpp"
#include "cli/person_key.hpp"
#include "cli/runner.hpp"
#include "plan/plan.hpp"

namespace muster::cli {

/// The server of this workspace; nullptr: none, or a `muster run` that serves only itself.
Result<std::shared_ptr<http::Client>> find_server(const std::filesystem::path& workspace);

struct RemoteRun {
  const Where& where;
  const SignWith& sign;
  const plan::Plan& plan;  ///< as this process read it; the server must have the same
  bool allow_production = false;
  bool allow_dirty = false;
  bool json = false;
  bool ask_here = true;
};
/// The run's id, once it is closed. `session` reads through the same server. An error: the server
/// refused it, or was lost; whether the run goes on then, `muster show` tells.
Result<std::string> run_on_server(const std::shared_ptr<http::Client>& server, Session& session,
                                  const RemoteRun& wish);

}  // namespace muster::cli
