// What the live run is asked to do. Whether it does is the machine's decision; who asked, and for
// what, stands in its journal.
#include <fmt/format.h>

#include "api/fields.hpp"
#include "api/routes.hpp"

namespace muster::api {
namespace {

using What = engine::Request::What;

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

}  // namespace

void abort_run(Call call) {
  Fields fields{call.request.body};
  engine::Request request;
  request.what = What::abort;
  request.reason = fields.text("reason");
  hand_over(call, std::move(request), fields.problem());
}

void answer_step(Call call) {
  Fields fields{call.request.body};
  engine::Request request;
  request.what = What::answer;
  request.step = call.names.at(1);
  request.answers = fields.texts("answers");
  hand_over(call, std::move(request), fields.problem());
}

void fail_step(Call call) {
  Fields fields{call.request.body};
  engine::Request request;
  request.what = What::fail_step;
  request.step = call.names.at(1);
  request.reason = fields.text("reason");
  std::string problem = fields.problem();
  if (problem.empty() && request.reason.empty())
    problem = "a reason is needed: say why it cannot be done";
  hand_over(call, std::move(request), problem);
}

}  // namespace muster::api
