// Approvals of plans, for the workspace's log.
#include "api/routes.hpp"
#include "api/signed.hpp"

namespace muster::api {

namespace {

constexpr const char* kApproval = "approval";  // the one key of the body

}  // namespace

Json approval_schema() {
  return {{"type", "object"},
          {"properties", {{kApproval, {{"$ref", "#/components/schemas/Signature"}}}}},
          {"required", Json::array({kApproval})},
          {"additionalProperties", false}};
}

void record_approval(Call call) {
  const auto& body = call.request.body;
  if (!body.is_object() || body.size() != 1 || !body.contains(kApproval))
    return call.done(error_response(
        400, Error{"the body is {\"approval\": {\"signed\": …, \"signature\": …}}"}));
  auto proof = signed_text_of(body.at(kApproval));
  if (!proof) return call.done(error_response(400, proof.error()));
  proof->carried_by = actor_of(call.principal).principal;
  call.host.approve(std::move(*proof), [done = call.done](const std::string& refused) {
    if (!refused.empty()) return done(error_response(409, Error{refused}));
    done(json_response(201, {{"recorded", true}}));
  });
}

}  // namespace muster::api
