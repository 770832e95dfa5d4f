#include "base/id.hpp"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <stdexcept>

#include "base/digest.hpp"

namespace muster {

std::string random_id() {
  std::string bytes(16, '\0');
  // Without randomness no effect can be told apart from another: there is nothing sane to go on
  // with.
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), 16) != 1)
    throw std::runtime_error("the operating system gives no random bytes");
  return hex(bytes);
}

std::string run_id(WallTime started) {
  std::string t = format_utc(started);  // 2026-11-22T21:15:05.482787Z
  return fmt::format("{}{}{}-{}{}{}-{}", t.substr(0, 4), t.substr(5, 2), t.substr(8, 2),
                     t.substr(11, 2), t.substr(14, 2), t.substr(17, 2), random_id().substr(0, 6));
}

}  // namespace muster
