// `muster run` where a server holds the store: the server runs the drill, this terminal follows it,
// answers its questions, and stops it. The end of this process ends nothing there.
#pragma once
#include <filesystem>
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
struct RemoteEnd : Begun {
  WallTime asked{};
  std::uint64_t seen = 0;   // of its entries
  bool server_lost = true;  // of `broke`: else the server tells it
};
/// The run, once it is closed. `session` reads through the same server. `broke`: the server was
/// lost meanwhile; without an id, before it said whether it begins. An error: it was refused, or
/// not begun.
Result<RemoteEnd> run_on_server(const std::shared_ptr<http::Client>& server, Session& session,
                                const RemoteRun& wish);

/// Where the run is read that the server was lost over, now that it is closed. No run: none was
/// begun.
struct AfterServer {
  std::unique_ptr<Session> session;
  std::string run;
};
/// While somebody holds the store that may still close it, it is waited for: for half a minute at
/// the most. The entries that `lost` did not see yet are shown as JSON when that is wished. An
/// error: nobody closed it, or it cannot be known.
Result<AfterServer> after_server(const std::filesystem::path& workspace, const RemoteRun& wish,
                                 const RemoteEnd& lost);

}  // namespace muster::cli
