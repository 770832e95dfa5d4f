// JUnit XML for CI systems: one suite a drill; a case for the result, one for the state, one for
// each objective, step and end condition. Mapped so that nothing is green that was not proven.
#pragma once
#include <string>

#include "report/summary.hpp"

namespace muster::report {

/// FAIL, missed, failed -> failure; INCONCLUSIVE, INVALID, ABORTED, unknown, dirty, no verdict ->
/// error; NOT_RUN, skipped, not reached -> skipped. In a run that is NOT_RUN every case but the
/// state is skipped.
std::string junit_text(const Summary& summary);

}  // namespace muster::report
