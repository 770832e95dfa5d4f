// The people of the live run: what waits for whom, roles that change hands, notes.
#include <fmt/format.h>

#include "api/routes.hpp"

namespace muster::api {
namespace {

using What = engine::Request::What;

}  // namespace

void read_when(Fields& fields, engine::Request& request) {
  const auto at = fields.text("at");
  if (at.empty()) return;
  if (at.starts_with('-')) {
    if (const auto ago = parse_duration(std::string_view{at}.substr(1)))
      request.ago = *ago;
    else
      fields.complain(fmt::format("'at': {}", to_string(ago.error())));
  } else if (const auto then = parse_utc(at)) {
    request.then = *then;
  } else {
    fields.complain(
        fmt::format("'at' must be so long ago, as in -3m, or a time, as in 2026-11-22T21:15:05Z"));
  }
}

void people(Call call) {
  if (const auto problem = call.fields().problem(); !problem.empty())
    return call.done(error_response(400, Error{problem}));
  const auto live = live_run(call);
  if (!live) return;
  if (!live->people)
    return call.done(error_response(409, Error{"the people of this run are not told here"}));
  live->people([done = std::move(call.done)](const Json& people) {
    if (people.is_null()) return done(error_response(409, Error{"the run is over"}));
    done(json_response(200, people));
  });
}

void note(Call call) {
  Fields fields = call.fields();
  engine::Request request;
  request.what = What::note;
  request.text = fields.text("text");
  request.step = fields.text("step");
  request.who = fields.text("who");
  request.corrects = fields.number("corrects");
  read_when(fields, request);
  hand_over(call, std::move(request), fields.problem());
}

void take_role(Call call) {
  Fields fields = call.fields();
  engine::Request request;
  request.what = What::take_role;
  request.role = call.names.at(1);
  request.reason = fields.reason();
  hand_over(call, std::move(request), fields.problem());
}

void hand_role(Call call) {
  Fields fields = call.fields();
  engine::Request request;
  request.what = What::hand_role;
  request.role = call.names.at(1);
  request.to = fields.text("to");
  request.reason = fields.reason();
  hand_over(call, std::move(request), fields.problem());
}

}  // namespace muster::api
