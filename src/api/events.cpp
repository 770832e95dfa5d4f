// The record as it grows.
#include <fmt/format.h>

#include "api/log_feed.hpp"
#include "api/routes.hpp"
#include "journal/logs.hpp"

namespace muster::api {
namespace {

void stream(WatchedStore& store, const ports::LogId& log, std::uint64_t from,
            const Api::Done& done) {
  Response response;
  response.content_type = "text/event-stream";
  response.feed = log_feed(store, log, from);
  done(std::move(response));
}

}  // namespace

void events(Call call) {
  Fields fields = call.fields();
  const auto run = fields.text("run");
  auto from = fields.number("from");
  const auto log = run.empty() ? journal::kWorkspaceLog : journal::run_log(run);
  auto problem = fields.problem();
  // Where it was cut off counts more than where it began.
  if (const auto& last = call.request.last_event_id; !last.empty()) {
    const auto seq = seq_of(last, log);
    if (!seq && problem.empty())
      problem = fmt::format("Last-Event-ID is of no event of the log '{}'", log);
    from = seq.value_or(0) + 1;
  }
  if (problem.empty() && log.size() > ports::StoreLimits::kKeyBytesMax)
    problem = "no run has such a name";
  if (!problem.empty()) return call.done(error_response(400, Error{problem}));
  if (from) return stream(call.store, log, *from, call.done);
  call.store.tip(
      log, [&store = call.store, log, done = std::move(call.done)](const Result<ports::Tip>& tip) {
        if (!tip) return done(error_response(500, tip.error()));
        stream(store, log, tip->size, done);
      });
}

}  // namespace muster::api
