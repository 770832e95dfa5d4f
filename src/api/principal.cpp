#include "api/principal.hpp"

namespace muster::api {

journal::Actor actor_of(const Principal& principal) {
  journal::Actor actor;
  actor.principal =
      "unix:" + (principal.login_name.empty() ? principal.name : principal.login_name);
  actor.method = "peer";
  actor.assurance = "os-user";
  return actor;
}

}  // namespace muster::api
