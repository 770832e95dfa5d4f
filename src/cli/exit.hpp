// Exit codes of `muster`, in one place (reference: measurement, "Exit codes"; man page, EXIT
// STATUS).
#pragma once

namespace muster::cli {

inline constexpr int kOk = 0;     // done; for `run`: PASS
inline constexpr int kFail = 1;   // for `run`: FAIL; for others: it was tried and did not work
inline constexpr int kUsage = 2;  // the command line or a file of the workspace is wrong
// `audit verify --witnesses`: intact, and nobody else vouches for it. From here on else only `run`
// and `recover`.
inline constexpr int kInconclusive = 3;
inline constexpr int kInvalid = 4;
inline constexpr int kNotRun = 5;   // NOT_RUN or ABORTED
inline constexpr int kDirty = 6;    // whatever the result: something is not proven undone
inline constexpr int kOverdue = 7;  // `schedule overdue` and `compliance`: something is

}  // namespace muster::cli
