// A run's state is a fold over its entries: the engine decides on it, and `show`, `recover`, the
// report and the live view read the same. Nothing of a run is remembered elsewhere. Which `data`
// each kind of entry carries is told in docs/journal.md; field names are those of this fold.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "journal/entry.hpp"
#include "journal/run_alerts.hpp"
#include "journal/run_guards.hpp"
#include "journal/run_people.hpp"

namespace muster::journal {

/// The way of one effect; the arrows are in docs/journal.md.
enum class EffectStatus {
  intent,         // announced; nothing was sent
  armed,          // the undo is at its healer
  injecting,      // about to be sent
  active,         // proven to be there
  unknown,        // it may be there
  reverting,      // the undo is about to be sent
  reverted,       // proven gone
  self_reverted,  // proven gone, by its healer alone
  revert_failed,  // it may still be there, and the undo did not help
  held,           // left on purpose
  moot            // somebody answers for it: the target is gone for good, or was mended by hand
};
std::string_view name_of(EffectStatus status);
/// reverted, self_reverted, held, moot: nothing more is done about it by itself.
bool is_over(EffectStatus status);
/// It may be on a target now.
bool may_be_live(EffectStatus status);

struct EffectState {
  std::string id;
  std::string step;
  std::string host;    // whom it hits
  std::string at;      // where it is armed and undone: the host itself or its guardian
  std::string script;  // "disk.fill", "pgbackrest", "command"
  std::string sha256;  // the script's blob
  std::map<std::string, std::string> values;
  bool restore = false;
  EffectStatus status = EffectStatus::intent;
  bool injected_once = false;  // injecting was recorded
  bool proven = false;         // active was recorded
  bool held_once = false;      // held was recorded: its dead-man may be off
  std::string built_upon;      // the no-return step that came while it was held; "" = none did
  bool forgotten = false;  // by where it was armed, while it was to be live: nobody vouches for it
  std::optional<Instant> injecting_at;              // when that was recorded
  std::optional<Instant> inject_sent, inject_done;  // of the call that injected
  std::optional<Instant> reverted_at;
  std::string healed_by;  // lease | revert | responder | restore | sweep | ""
  std::string evidence;   // of inject and verify
  std::string clean_evidence;
  std::string why;           // of unknown, revert_failed, moot
  bool unreachable = false;  // of revert_failed: no answer came from where it is armed
  bool wiped = false;        // of moot: what was on the target was declared wiped
  bool mended = false;       // of moot: the target is there, and a person has seen to it
};

enum class StepStatus { waiting, running, asked, passed, failed, unknown, skipped };
std::string_view name_of(StepStatus status);
bool is_over(StepStatus status);

struct StepState {
  std::string id;
  StepStatus status = StepStatus::waiting;
  std::optional<Instant> started, finished;
  std::optional<WallTime> started_wall, finished_wall;
  bool no_return = false;  // its command that cannot be taken back was about to be sent
  std::string why;
  std::string evidence;
  std::string output;
  std::string mark;
  // ask
  std::string asked_of;             // the person's id
  std::string escalated_from;       // whose silence made it go to the deputy
  std::optional<Instant> asked_at;  // whoever is asked now
  std::optional<WallTime> asked_wall;
  std::string role;
  std::string say;
  std::vector<std::string> approve_from;  // of `approve`: teams; empty for `ask`
  unsigned approve_need = 0;
  Json answer_specs;
  std::optional<WallTime> answer_by;
  std::map<std::string, std::string> answers;
  std::string answered_by;  // the principal
  std::vector<Act> acts;
  // restore
  Json restore;
};

struct HostState {
  bool ok = false;
  std::vector<std::string> problems;
  std::map<std::string, std::string> facts;
  std::optional<Span> clock_offset;  // target's wall clock minus the controller's
  bool lease_lost = false;
};

struct SealedSamples {
  std::string blob;  // SHA-256, hex
  std::uint64_t count = 0;
};

struct Moment {
  std::string name;
  std::string step;
  Instant at{};
  WallTime wall{};
};

struct RunState {
  std::string run, drill;
  Json opened;  // data of run.opened: plan, title, muster, workspace, asked_by
  Actor actor;
  std::optional<Instant> opened_at;
  std::optional<WallTime> opened_wall;
  std::optional<Instant> began_at;
  std::optional<WallTime> began_wall;
  Json began;  // data of run.began
  std::map<std::string, HostState> hosts;
  std::map<std::string, std::vector<std::string>> targets;
  std::map<std::string, StepState> steps;
  std::vector<EffectState> effects;  // in the order of their intents
  std::map<std::string, std::vector<SealedSamples>>
      samples;  // by service; a ledger's read back under "NAME/read_back"
  std::vector<Moment> moments;
  std::vector<Entry> requests;
  std::vector<Tenure> tenures;               // of all roles, in the order of the record
  std::vector<Note> notes;                   // and corrections
  std::map<std::string, GuardState> guards;  // by name
  std::vector<Entry> counted;                // what was counted before effects
  std::vector<AlertSeen> alerts;
  std::optional<std::string> abort_why;
  std::vector<Entry> measured;
  std::optional<std::string> result;  // PASS, …
  Json verdict;                       // data of the verdict
  bool closed = false;
  std::optional<Instant> closed_at;
  std::optional<WallTime> closed_wall;
  std::uint64_t epoch = 0;
  std::uint64_t size = 0;                  // entries folded
  std::vector<std::string> unknown_kinds;  // no verdict is read across them

  EffectState* effect(std::string_view id);
  const EffectState* effect(std::string_view id) const;
  /// The last one of that role; nullptr: the record does not tell.
  const Tenure* tenure(std::string_view role) const;
  /// The command of a no-return step was about to be sent (also when it is not known how it went).
  bool past_no_return() const;
};

/// Adds one entry. An entry that cannot follow (an effect without intent, a step that is not there)
/// is an error and changes nothing: a fold never guesses.
Result<> apply(RunState& state, const Entry& entry);

/// What an entry will say once it is sealed, as far as a fold can see: the engine applies its own
/// drafts.
Entry entry_of(const Draft& draft, const Context& context);

}  // namespace muster::journal
