// Questions to PostgreSQL: a query, an acknowledged write of the ledger, the ledger read back. A
// slot keeps its connection as a client's pool does: reused while it works, made anew after a
// failure, and then the time to connect is part of the sample.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "adapters/probes/pg_connection.hpp"
#include "adapters/probes/slot.hpp"
#include "catalogue/probe.hpp"
#include "measure/ledger.hpp"

namespace muster::probes {

/// Where a run's writes go, and what proves that they are its own.
struct LedgerUse {
  std::string table;
  std::string run;
  std::string key;
};

/// More rows than this are not read back (100 MB; eleven hours at 50 a second).
inline constexpr std::uint64_t kSurvivorsMax = 2'000'000;

/// Up when the query ends well and, if it gives one boolean, that is true. A connection that
/// breaks, a refusal and an error are `failed`; silence is `unknown`.
Result<std::optional<MakeSlot>> prepare_query(const catalogue::ProbeSpec& probe, Names names);

/// One row a question. `ok` only when the commit was acknowledged; `failed` only when the row is
/// certainly not there (refused, or never sent); else `unknown`. synchronous_commit is the
/// service's own.
Result<std::optional<MakeSlot>> prepare_ledger_write(const catalogue::ProbeSpec& probe,
                                                     const LedgerUse& ledger, Names names);

/// Answers ok when all rows of the run were read into `survivors`. A table that does not exist
/// holds none.
Result<std::optional<MakeSlot>> prepare_ledger_read(const catalogue::ProbeSpec& probe,
                                                    const LedgerUse& ledger, Names names,
                                                    std::shared_ptr<measure::Survivors> survivors);

}  // namespace muster::probes
