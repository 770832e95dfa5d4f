// One look at a condition: it holds, it does not, or that could not be told. Of the steps `check`
// and `wait`, and of guardrails. Internal to engine/.
#pragma once
#include <functional>
#include <string>

#include "engine/core.hpp"
#include "engine/preflight.hpp"
#include "engine/services.hpp"

namespace muster::engine {

struct Told {
  enum class Is { yes, no, unknown } is = Is::yes;
  std::string why;       // what was found, for people
  std::string evidence;  // of a probe
  std::string output;    // of a command
};

class Conditions {
 public:
  Conditions(Core& core, Preflight& targets, Services& services)
      : core_{core}, targets_{targets}, services_{services} {}

  /// `timeout`: of each question; zero: 5 s of a probe, the usual time of a command. `done` may be
  /// called before this returns.
  void look(const plan::Condition& condition, Duration timeout,
            std::function<void(const Told& told)> done);

 private:
  Told look(const plan::ServiceIs& condition) const;
  void look(const plan::ProbeIs& condition, Duration timeout,
            std::function<void(const Told&)> done);
  void look(const plan::CommandHolds& holds, Duration timeout,
            std::function<void(const Told&)> done);

  Core& core_;
  Preflight& targets_;
  Services& services_;
};

}  // namespace muster::engine
