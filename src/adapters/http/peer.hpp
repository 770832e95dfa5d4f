// Who is at a Unix socket's other end, from the kernel.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace muster::http {

struct Peer {
  std::uint32_t uid = 0;  ///< effective, at connect
  int pid = 0;            ///< 0: in a PID namespace that is not visible here
  std::optional<std::uint32_t> login_uid;
};

Result<Peer> peer_of(int fd);

/// Of this process; nullopt when nobody logged in.
std::optional<std::uint32_t> own_login_uid();

/// The uid's digits when nobody has it. Blocks, for as long as a directory service takes.
std::string user_name(std::uint32_t uid);

}  // namespace muster::http
