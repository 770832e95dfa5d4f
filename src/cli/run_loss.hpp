// What is said and recorded of a run that was not begun, or whose record was lost.
#pragma once
#include <string>

#include "base/result.hpp"
#include "cli/session.hpp"
#include "engine/io.hpp"
#include "journal/entry.hpp"
#include "journal/run_state.hpp"

namespace muster::cli {

Error nothing_begun(const Error& why);

/// An error of the record's own, which often does not say what to do.
Error with_room(const Session& session, const Error& why);

/// Of the workspace's log: who stopped an earlier run's recovery, and so what waits for it.
/// `not_begun`: "the drill … is not begun".
journal::Draft stopped_before(const engine::Request& request, const std::string& not_begun);

/// Anything may have been done to anybody: also what was announced, and may never have been sent.
bool has_begun(const journal::RunState& state);

/// The record of a run cannot be written any more.
Error record_lost(const Session& session, const std::string& why);

}  // namespace muster::cli
