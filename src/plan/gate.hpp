// The gate of a host: one sh program, made from plans, that does there what these drills ask of
// that host, and refuses everything else. Sudo may start it in place of a shell. Pure, and
// deterministic: a plan that asks the same of the host makes the same gate. Titles, objectives,
// people, places in files and the order of steps are not in it. What it allows is told in
// docs/sudo.md.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "plan/plan.hpp"

namespace muster::plan {

/// One thing that a gate allows, and which step needs it; for people.
struct GateNeed {
  std::string drill, what, step;
  bool operator==(const GateNeed&) const = default;
};

struct Gate {
  std::string text;
  Digest sha256;
  std::map<std::string, std::string> ids;  // by drill; what gate_id() says
  std::vector<GateNeed> needs;             // in the order of the plans and their steps
  bool holds = false;  // an effect may be left without its dead-man: a drill has a no-return step
};

/// The hosts that a drill asks anything of, in the order of their names; not the controller.
std::vector<std::string> asked_hosts(const Plan& plan);

/// Of plans of different drills. An error says what cannot go through a gate (a text with a zero
/// byte), and what to do.
Result<Gate> make_gate(const std::vector<Plan>& plans, const std::string& host);

/// Names what a gate must hold for this drill on this host: SHA-256, in hexadecimal, of all of the
/// gate of this drill alone but the lines that tell these ids. A gate of several drills tells each.
Result<std::string> gate_id(const Plan& plan, const std::string& host);

}  // namespace muster::plan
