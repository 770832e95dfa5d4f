// From everything that was seen to what was measured, and from that to the verdict. Pure. Internal
// to engine/; the JSON of `measured` entries is told in docs/journal.md and read by report/.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/services.hpp"
#include "journal/run_state.hpp"
#include "measure/ledger.hpp"
#include "measure/objective.hpp"
#include "measure/recovery.hpp"
#include "measure/verdict.hpp"
#include "plan/plan.hpp"

namespace muster::engine {

struct ServiceFinding {
  std::string service;
  measure::Recovery recovery;
  std::optional<measure::LedgerResult> ledger;
};

struct Findings {
  std::vector<ServiceFinding> services;
  std::vector<measure::Judgement> judgements;
  std::optional<measure::Interval> restore_time;  // the longest S -> V of this run
};

/// `until`: samples that were sent later do not count.
Findings measure_run(const plan::Plan& plan, const journal::RunState& state,
                     const std::map<std::string, Services::Seen>& seen,
                     std::optional<Instant> until);

/// `stopped`: why the drill did not go on; empty when it went to its end.
measure::VerdictFacts verdict_facts(const plan::Plan& plan, const journal::RunState& state,
                                    const Findings& findings, const std::string& stopped);

/// An injection was sent, or a no-return step begun: from then on the drill has touched something.
/// One that touches nothing at all tests people: it is conducted once somebody was asked.
bool was_conducted(const plan::Plan& plan, const journal::RunState& state);

Json to_json(const ServiceFinding& finding);
Json to_json(const measure::Judgement& judgement);
Json to_json(const measure::Verdict& verdict);

}  // namespace muster::engine
