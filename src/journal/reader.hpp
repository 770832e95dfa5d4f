// Reads a log from its first entry to its end, page by page. Folds and verification start here.
#pragma once
#include <functional>

#include "ports/store.hpp"

namespace muster::journal {

/// Calls `each` with every entry that the log had when its end was reached, in order, then `end`
/// once, with the number of entries; after an error `end` alone follows. All on the engine's
/// thread. Whoever appends meanwhile makes the reading longer, not wrong. `store` must outlive the
/// reading.
void read_log(ports::Store& store, ports::LogId log, std::function<void(const ports::Stored&)> each,
              ports::OnAnswer<std::uint64_t> end);

}  // namespace muster::journal
