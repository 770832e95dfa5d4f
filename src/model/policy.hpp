// What an environment demands of the drills that touch it: inventory/policy.yaml. It belongs to
// somebody else than the drills' authors (docs/policy.md tells how).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "config/shape.hpp"
#include "model/blast_radius.hpp"
#include "model/people.hpp"
#include "model/text.hpp"

namespace muster::model {

/// `approvals: {need: 2, from: [sre, dba], valid: 7d}`
struct ApprovalsDemand {
  Place place;
  int need = 1;
  std::vector<std::string> from;  ///< teams; a member of any of them counts
  Duration valid{};               ///< the longest that one may be good for
};

struct EnvironmentPolicy {
  Located<std::string> environment;  ///< production, staging or lab
  std::optional<ApprovalsDemand> approvals;
  bool signed_key = false;  ///< what a person does must be signed with their SSH key
  bool witness = false;     ///< no run without somebody else who keeps the record's checkpoints
  std::vector<std::string> deny;  ///< globs over names of faults and of restore providers
  std::vector<AtMost> at_most;    ///< beside what the drill's own guardrails say
};

struct Policy {
  std::vector<EnvironmentPolicy> environments;
  const EnvironmentPolicy* of(std::string_view environment) const;
};

const config::Shape& policy_file_shape();
const config::Shape& policy_shape();
const config::Shape& environment_policy_shape();
const config::Shape& approvals_demand_shape();

/// Adds what one `policy:` map says. A second one that speaks of the same environment is an error:
/// which of two counts would be a guess.
void read_policy(const config::Node& node, Policy& policy, Diagnostics& out);
/// Whoever must approve has to be there, and be able to sign.
void check_policy(const Policy& policy, const People& people, Diagnostics& out);

/// Members of any of `teams` who can approve: they have a key, and are no service.
std::vector<const Person*> approvers_in(const People& people,
                                        const std::vector<std::string>& teams);
/// Each team must be somebody's, and `need` of their members must be able to approve.
void check_approvers(const People& people, const std::vector<std::string>& teams, int need,
                     const Place& place, Diagnostics& out);

}  // namespace muster::model
