// Who asks: told by the kernel about the socket's other end, never by the request (reference:
// gameday, "Identity ladder"; a name that the client supplies is no identity).
#pragma once
#include <cstdint>
#include <string>

#include "journal/entry.hpp"

namespace muster::api {

struct Principal {
  std::uint32_t uid = 0;   ///< effective, when the connection was made
  std::string name;        ///< of the uid; its digits when it has none
  std::string login_name;  ///< of the login uid, which survives sudo; "" when nobody logged in
  int pid = 0;             ///< 0: not visible from here (another PID namespace)
};

/// "unix:NAME" of who logged in, else of the uid: what the same person's own `muster run` records.
journal::Actor actor_of(const Principal& principal);

}  // namespace muster::api
