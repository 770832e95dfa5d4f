// What a server is told about drills. Whether it does is the server's decision; who asked stands in
// the workspace's log.
#include <algorithm>

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

/// Field `at`; nothing when it is not there.
std::optional<WallTime> moment_in(Fields& fields) {
  const auto text = fields.text("at");
  if (text.empty()) return std::nullopt;
  const auto at = parse_utc(text);
  if (at) return *at;
  fields.complain("'at': " + at.error().what);
  return std::nullopt;
}

void answer_times(const Call& call, const TimesRequest& wanted, const std::string& problem) {
  if (!problem.empty()) return call.done(error_response(400, Error{problem}));
  const auto times = call.host.times(wanted);
  if (!times) return call.done(error_response(404, times.error()));
  if (times->is_null())
    return call.done(error_response(
        409, Error{"no schedule is kept here: this process runs one drill",
                   "`muster schedule` reads the files; `muster serve` keeps to them"}));
  call.done(json_response(200, wanted.drill.empty() ? Json{{"drills", *times}} : *times));
}

}  // namespace

void drills(Call call) {
  Fields fields = call.fields();
  TimesRequest wanted;
  wanted.at = moment_in(fields);
  answer_times(call, wanted, fields.problem());
}

void drill_times(Call call) {
  constexpr std::uint64_t kCountMax = 1'000;
  Fields fields = call.fields();
  TimesRequest wanted;
  wanted.drill = call.names.at(0);
  wanted.at = moment_in(fields);
  const auto count = fields.number("count").value_or(wanted.count);
  if (count > kCountMax) fields.complain("'count' is at most 1000");
  wanted.count = std::min(count, kCountMax);
  answer_times(call, wanted, fields.problem());
}

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
