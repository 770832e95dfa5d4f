// What the live run is asked to do. Whether it does is the machine's decision; who asked, and for
// what, stands in its journal.
#include <fmt/format.h>

#include "api/routes.hpp"

namespace muster::api {
namespace {

using What = engine::Request::What;

/// What all of them may say: why, and that one steps in for whoever is asked.
engine::Request of_step(const Call& call, What what, Fields& fields) {
  engine::Request request;
  request.what = what;
  request.step = call.names.at(1);
  request.reason = fields.reason();
  request.as_stand_in = fields.flag("as_stand_in");
  return request;
}

void plain(const Call& call, What what) {
  Fields fields = call.fields();
  auto request = of_step(call, what, fields);
  hand_over(call, std::move(request), fields.problem());
}

}  // namespace

std::optional<LiveRun> live_run(const Call& call) {
  const auto live = call.host.live();
  std::string others;
  for (const auto& run : live) {
    if (run.run == call.names.at(0)) return run;
    others += fmt::format("{}{} of {}", others.empty() ? "" : ", ", run.run, run.drill);
  }
  call.done(
      error_response(409, Error{fmt::format("the run '{}' is not under way here", call.names[0]),
                                others.empty() ? "none is" : "under way: " + others}));
  return std::nullopt;
}

void hand_over(const Call& call, engine::Request request, const std::string& problem) {
  if (!problem.empty()) return call.done(error_response(400, Error{problem}));
  const auto live = live_run(call);
  if (!live) return;
  request.actor = actor_of(call.principal);
  request.proof = call.proof;
  live->request(std::move(request), [done = call.done](const std::string& refused) {
    if (!refused.empty()) return done(error_response(409, Error{refused}));
    // Accepted, not done: the run's journal says what came of it.
    done(json_response(202, {{"taken", true}}));
  });
}

void abort_run(Call call) {
  Fields fields = call.fields();
  engine::Request request;
  request.what = What::abort;
  request.reason = fields.reason();
  hand_over(call, std::move(request), fields.problem());
}

void host_gone(Call call) {
  Fields fields = call.fields();
  engine::Request request;
  request.what = What::gone;
  request.host = call.names.at(1);
  request.reason = fields.reason();
  request.wiped = fields.flag("wiped");
  hand_over(call, std::move(request), fields.problem());
}

void answer_step(Call call) {
  Fields fields = call.fields();
  auto request = of_step(call, What::answer, fields);
  request.answers = fields.texts("answers");
  hand_over(call, std::move(request), fields.problem());
}

void acknowledge_step(Call call) {
  plain(call, What::acknowledge);
}

void done_step(Call call) {
  plain(call, What::done);
}

void skip_step(Call call) {
  plain(call, What::skip_step);
}

void fail_step(Call call) {
  plain(call, What::fail_step);
}

void approve_step(Call call) {
  Fields fields = call.fields();
  engine::Request request;
  request.what = What::approve;
  request.step = call.names.at(1);
  request.reason = fields.reason();
  hand_over(call, std::move(request), fields.problem());
}

}  // namespace muster::api
