#include "api/principal.hpp"

namespace muster::api {

journal::Actor actor_of(const Principal& principal) {
  journal::Actor actor;
  if (!principal.token.empty()) {
    actor.principal = "token:" + principal.token;
    actor.method = "token";
    actor.assurance = "bearer";
    if (!principal.person.empty()) actor.on_behalf_of = "person:" + principal.person;
    return actor;
  }
  const bool logged_in = !principal.login_name.empty();
  actor.principal = "unix:" + (logged_in ? principal.login_name : principal.name);
  actor.method = logged_in ? "peer-loginuid" : "peer";
  actor.assurance = "os-user";
  return actor;
}

}  // namespace muster::api
