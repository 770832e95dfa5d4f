// The process that holds the store, as the API sees it: the runs that go on in it, and, of a server
// (`muster serve`), what it can be told to do. `muster run` is a host of one run and starts
// nothing.
//
// Thread: the one that calls Api::handle. Answers come on it too, within the call or later; a run
// may live on a thread of its own (that is the host's business).
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "engine/io.hpp"
#include "journal/signed_text.hpp"

namespace muster::api {

/// A run that goes on in this process. The functions stay callable after its end, and then say so.
struct LiveRun {
  std::string run;
  std::string drill;
  /// engine::Driver::request: "" when it was taken, else why not. A signed one has its proof, which
  /// says the same as the request, and is still to be verified (desk.hpp).
  using Taken = std::function<void(std::string refused)>;
  std::function<void(engine::Request, Taken)> request;
  /// What api::people_of makes of the run as it is now; nullptr: not told here. A null answer: the
  /// run is over.
  std::function<void(std::function<void(Json)>)> people = {};
};

/// What is asked of a server about one drill.
struct DrillRequest {
  enum class What {
    start,  ///< now, beside its schedule
    hold,   ///< its schedule starts nothing until it is resumed; each occurrence is recorded
    resume,
  };
  What what = What::start;
  std::string drill;
  std::string plan;    ///< of start: digits that the plan's hash must begin with; "" for any
  std::string reason;  ///< owed with hold
  bool allow_production = false;
  bool allow_dirty = false;
  journal::Actor actor;
  journal::SignedText proof = {};  ///< that the actor signed this; still to be verified
};

/// What is asked about the times of drills.
struct TimesRequest {
  std::string drill;           ///< "": of all, a row each
  std::optional<WallTime> at;  ///< as if it were then; none: now
  std::size_t count = 5;       ///< of one drill: so many next times
};

/// A run that ended, and no entry closes it.
struct LostRun {
  std::string run, why;
  bool begun = false;  ///< it stands in the record, and may have done something
};

class Host {
 public:
  virtual ~Host() = default;

  virtual std::vector<LiveRun> live() const = 0;
  /// Of a server: the newest of them. Whoever follows one would wait for ever.
  virtual std::vector<LostRun> lost() const { return {}; }
  /// Names the record: what is signed for another one is not taken.
  virtual std::string store() const = 0;

  /// What a server is told: {run} of what was started, {} of the rest; an error says why not.
  using Done = std::function<void(Result<Json>)>;
  virtual void ask(DrillRequest request, Done done);
  /// An approval of a plan, or its withdrawal, for the workspace's log; still to be verified. ""
  /// when it is durable, else why not.
  using Taken = LiveRun::Taken;
  virtual void approve(journal::SignedText proof, Taken taken);
  /// Of a server: what is scheduled, as docs/api.md tells it; null of another host.
  virtual Json schedules() const { return nullptr; }

  /// Of a server: the drills' times and what is due, as docs/api.md tells it; null of another host.
  /// An error: there is no such drill.
  virtual Result<Json> times(const TimesRequest&) const { return Json(nullptr); }

  /// Writes an entry into the workspace's log; answered when it is durable, or could not become so.
  virtual void note(journal::Draft draft, std::function<void(Result<>)> done);
  /// Of a server: its figures as Prometheus reads them; nothing of another host.
  virtual void metrics(std::function<void(Result<std::string>)> done);
  /// Of a server: "" when it keeps to its schedules, else why not (yet, or any more).
  virtual std::string unready() const { return "this process runs one drill"; }
};

}  // namespace muster::api
