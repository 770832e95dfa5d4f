// The tests may be started without stdin, as in a CI that closes it. What runs before main() here
// is what `muster` does first in its main().
#include "cli/streams.hpp"

namespace {
[[maybe_unused]] const bool kOpen = (muster::cli::open_standard_streams(), true);
}  // namespace
