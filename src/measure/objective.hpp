// Judges what was measured against what the drill must reach. An interval meets an objective only
// as a whole; what straddles it, or was not measured, never does. Source: reference/measurement.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "measure/interval.hpp"
#include "measure/ledger.hpp"
#include "measure/recovery.hpp"

namespace muster::measure {

enum class ObjectiveKind { rto, rpo, lost_writes, restore, data_age, mtpd, detect };
std::string_view name(ObjectiveKind k);  // as users write it

enum class Met { yes, no, straddles, unknown };
std::string_view name(Met m);

/// The result that this judgement alone would give.
std::string_view result_word(Met m);  // PASS, FAIL, INCONCLUSIVE

struct Judgement {
  ObjectiveKind kind = ObjectiveKind::rto;
  std::string service;  // set by the caller; empty for objectives of the drill itself
  std::string alert;    // of detect: which one; empty: any
  Met met = Met::unknown;
  std::optional<Interval> actual;     // absent: not measured
  std::optional<Duration> objective;  // absent for lost_writes
  std::optional<std::uint64_t> lost;  // lost_writes: counted, and allowed
  std::optional<std::uint64_t> lost_max;
  std::optional<Duration>
      settling_every;  // straddles: the probe interval that would probably settle it
  std::string reason;  // one sentence
};

/// yes: the whole interval is at most the objective; no: all of it is above; straddles: neither;
/// unknown: absent, or without an end. `every` is the probe interval behind `actual`, when probes
/// are.
Judgement judge(ObjectiveKind kind, const std::optional<Interval>& actual, Duration objective,
                std::optional<Duration> every = std::nullopt);

enum class RtoFrom { outage, inject };
enum class OutageRule { expected, tolerated };

struct RtoObjective {
  Duration rto{};
  RtoFrom from = RtoFrom::outage;
  OutageRule outage = OutageRule::expected;
};

/// Of all outages that a step accounts for: the one that went worst. None seen: unknown when one
/// was expected (the verdict makes INVALID of it), yes when it was tolerated, unless a longer one
/// could have gone unseen.
Judgement judge_rto(const Recovery& recovery, const RtoObjective& objective, Duration every);
/// Likewise; an MTPD runs from the outage.
Judgement judge_mtpd(const Recovery& recovery, Duration mtpd, OutageRule outage, Duration every);

/// no when the ledger contradicts itself, unknown when nothing was acknowledged or read back.
Judgement judge_rpo(const std::optional<LedgerResult>& ledger, Duration rpo,
                    std::optional<Duration> every = std::nullopt);
Judgement judge_lost_writes(const std::optional<LedgerResult>& ledger, std::uint64_t lost_max);

}  // namespace muster::measure
