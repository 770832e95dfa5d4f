// The kinds of entries: the value of `action`. One word, one meaning; a kind is never given a new
// meaning, a new one is added. A kind that a reader does not know fails closed (verification
// reports it, no verdict is read across it) but leaves effects revertible: what is to be undone is
// told by the effect.* entries that it does know.
#pragma once
#include <algorithm>
#include <array>
#include <string_view>

namespace muster::journal::kinds {

struct Kind {
  std::string_view name;
  std::string_view meaning;
};

// The run as a whole. run.opened and run.closed stand in the workspace log too.
inline constexpr std::string_view kRunOpened = "run.opened";
inline constexpr std::string_view kRunPreflight = "run.preflight";
inline constexpr std::string_view kRunTargets = "run.targets";
inline constexpr std::string_view kRunBegan = "run.began";
inline constexpr std::string_view kRunClosed = "run.closed";
inline constexpr std::string_view kTakeover = "takeover";

inline constexpr std::string_view kStepStarted = "step.started";
inline constexpr std::string_view kStepAsked = "step.asked";
inline constexpr std::string_view kStepAnswered = "step.answered";
inline constexpr std::string_view kStepNoReturn = "step.no_return";
inline constexpr std::string_view kStepFinished = "step.finished";

inline constexpr std::string_view kRoleAssumed = "role.assumed";
inline constexpr std::string_view kNote = "note";
inline constexpr std::string_view kAlertSeen = "alert.seen";

// One effect's way (reference/journal.md, "Order of writes around an effect"); intent_ref is its
// id.
inline constexpr std::string_view kEffectIntent = "effect.intent";
inline constexpr std::string_view kEffectArmed = "effect.armed";
inline constexpr std::string_view kEffectInjecting = "effect.injecting";
inline constexpr std::string_view kEffectActive = "effect.active";
inline constexpr std::string_view kEffectUnknown = "effect.unknown";
inline constexpr std::string_view kEffectReverting = "effect.reverting";
inline constexpr std::string_view kEffectReverted = "effect.reverted";
inline constexpr std::string_view kEffectSelfReverted = "effect.self_reverted";
inline constexpr std::string_view kEffectRevertFailed = "effect.revert_failed";
inline constexpr std::string_view kEffectHeld = "effect.held";
inline constexpr std::string_view kEffectMoot = "effect.moot";

// What stops a drill before it does harm (docs/guardrails.md).
inline constexpr std::string_view kGuardrailCounted = "guardrail.counted";
inline constexpr std::string_view kGuardrailHolds = "guardrail.holds";
inline constexpr std::string_view kGuardrailFails = "guardrail.fails";
inline constexpr std::string_view kGuardrailFired = "guardrail.fired";

// Of the workspace log alone.
inline constexpr std::string_view kSweep = "sweep";

inline constexpr std::string_view kRequest = "request";
inline constexpr std::string_view kLeaseLost = "lease.lost";
inline constexpr std::string_view kLeaseRegained = "lease.regained";
inline constexpr std::string_view kRestorePhase = "restore.phase";
inline constexpr std::string_view kSamplesSealed = "samples.sealed";
inline constexpr std::string_view kMeasured = "measured";
inline constexpr std::string_view kVerdict = "verdict";
inline constexpr std::string_view kCheckpoint = "checkpoint";
inline constexpr std::string_view kCorrection = "correction";

// Of the workspace log alone: who lets a plan be run.
inline constexpr std::string_view kApprovalGiven = "approval.given";
inline constexpr std::string_view kApprovalWithdrawn = "approval.withdrawn";

// Of the workspace log alone: who signs it, and who else was told.
inline constexpr std::string_view kKeyMade = "key.made";
inline constexpr std::string_view kKeyRotated = "key.rotated";
inline constexpr std::string_view kWitnessTold = "witness.told";

// Of the workspace log alone: what people are told (notify/), by channel.
inline constexpr std::string_view kNoticeQueued = "notice.queued";
inline constexpr std::string_view kNoticeDelivered = "notice.delivered";
inline constexpr std::string_view kNoticeFailed = "notice.failed";

// Of the workspace log alone: what became of the times at which drills are due (scheduler/).
inline constexpr std::string_view kScheduleKnown = "schedule.known";
inline constexpr std::string_view kScheduleCommitted = "schedule.committed";
inline constexpr std::string_view kScheduleAnnounced = "schedule.announced";
inline constexpr std::string_view kScheduleStarted = "schedule.started";
inline constexpr std::string_view kScheduleQueued = "schedule.queued";
inline constexpr std::string_view kScheduleMissed = "schedule.missed";
inline constexpr std::string_view kScheduleHeld = "schedule.held";
inline constexpr std::string_view kScheduleResumed = "schedule.resumed";
inline constexpr std::string_view kServerStarted = "server.started";
inline constexpr std::string_view kServerStopped = "server.stopped";
inline constexpr std::string_view kServerReloaded = "server.reloaded";
inline constexpr std::string_view kClockJumped = "clock.jumped";
// Of the workspace log alone: who may ask over the network, and who was not let in.
inline constexpr std::string_view kTokenMade = "token.made";
inline constexpr std::string_view kTokenRevoked = "token.revoked";
inline constexpr std::string_view kAccessRefused = "access.refused";

// Of the workspace log alone: what of the record was removed on purpose, and what must not be.
inline constexpr std::string_view kRecordPruned = "record.pruned";
inline constexpr std::string_view kPersonErased = "person.erased";
inline constexpr std::string_view kLegalHoldPlaced = "legal_hold.placed";
inline constexpr std::string_view kLegalHoldReleased = "legal_hold.released";

inline constexpr std::array kAll{
    Kind{kRunOpened, "a run came into being: drill, plan hash, who asked for it"},
    Kind{kRunPreflight, "what preflight asked of a target, and its answer"},
    Kind{kRunTargets, "the hosts that were chosen for the slots, pinned"},
    Kind{kRunBegan, "preflight passed: from here on the run may touch targets"},
    Kind{kRunClosed, "nothing follows; in the workspace log with size and root of the run's log"},
    Kind{kTakeover, "another process goes on with this log at a higher epoch"},
    Kind{kStepStarted, "a step began"},
    Kind{kStepAsked, "a person was asked"},
    Kind{kStepAnswered, "a person answered, or the time to answer ran out"},
    Kind{
        kStepNoReturn,
        "its command is about to be sent, and nothing takes it back: what is live before it stays"},
    Kind{kStepFinished, "a step ended, with its outcome"},
    Kind{kRoleAssumed,
         "from here on this person holds this role: at the opening as planned, later handed over"},
    Kind{kNote, "what somebody wrote down; who did it, and when, may be another than the author"},
    Kind{kAlertSeen, "monitoring said that an alert fires or ends, or a person noticed the fault"},
    Kind{kEffectIntent, "this effect is going to be made: target claimed, nothing sent yet"},
    Kind{kEffectArmed, "the undo is in place at its healer and was read back"},
    Kind{kEffectInjecting, "the injection is about to be sent"},
    Kind{kEffectActive, "the effect was proven to be there"},
    Kind{kEffectUnknown, "whether the injection took place could not be told"},
    Kind{kEffectReverting, "the undo is about to be sent"},
    Kind{kEffectReverted, "the effect was proven to be gone"},
    Kind{kEffectSelfReverted, "its lease ended and its healer undid it without being told to"},
    Kind{kEffectRevertFailed,
         "the undo was tried and the effect is still there, or could not be judged"},
    Kind{kEffectHeld, "left in place on purpose: a no-return step came after it"},
    Kind{kEffectMoot,
         "somebody answers for it: its target is gone for good, or was mended by hand"},
    Kind{kGuardrailCounted,
         "before an effect: the hosts that a limit counts, and whether the effect may be begun"},
    Kind{kGuardrailHolds, "what must not be hurt was told to hold: the first time, or again"},
    Kind{kGuardrailFails, "from here on it was not told to hold any more"},
    Kind{kGuardrailFired, "it was not told to hold for so long that the drill is stopped"},
    Kind{kSweep, "leftovers on targets are, or were, undone by their markers alone"},
    Kind{kApprovalGiven, "a person signed that a plan may be run, until then"},
    Kind{kApprovalWithdrawn, "a person takes back what they had approved of a plan"},
    Kind{kRequest,
         "what a person did: abort; ack, answer, done, skip, fail, approve of a step; gone of a "
         "host"},
    Kind{kLeaseLost, "a target's lease could not be renewed in time"},
    Kind{kLeaseRegained, "a target's lease is renewed again"},
    Kind{kRestorePhase,
         "a restore reached its next phase: discovered, copied, started, recovered, validated"},
    Kind{kSamplesSealed, "a file of probe samples became a blob, cited here"},
    Kind{kMeasured, "one interval or count was computed, with what it rests on"},
    Kind{kVerdict, "result and state of the run"},
    Kind{kCheckpoint, "size and root of a log were signed; in the workspace log alone"},
    Kind{kKeyMade, "from here on this key signs; nobody vouches for it"},
    Kind{kKeyRotated, "from here on this key signs; the key before it signed for that"},
    Kind{kWitnessTold, "a checkpoint was handed to a witness, or could not be"},
    Kind{kNoticeQueued, "these channels are going to be told this; told again after `again`"},
    Kind{kNoticeDelivered, "a channel took a notice"},
    Kind{kNoticeFailed,
         "a channel did not take a notice: it is tried again (retry), or no longer (given_up)"},
    Kind{kScheduleKnown, "from here on the drill's schedule says so; earlier times are nobody's"},
    Kind{kScheduleCommitted, "the time of a surprise is drawn, and cannot be chosen any more"},
    Kind{kScheduleAnnounced, "a drill that is to come was told of"},
    Kind{kScheduleStarted, "an occurrence is given its start, once; a run follows"},
    Kind{kScheduleQueued, "an occurrence waits for the end of the drill's own run"},
    Kind{kScheduleMissed, "nothing comes of these occurrences, and why"},
    Kind{kScheduleHeld, "a person keeps a drill from being started by its schedule"},
    Kind{kScheduleResumed, "its schedule counts again"},
    Kind{kServerStarted, "a server keeps to the schedules from here on"},
    Kind{kServerStopped, "it does not any more, and was ended in order"},
    Kind{kServerReloaded,
         "the workspace's files were read again; or are broken, and the last good "
         "ones stay"},
    Kind{kClockJumped, "the wall clock was set while a server ran"},
    Kind{kTokenMade, "who shows this token is somebody from here on; its hash, never itself"},
    Kind{kTokenRevoked, "who shows this token is nobody any more"},
    Kind{kAccessRefused, "somebody showed no good token, so many times from one address"},
    Kind{kRecordPruned, "a run's record, or its samples, is removed from here on, under a rule"},
    Kind{kPersonErased,
         "a person's name is removed from the record from here on; which it was is not told"},
    Kind{kLegalHoldPlaced, "from here on nothing of this run, or of this drill's runs, is removed"},
    Kind{kLegalHoldReleased, "that legal hold ended"},
    Kind{kCorrection, "an earlier entry, cited, is set right; the earlier one stays"},
};

inline bool known(std::string_view action) {
  return std::any_of(kAll.begin(), kAll.end(), [&](const Kind& k) { return k.name == action; });
}

}  // namespace muster::journal::kinds
