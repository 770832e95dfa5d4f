// The digest of one run that every output is written from: typed, in the reader's order, and in
// words that all outputs share. Pure. What the record does not say is absent here; nothing is
// guessed.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalogue/restore.hpp"
#include "measure/objective.hpp"
#include "measure/recovery.hpp"
#include "measure/verdict.hpp"
#include "report/axis.hpp"
#include "report/record.hpp"

namespace muster::report {

/// `result` is absent when no verdict may be read: there is none yet, the record does not verify,
/// or it holds kinds of entries that this muster does not know. `word` is then "NO VERDICT".
struct Verdict {
  std::optional<measure::DrillResult> result;
  std::optional<measure::DrillState> state;
  std::string word;
  std::string sentence;  // the first thing that anybody reads; "PASS" stands in it only for a PASS
  std::vector<std::string> reasons;
  std::vector<std::string> dirty;    // not proven undone, each with what to do
  std::vector<std::string> changed;  // works, but differs from before
  int exit_code = 3;
};

/// How many there are, and the first hundred of them.
struct Numbers {
  std::uint64_t count = 0;
  std::vector<std::uint64_t> first;
};

struct Ledger {
  std::string what;  // nothing_acknowledged, nothing_lost, nothing_survived, some_lost
  std::uint64_t writes = 0, acknowledged = 0, acknowledged_before = 0;
  Numbers lost, recovered, unexpected, duplicated, corrupt, unledgered, lost_after;
  std::uint64_t holes = 0;
  measure::Moment recovery_point;
  std::optional<measure::Interval> rpa;
  bool consistent = true;
};

struct Service {
  std::string name;
  std::string probe;  // "postgres host=… : select 1"
  std::string rule;   // "99% over 5s, a probe every 50ms, given up after 500ms"
  bool measured = false;
  std::uint64_t probes = 0;
  std::vector<measure::Outage> outages;
  std::uint64_t gaps = 0;
  std::vector<measure::Gap> gap_list;  // from the samples; empty when they are not at hand
  bool down_at_inject = false;
  std::optional<measure::Interval> rta_from_outage, rta_from_inject, inject_to_outage, down_total;
  measure::Quality before, during, after;
  bool has_ledger = false;
  std::optional<Ledger> ledger;

  /// The outage that the objectives are judged on.
  const measure::Outage* drill_outage() const;
};

struct Step {
  std::string id, name, word;
  std::string expected;               // what the plan says: "inject node.kill on primary (pg-1)"
  std::vector<std::string> commands;  // exact, as they were run, quoted for display
  std::string place;
  Duration within{};
  bool is_end = false;
  bool no_return = false;
  journal::StepState state;  // status, times, evidence, who answered
  std::optional<Duration> took;
  bool late = false;       // nobody answered in time, or it took longer than it may
  bool escalated = false;  // the deputy was asked
};

struct Effect {
  journal::EffectState state;
  std::string healer;  // target, guardian, restore, nobody
  std::optional<Instant> intent_at, armed_at;
  std::string armed_evidence;
  std::optional<measure::Interval> latency;  // inject sent to confirmed
};

struct RestorePhase {
  std::string phase, detail, outcome;
  Instant at{};
  std::optional<Duration> took;
};
struct Restore {
  std::string step, name, host, provider;
  std::optional<catalogue::RestoreOutcome> outcome;
  std::vector<RestorePhase> phases;
  std::vector<std::string> commands;
  std::vector<std::pair<std::string, std::string>> facts;  // flattened, in a fixed order
};

/// One event of measurement.md's row F … R, or a moment that somebody marked. No end known: not
/// recorded.
struct Phase {
  std::string letter;  // "F", "Dec", …; empty for a mark
  std::string what;
  measure::Moment when;
  std::string source;
};

/// What was to notice the fault, and whether it did.
struct Detection {
  std::string alert;  // may be empty: anything that a person notices
  bool by_person = false;
  std::string step, source, who;
  std::string text;  // "detected after 41 s", "not detected, watched for 6 min"
  std::optional<measure::Interval> ttd;
};

struct Host {
  std::string name, address, environment, zone;
  std::vector<std::string> slots;
  bool guardian = false;
  journal::HostState state;
};

struct Role {
  std::string name, holder, deputy;  // as planned
  std::vector<std::string> acts;     // "00:41: chen was asked in step decide", …
  /// Who held it from when on, the planned holder first; empty in records that do not tell.
  std::vector<journal::Tenure> held;
};

/// One of the plan's limits, or of what must not be hurt.
struct Guardrail {
  std::string name;
  std::string demands;
  std::string said;
  std::string evidence;
  bool asked = false;
  std::optional<bool> kept;  // absent: not known
  bool stopped = false;      // it stopped the drill, or kept an effect from being begun
};

/// One thing that happened, for the table beside the picture and the lines of progress.
struct Event {
  std::uint64_t seq = 0;
  Instant at{};
  WallTime wall{};
  std::string who;
  std::string text;
};

/// Who let the plan be run, as run.opened cites it.
struct ApprovedBy {
  std::string person, given, until, note;  // moments in UTC
};

struct Summary {
  Edition edition = Edition::full;
  std::string drill, title, why, owner, change, playbook, run, workspace, store;
  std::string plan_hash;
  std::string ran_by, written_by;  // versions of muster
  journal::Actor actor;
  Axis axis;
  std::optional<WallTime> opened, closed;
  Instant end{};  // of the last entry

  Verdict verdict;
  std::vector<measure::Judgement> objectives;
  std::string estimate;
  std::vector<Service> services;
  std::vector<Phase> phases;
  std::vector<Detection> detections;
  std::optional<Duration> waited_for_people;
  std::vector<Effect> effects;
  std::vector<Restore> restores;
  std::vector<Step> steps;  // the method's, then the ends
  std::vector<ApprovedBy> approvals;
  std::vector<Role> roles;
  std::vector<plan::Person> people;  // who holds a role or is a deputy, as planned
  std::vector<journal::Note> notes;  // and corrections, in the order of the record
  std::vector<Host> hosts;
  std::vector<Guardrail> guardrails;
  std::vector<std::string> deviations;
  std::vector<Event> events;
  std::vector<std::pair<std::string, std::string>> scripts;  // name, SHA-256
  journal::Verified verified;

  /// A fault was put in, or a service was lost: there is an F.
  bool disrupted() const;
};

Summary summarise(const Record& record);

/// Who let the plan be run: "ana, bo"; "" when nobody needed to.
std::string approved_by(const Summary& s);

/// "intact and witnessed", "intact, UNWITNESSED", "DAMAGED: …"
std::string standing(const journal::Verified& verified);

}  // namespace muster::report
