// Stdin, stdout and stderr of the process itself.
#pragma once

namespace muster::cli {

/// Opens /dev/null for those of 0, 1 and 2 that the caller has closed (cron jobs, CI, `<&-`). Else
/// the next file that is opened takes that number, and a child's output or input goes to it: into
/// the store, in the worst case. Called first of all, before anything opens a file. Ends the
/// process when not even /dev/null can be opened.
void open_standard_streams();

}  // namespace muster::cli
