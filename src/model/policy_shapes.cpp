// The policy, as data.
#include "model/policy.hpp"

namespace muster::model {

using namespace config;

const Shape& policy_file_shape() {
  static const Shape shape = [] {
    Shape one;
    one.name = "policy";
    one.what = "a file of policy";
    one.help = "What an environment demands of every drill that touches it (docs/policy.md).";
    one.keys = {{"policy", map(policy_shape), kRequired, "by environment"}};
    one.refused = {{"people", "people stand in inventory/people.yaml",
                    "`people` beside `policy`: they are owned by different people"}};
    return one;
  }();
  return shape;
}

const Shape& policy_shape() {
  static const Shape shape = [] {
    Shape one;
    one.name = "policies";
    one.what = "a policy";
    one.help = "By environment; one that is not named demands nothing.";
    one.keys = {{"production", map(environment_policy_shape), kOptional,
                 "also of hosts without `muster_environment`"},
                {"staging", map(environment_policy_shape), kOptional, ""},
                {"lab", map(environment_policy_shape), kOptional, ""}};
    return one;
  }();
  return shape;
}

const Shape& environment_policy_shape() {
  static const Shape shape = [] {
    Shape one;
    one.name = "policy.environment";
    one.what = "the policy of an environment";
    one.help = "What is demanded of a drill that touches a host of it.";
    one.keys = {{"approvals", map(approvals_demand_shape), kOptional,
                 "who must have approved the plan before it is run"},
                {"assurance", word({"os-user", "signed-key"}), preset("os-user"),
                 "the least that what a person does must be: told by the operating system, or "
                 "signed with the person's SSH key; stopping a drill needs neither"},
                {"witness", word({"required", "optional"}), preset("optional"),
                 "`required`: no run without a witness that is not weak and has the newest "
                 "checkpoint"},
                {"deny", texts(), kOptional,
                 "globs over names of faults and restore providers, `data.*`; `command` is what a "
                 "`run` step does"},
                {"at_most", at_most_type(), kOptional,
                 "how many of the drill's hosts may be hit or down at once, as in a drill's own "
                 "guardrails: `1 per zone`; the stricter one counts"}};
    return one;
  }();
  return shape;
}

const Shape& approvals_demand_shape() {
  static const Shape shape = [] {
    Shape one;
    one.name = "approvals";
    one.what = "`approvals`";
    one.help = "Whose signatures a plan needs before it is run; never those of who starts it.";
    one.keys = {{"need", integer(1, 6), kRequired, "so many different people"},
                {"from", texts(), kRequired, "of these teams of people.yaml, any of them"},
                {"valid", duration(), preset("7d"), "the longest that an approval is good for"}};
    return one;
  }();
  return shape;
}

}  // namespace muster::model
