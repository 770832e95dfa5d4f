// A log's entries as the store has them, and whom they name, for commands that do one thing after
// the other.
#pragma once
#include <functional>

#include "cli/session.hpp"
#include "journal/reader.hpp"

namespace muster::cli {

/// Calls `each` with every entry in order; answers how many there were.
inline Result<std::uint64_t> each_entry(Session& session, const ports::LogId& log,
                                        const std::function<void(const journal::Recorded&)>& each) {
  return session.wait<std::uint64_t>(
      [&](auto done) { journal::read_log(session.store(), log, each, std::move(done)); });
}

}  // namespace muster::cli
