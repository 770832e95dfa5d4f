// Approvals of plans, for the workspace's log.
#include "api/routes.hpp"
#include "api/signed.hpp"

namespace muster::api {

void record_approval(Call call) {
  const auto& body = call.request.body;
  if (!body.is_object() || body.size() != 1 || !body.contains("approval"))
    return call.done(error_response(
        400, Error{"the body is {\"approval\": {\"signed\": …, \"signature\": …}}"}));
  auto proof = signed_text_of(body.at("approval"));
  if (!proof) return call.done(error_response(400, proof.error()));
  proof->carried_by = actor_of(call.principal).principal;
  call.host.approve(std::move(*proof), [done = call.done](const std::string& refused) {
    if (!refused.empty()) return done(error_response(409, Error{refused}));
    done(json_response(201, {{"recorded", true}}));
  });
}

}  // namespace muster::api
