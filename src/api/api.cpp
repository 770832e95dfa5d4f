#include "api/api.hpp"

#include <fmt/format.h>

#include <utility>

#include "api/path.hpp"
#include "api/routes.hpp"
#include "api/signed.hpp"
#include "base/text.hpp"

namespace muster::api {

Api::Api(WatchedStore& store, std::string version, Host& host)
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
    if (!principal.scopes.has(route.scope))
      return done(error_response(
          403, Error{fmt::format("the token '{}' may not ask this: it has no scope `{}`",
                                 principal.token, name_of(route.scope)),
                     "muster token list tells what it may"}));
    if (!route.changes() && !request.body.is_null())
      return done(error_response(400, Error{"a question that only reads has no body"}));
    if (route.changes() && !path->query.empty())
      return done(
          error_response(400, Error{"what is asked for stands in the body, not in a query"}));
    const auto bare = route.changes() ? unwrapped(request, host_.store()) : Unwrapped{request, {}};
    if (!bare) return done(error_response(400, bare.error()));
    return route.handle({store_, version_, host_, bare->request, principal, bare->proof,
                         std::move(*names), std::move(path->query), route.takes, std::move(done)});
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
