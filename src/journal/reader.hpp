// Reads a log from its first entry to its end, page by page, and asks the store whom each page
// names. Folds and verification start here.
#pragma once
#include <functional>

#include "journal/persons.hpp"
#include "ports/store.hpp"

namespace muster::journal {

/// Calls `each` with every entry that the log had when its end was reached, in order, then `end`
/// once, with the number of entries; after an error `end` alone follows. All on the engine's
/// thread. Whoever appends meanwhile makes the reading longer, not wrong. `store` must outlive the
/// reading.
void read_log(ports::Store& store, ports::LogId log, std::function<void(const Recorded&)> each,
              ports::OnAnswer<std::uint64_t> end);

/// One page, as Store::entries gives it. `known`: what earlier pages of the same reading asked for
/// already; nullptr: nothing.
void read_page(ports::Store& store, ports::LogId log, std::uint64_t from, std::size_t bytes_max,
               std::shared_ptr<Persons> known, ports::OnAnswer<std::vector<Recorded>> answer);

}  // namespace muster::journal
