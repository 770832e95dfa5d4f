// What goes into the machine and what comes out of it. The machine is pure: no clock, no thread, no
// effect; the same inputs give the same outputs, byte for byte.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "journal/entry.hpp"
#include "journal/signed_text.hpp"
#include "ports/prober.hpp"
#include "ports/shell.hpp"

namespace muster::engine {

using ActionId = std::uint64_t;

// In
// -------------------------------------------------------------------------------------------------------

struct Tick {};
struct HostAnswered {
  ActionId id = 0;
  ports::Answer answer;
};
struct Probed {
  ActionId id = 0;
  ports::ProbeAnswer answer;
};
struct Sampled {
  std::string service;
  std::vector<measure::Sample> samples;
};
struct ServiceStopped {
  ActionId id = 0;
};
struct LedgerRead {
  ActionId id = 0;
  ports::ReadBack read_back;
};
/// The drafts of an earlier output could not be made durable: from now on only what heals is done.
struct RecordLost {
  std::string why;
  std::set<ActionId> not_done = {};  // what stood behind it, and is not done any more
};
/// What monitoring said about one alert; texts of it are bounded and printable.
struct Alert {
  std::string source;  // alertmanager | pagerduty
  std::string name;
  std::string id;  // the sender's own; the same for the whole life of one alert
  std::map<std::string, std::string> labels;
  bool firing = true;
  std::optional<WallTime> started;  // by the sender's clock
};
/// What a person (or a signal on behalf of one) wants. Texts are UTF-8 without control characters
/// but newline and tab, 16,000 bytes in all: another request is refused. Which person of the plan
/// that is, the machine finds by the actor: a request does not say who it comes from.
struct Request {
  enum class What {
    abort,         // stop and revert (or hold, after no return)
    stop_waiting,  // the second Ctrl-C: give up on what does not answer
    // Of a step that asks:
    acknowledge,  // "seen, working on it": stops no clock
    answer,
    done,       // the answer to a question without answers
    skip_step,  // not done, and the drill goes on; needs a reason
    fail_step,  // "I cannot"; needs a reason
    approve,    // of a step that wants signatures: one of them
    // Of the run:
    note,       // `text`; with `corrects` it sets an earlier entry right
    take_role,  // the actor holds it from now on
    hand_role,  // `to` does
    gone,       // `host` will never come back: nothing is undone on it; needs a reason
    mended,  // of Machine::recover: what cannot be proven undone on `host`, a person has seen to;
             // needs a reason
    // Of the fault:
    alerts,   // monitoring says what fires, and what no longer does
    detected  // a person noticed it, at `ago` or `then`; `text`: how
  } what = What::abort;
  journal::Actor actor;       // without a principal: who runs this process
  journal::SignedText proof;  // when the actor signed; it was verified
  std::string step;
  std::map<std::string, std::string> answers;
  std::string reason;
  bool as_stand_in = false;  // acts for whoever is asked, without being asked; needs a reason

  std::string text;
  std::string who;                        // whom the note tells of, when it is not its author
  std::optional<Duration> ago;            // when it happened: so long before now,
  std::optional<WallTime> then;           // or then; neither: now
  std::optional<std::uint64_t> corrects;  // number of an entry of this run

  std::string role;
  std::string to;  // id of a person of the plan

  std::string host;
  bool wiped = false;  // of gone: what was restored to it is declared destroyed

  std::vector<Alert> alerts;  // of alerts; of detected at most one, by its name
};

struct Input {
  Instant at{};
  WallTime wall{};
  std::variant<Tick, HostAnswered, Probed, Sampled, ServiceStopped, LedgerRead, RecordLost, Request>
      what = Tick{};
};

// Out
// ------------------------------------------------------------------------------------------------------

struct CallHost {
  ActionId id = 0;
  ports::Call call;
};
struct AskProbe {
  ActionId id = 0;
  catalogue::ProbeSpec probe;
  Duration timeout{};
};
struct StartService {
  ports::ServiceProbe probe;
};
struct StopService {
  ActionId id = 0;
  std::string service;
};
struct ReadLedger {
  ActionId id = 0;
  ports::ServiceProbe probe;
  Duration timeout{};
};

struct Action {
  std::variant<CallHost, AskProbe, StartService, StopService, ReadLedger> what;
  bool heals = false;  // done even when the record cannot be written
};

/// In this order: the blobs and drafts become durable, as one batch; then the actions start; when
/// the batch could not be made durable only those that heal start. Actions never overtake drafts of
/// earlier outputs.
struct Output {
  std::vector<std::string> blobs;
  std::vector<journal::Draft> drafts;
  std::vector<Action> actions;
  std::optional<Instant> wake;  // call with Tick then, unless an input comes before
  bool over = false;            // nothing more will come: the run is closed
  std::string refused;          // why a Request was not taken; empty when it was
};

}  // namespace muster::engine
