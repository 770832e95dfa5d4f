// Telling people that a drill has become overdue: what is said of it, and the telling where no
// server does it.
#pragma once
#include "cli/library.hpp"
#include "cli/notifier.hpp"
#include "scheduler/overdue.hpp"

namespace muster::cli {

/// `overdue`: of a drill of the library's.
notify::Notice overdue_notice(const Library& library, const scheduler::Overdue& overdue,
                              WallTime now);

/// Tells of everything that is overdue now and was not told of before, as the record has it, and
/// waits a moment for it. Opens nothing when there is nobody to tell.
void tell_overdue(Session& session, const Library& library, const Notifier::Complain& complain);

}  // namespace muster::cli
