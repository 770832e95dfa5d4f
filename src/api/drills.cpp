// What a server is told about drills. Whether it does is the server's decision; who asked stands in
// the workspace's log.
#include "api/routes.hpp"

namespace muster::api {
namespace {

using Ask = DrillRequest::What;

void tell(const Call& call, DrillRequest request, const std::string& problem) {
  if (!problem.empty()) return call.done(error_response(400, Error{problem}));
  request.drill = call.names.at(0);
  request.actor = actor_of(call.principal);
  request.proof = call.proof;
  call.host.ask(std::move(request), [done = call.done](const Result<Json>& answer) {
    if (!answer) return done(error_response(409, answer.error()));
    done(json_response(202, *answer));
  });
}

}  // namespace

void schedules(Call call) {
  if (const auto problem = call.fields().problem(); !problem.empty())
    return call.done(error_response(400, Error{problem}));
  const Json all = call.host.schedules();
  if (all.is_null())
    return call.done(error_response(
        409, Error{"no schedule is kept here: this process runs one drill",
                   "`muster schedule list` reads the files; `muster serve` keeps to them"}));
  call.done(json_response(200, all));
}

void start_drill(Call call) {
  Fields fields = call.fields();
  DrillRequest request;
  request.what = Ask::start;
  request.plan = fields.text("plan");
  request.reason = fields.reason();
  request.allow_production = fields.flag("allow_production");
  request.allow_dirty = fields.flag("allow_dirty");
  tell(call, std::move(request), fields.problem());
}

void hold_drill(Call call) {
  Fields fields = call.fields();
  DrillRequest request;
  request.what = Ask::hold;
  request.reason = fields.reason();
  tell(call, std::move(request), fields.problem());
}

void resume_drill(Call call) {
  Fields fields = call.fields();
  DrillRequest request;
  request.what = Ask::resume;
  request.reason = fields.reason();
  tell(call, std::move(request), fields.problem());
}

}  // namespace muster::api
