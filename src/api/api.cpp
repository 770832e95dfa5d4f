#include "api/api.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "api/path.hpp"
#include "api/routes.hpp"
#include "api/signed.hpp"
#include "base/text.hpp"

namespace muster::api {

std::span<const Route> routes() {
  static constexpr std::array kRoutes{
      Route{"GET", "/v1/status", false, status},
      Route{"GET", "/v1/logs/{log}/tip", false, tip},
      Route{"GET", "/v1/logs/{log}/entries", false, entries},
      Route{"GET", "/v1/blobs/{sha256}", false, blob},
      Route{"GET", "/v1/schedules", false, schedules},
      Route{"POST", "/v1/drills/{drill}/start", true, start_drill},
      Route{"POST", "/v1/drills/{drill}/hold", true, hold_drill},
      Route{"POST", "/v1/drills/{drill}/resume", true, resume_drill},
      Route{"POST", "/v1/runs/{run}/abort", true, abort_run},
      Route{"POST", "/v1/runs/{run}/hosts/{host}/gone", true, host_gone},
      Route{"GET", "/v1/runs/{run}/people", false, people},
      Route{"POST", "/v1/runs/{run}/notes", true, note},
      Route{"POST", "/v1/runs/{run}/roles/{role}/take", true, take_role},
      Route{"POST", "/v1/runs/{run}/roles/{role}/hand", true, hand_role},
      Route{"POST", "/v1/runs/{run}/steps/{step}/ack", true, acknowledge_step},
      Route{"POST", "/v1/runs/{run}/steps/{step}/answer", true, answer_step},
      Route{"POST", "/v1/runs/{run}/steps/{step}/done", true, done_step},
      Route{"POST", "/v1/runs/{run}/steps/{step}/skip", true, skip_step},
      Route{"POST", "/v1/runs/{run}/steps/{step}/fail", true, fail_step},
      Route{"POST", "/v1/runs/{run}/steps/{step}/approve", true, approve_step},
      Route{"POST", "/v1/approvals", true, record_approval},
  };
  return kRoutes;
}

Api::Api(ports::Store& store, std::string version, Host& host)
    : store_{store}, version_{std::move(version)}, host_{host} {}

void Api::handle(const Request& request, const Principal& principal, Done done) const {
  if (request.target.size() > Limits::kTargetBytesMax)
    return done(error_response(
        414, Error{fmt::format("the target is above {} bytes", Limits::kTargetBytesMax)}));
  auto path = parse_target(request.target);
  if (!path) return done(error_response(400, path.error()));
  std::string allowed;
  for (const auto& route : routes()) {
    auto names = matched(*path, route.pattern);
    if (!names) continue;
    if (route.method != request.method) {
      allowed += (allowed.empty() ? "" : ", ") + std::string{route.method};
      continue;
    }
    if (!route.changes && !request.body.is_null())
      return done(error_response(400, Error{"a question that only reads has no body"}));
    if (route.changes && !path->query.empty())
      return done(
          error_response(400, Error{"what is asked for stands in the body, not in a query"}));
    const auto bare = route.changes ? unwrapped(request) : Unwrapped{request, {}};
    if (!bare) return done(error_response(400, bare.error()));
    return route.answer({store_, version_, host_, bare->request, principal, bare->proof,
                         std::move(*names), std::move(path->query), std::move(done)});
  }
  if (allowed.empty())
    return done(error_response(
        404, Error{fmt::format("there is no '{}'", bounded(printable(request.target), 200)),
                   "docs/api.md lists what can be asked"}));
  auto refused = error_response(
      405, Error{fmt::format("'{}' is not asked with {}", bounded(printable(request.target), 200),
                             bounded(printable(request.method), 20)),
                 "use " + allowed});
  refused.allow = allowed;
  done(std::move(refused));
}

}  // namespace muster::api
