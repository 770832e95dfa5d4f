// What the live run is asked to do. Whether it does is the machine's decision; who asked, and for
// what, stands in its journal.
#include <fmt/format.h>

#include "api/fields.hpp"
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

void with_reason(const Call& call, What what, const char* owed) {
  Fields fields{call.request.body};
  auto request = of_step(call, what, fields);
  std::string problem = fields.problem();
  if (problem.empty() && request.reason.empty()) problem = owed;
  hand_over(call, std::move(request), problem);
}

}  // namespace

void hand_over(const Call& call, engine::Request request, const std::string& problem) {
  if (!problem.empty()) return call.done(error_response(400, Error{problem}));
  if (call.names.at(0) != call.live.run)
    return call.done(error_response(
        409, Error{fmt::format("the run '{}' is not under way here", call.names[0]),
                   fmt::format("the one that is: {} of {}", call.live.run, call.live.drill)}));
  request.actor = actor_of(call.principal);
  const auto refused = call.live.request(std::move(request));
  if (!refused.empty()) return call.done(error_response(409, Error{refused}));
  // Accepted, not done: the run's journal says what came of it.
  call.done(json_response(202, {{"taken", true}}));
}

void abort_run(Call call) {
  Fields fields{call.request.body};
  engine::Request request;
  request.what = What::abort;
  request.reason = fields.reason();
  hand_over(call, std::move(request), fields.problem());
}

void host_gone(Call call) {
  Fields fields{call.request.body};
  engine::Request request;
  request.what = What::gone;
  request.host = call.names.at(1);
  request.reason = fields.reason();
  request.wiped = fields.flag("wiped");
  hand_over(call, std::move(request), fields.problem());
}

void answer_step(Call call) {
  Fields fields{call.request.body};
  auto request = of_step(call, What::answer, fields);
  request.answers = fields.texts("answers");
  hand_over(call, std::move(request), fields.problem());
}

void acknowledge_step(Call call) {
  Fields fields{call.request.body};
  auto request = of_step(call, What::acknowledge, fields);
  hand_over(call, std::move(request), fields.problem());
}

void done_step(Call call) {
  Fields fields{call.request.body};
  auto request = of_step(call, What::done, fields);
  hand_over(call, std::move(request), fields.problem());
}

void skip_step(Call call) {
  with_reason(call, What::skip_step, "a reason is needed: say why it is not done");
}

void fail_step(Call call) {
  with_reason(call, What::fail_step, "a reason is needed: say why it cannot be done");
}

}  // namespace muster::api
