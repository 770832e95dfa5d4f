#include "base/constant_time.hpp"

#include <openssl/crypto.h>

namespace muster {

bool same_in_constant_time(const Digest& a, const Digest& b) {
  return ::CRYPTO_memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size()) == 0;
}

}  // namespace muster
