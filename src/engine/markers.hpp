// What a host tells about the runs that are, or were, at work there, and what a reader should do
// about it. Pure. Internal to engine/.
#pragma once
#include <map>
#include <string>

namespace muster::engine {

/// The evidence of `facts`, and of a lock that was refused.
using Facts = std::map<std::string, std::string>;

/// "" when it is not told.
std::string fact(const Facts& facts, const std::string& key);

/// Somebody else than `run` holds the lock, and may be alive: its lease is not over.
bool is_locked(const Facts& facts, const std::string& run);

/// "db1 is locked by run r9 of unix:bo (other)", and what to do.
std::string locked_by(const std::string& host, const Facts& facts, const std::string& own_store);

/// An effect that is proven undone there, of a run of this store whose last word to it was lost.
bool is_forgotten(const Facts& facts, const std::string& effect, const std::string& own_store);

/// An effect that is there and must not be, and what to do.
std::string in_the_way(const std::string& host, const std::string& effect, const Facts& facts,
                       const std::string& own_store);

}  // namespace muster::engine
