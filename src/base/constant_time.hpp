// Comparison of what must not be guessed piece by piece.
#pragma once
#include "base/digest.hpp"

namespace muster {

/// Takes the same time wherever they differ (libcrypto's CRYPTO_memcmp).
bool same_in_constant_time(const Digest& a, const Digest& b);

}  // namespace muster
