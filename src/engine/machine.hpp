// The engine: a pure state machine over one run. It says what to record and what to do;
// engine/driver.hpp does it, in that order. Not thread-safe; one thread owns it.
//
// A run goes preflight -> warm-up -> method -> reverts -> settling -> ends -> read back -> verdict
// -> closed. Whatever stops it (a failure, a person, a lost lease, a lost record) leads to the
// reverts.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "engine/io.hpp"
#include "engine/settings.hpp"
#include "journal/run_state.hpp"
#include "plan/plan.hpp"

namespace muster::engine {

class Machine {
 public:
  Machine(plan::Plan plan, Settings settings);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  /// The first turn of a new run. Call once, before on().
  Output begin(Instant at, WallTime wall);

  /// The first turn after another process died over this run: `entries` is its record so far. Every
  /// effect that may be live is reverted, none is resumed; what a no-return step left is held.
  /// `said`: of which hosts a person says that they are gone for good, or mended by hand
  /// (Request::What::gone, mended; with actor and reason); those that are not this run's are passed
  /// over. Call instead of begin().
  Result<Output> recover(const std::vector<journal::Entry>& entries, Instant at, WallTime wall,
                         const std::vector<Request>& said = {});

  Output on(const Input& input);

  const journal::RunState& state() const;
  const plan::Plan& plan() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace muster::engine
