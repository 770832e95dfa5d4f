// What `muster sweep` found and did, for people and as JSON. Pure.
#pragma once
#include <string>

#include "base/json.hpp"
#include "engine/sweep.hpp"

namespace muster::cli {

/// What is on the hosts, a line a thing. Ends without a newline.
std::string found_text(const engine::Sweep& sweep);
/// What became of it. "" when nothing was done.
std::string done_text(const engine::Sweep& sweep);
/// What `--revert` would do with what look() found: a sentence.
std::string next_text(const engine::Sweep& sweep);
/// "found 3, healed 2, kept 1, not proven undone 0, unreachable 0"
std::string counts_text(const engine::SweepSummary& summary);

Json sweep_json(const engine::Sweep& sweep);

}  // namespace muster::cli
