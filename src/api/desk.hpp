// Stands between what asks and the live run: a signed request gets to it as its signer's, and only
// when the signature is good, made just now, and never seen before.
//
// Thread: the engine's. What it is not: a judge of what the signer may do; that is the run's.
#pragma once
#include <functional>
#include <set>
#include <string>

#include "engine/io.hpp"
#include "plan/plan.hpp"
#include "ports/clock.hpp"
#include "ports/signatures.hpp"

namespace muster::api {

/// The signer's clock and ours may differ by so much.
inline constexpr Duration kSignedWithin = std::chrono::minutes{5};

class Desk {
 public:
  /// "" when it was taken, else why not.
  using Run = std::function<std::string(engine::Request)>;
  using Done = std::function<void(const std::string& refused)>;

  /// `signatures`, `clock` and `plan` must outlive it, and it every answer. Keys are the plan's.
  Desk(ports::Signatures& signatures, ports::Clock& clock, const plan::Plan& plan, Run run)
      : signatures_{signatures}, clock_{clock}, plan_{plan}, run_{std::move(run)} {}

  /// `done` is called once: within the call, or when the signature has been looked at.
  void take(engine::Request request, Done done);

 private:
  void verified(engine::Request request, const std::string& signer, const std::string& nonce,
                const Done& done);

  ports::Signatures& signatures_;
  ports::Clock& clock_;
  const plan::Plan& plan_;
  Run run_;
  /// Of what was let through. A request names its run, and a run lives in one process: so memory
  /// is enough, and as many requests as a run can record are few.
  std::set<std::string> nonces_;
};

/// Why a statement of this time is not taken now; "": it is.
std::string stale(WallTime said, WallTime now);

}  // namespace muster::api
