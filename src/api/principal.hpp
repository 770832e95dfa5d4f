// Who asks: told by the kernel about a socket's other end, or by a token that was shown; never by
// what the request says about itself (a name that the client supplies is no identity).
#pragma once
#include <cstdint>
#include <string>

#include "api/scope.hpp"
#include "journal/entry.hpp"

namespace muster::api {

struct Principal {
  std::uint32_t uid = 0;   ///< effective, when the connection was made
  std::string name;        ///< of the uid; its digits when it has none
  std::string login_name;  ///< of the login uid, which survives sudo; "" when nobody logged in
  int pid = 0;             ///< 0: not visible from here (another PID namespace)

  // Of who showed a token, which says more than the connection does:
  std::string token = {};         ///< its name; "": none, and all above counts
  std::string person = {};        ///< of people.yaml, whose token it is; "": a service's
  Scopes scopes = Scopes::all();  ///< what may be asked

  bool is_service() const { return !token.empty() && person.empty(); }
};

/// "unix:NAME" of who logged in, else of the uid: what the same person's own `muster run` records.
/// "token:NAME" of a token; on behalf of "person:ID" when it is a person's.
journal::Actor actor_of(const Principal& principal);

}  // namespace muster::api
