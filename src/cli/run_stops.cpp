#include "cli/run_stops.hpp"

#include <fmt/format.h>

#include <csignal>
#include <utility>

#include "cli/run_loss.hpp"

namespace muster::cli {

namespace {

/// So many are recorded of those that stop what waits for a run: a terminal may send them for ever.
constexpr int kStopsMax = 20;

}  // namespace

RunStops::RunStops(Session& session, WorkspaceLog& workspace, const RunOptions& options,
                   journal::Actor actor)
    : workspace_{workspace}, options_{options}, actor_{std::move(actor)}, signals_{session.io()} {}

void RunStops::listen() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) signals_.add(signal);
}

void RunStops::watch(engine::Driver& driver, LiveView& view) {
  await(driver, view);
  if (!options_.stop_asked || !options_.stop_asked() || stops_ > 0) return;
  auto request = meaning_of(SIGTERM);
  request.reason = "it was told to end before its first step";
  answered(request, driver.request(request));
}

std::string RunStops::answered(const engine::Request& request, std::string refused) {
  const bool stops = request.what == engine::Request::What::abort ||
                     request.what == engine::Request::What::stop_waiting;
  if (!stops) return refused;
  ++stops_;
  if (options_.asked_to_stop) options_.asked_to_stop();
  if (options_.waits.empty() || refused.empty()) return refused;
  if (stops_ <= kStopsMax)
    workspace_.write(stopped_before(request, not_begun()), [](const journal::Written&) {});
  return refused + "; " + not_begun();
}

/// Only Ctrl-C, typed a second time, gives up on what is not proven undone. A terminal that is
/// lost sends SIGHUP, often twice: nobody has decided anything then.
engine::Request RunStops::meaning_of(int signal) {
  engine::Request request;
  request.actor = actor_;
  request.reason = signal == SIGHUP    ? "the terminal was lost (SIGHUP)"
                   : signal == SIGTERM ? "the process was told to end (SIGTERM)"
                                       : "interrupted at the terminal";
  if (signal == SIGINT && std::exchange(interrupted_, true))
    request.what = engine::Request::What::stop_waiting;
  return request;
}

void RunStops::await(engine::Driver& driver, LiveView& view) {
  signals_.async_wait([this, &driver, &view](const boost::system::error_code& ec, int signal) {
    if (ec) return;
    const engine::Request request = meaning_of(signal);
    const auto refused = driver.request(request);
    answered(request, refused);
    if (request.what == engine::Request::What::stop_waiting)
      view.note(refused.empty()
                    ? "Not waiting any longer: what is not proven undone is listed below."
                    : "Not done: " + refused);
    else if (refused.empty() || signal == SIGINT || !options_.waits.empty())
      view.note(
          fmt::format("Stopping: everything is reverted first{}. Ctrl-C once more to stop "
                      "waiting for that.",
                      options_.waits.empty() ? "" : ", and " + not_begun()));
    await(driver, view);
  });
}

}  // namespace muster::cli
