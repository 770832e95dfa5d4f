// Drills, as data.
#include "model/schedule.hpp"
#include "model/shapes.hpp"

namespace muster::model {
namespace {

using namespace config;

/// What every drill has; `more` stands after its first keys.
std::vector<Key> drill_keys(std::vector<Key> more) {
  std::vector<Key> keys{
      {"drill", name(), kRequired, "its name: `muster run NAME`"},
      {"title", text(), kOptional, "one line for people and reports"},
      {"why", text(), kOptional, "what the drill is to prove"},
      {"owner", text(), kRequired, "a person, a team or a role: who answers for it"},
      {"change", text(), kOptional, "a reference of your own change management; only passed on"},
  };
  keys.insert(keys.end(), more.begin(), more.end());
  keys.insert(
      keys.end(),
      {{"objectives", map(objectives_shape), kOptional, "what must be reached"},
       {"detect", list(map(detect_shape)), kOptional,
        "what monitoring, or a person, is to notice of the fault, and how soon"},
       {"roles", named(map(role_holder_shape)), kOptional, "who holds each role of the playbook"},
       {"guardrails", map(guardrails_shape), kOptional, "what stops the drill before it does harm"},
       {"estimate", map(estimate_shape), kOptional,
        "an RTO put together from declared parts; printed as an estimate, never as met"},
       {"schedule", map(schedule_shape), kOptional, "when it is meant to run"},
       {"due", due_type(), kOptional, "how often it must have passed"}});
  return keys;
}

}  // namespace

const Shape& drill_of_playbook_shape() {
  static const Shape shape{
      .name = "drill",
      .what = "a drill of a playbook",
      .help = "A playbook made concrete.",
      .keys = drill_keys({
          {"playbook", name(), kRequired, "the name of a playbook"},
          {"targets", named(text()), kOptional,
           "what fills each target of the playbook: a host, a group, or a pattern `db:!db-1`"},
          {"with", named(value()), kOptional, "values of the playbook's inputs"},
      }),
      .one_of = {},
      .refused = {},
      .others = {},
      .cases = {}};
  return shape;
}

const Shape& drill_with_steps_shape() {
  static const Shape shape = [] {
    std::vector<Key> keys{
        {"targets", named(either({text(), map(target_one_of_shape), map(target_group_shape)})),
         kOptional,
         "the drill's targets: a host, a group or a pattern, or `{one_of: PATTERN, where: …}`"}};
    for (auto& key : body_keys()) keys.push_back(std::move(key));
    return Shape{.name = "drill-with-steps",
                 .what = "a drill",
                 .help = "A drill that holds the body of a playbook itself.",
                 .keys = drill_keys(std::move(keys)),
                 .one_of = {},
                 .refused = {},
                 .others = {},
                 .cases = {}};
  }();
  return shape;
}

const Shape& objectives_shape() {
  static const Shape shape{
      .name = "objectives",
      .what = "objectives",
      .help = "What must be reached: of each service by its name, and of the restore steps.",
      .keys = {{"restore", duration(), kOptional, "the longest technical restore time"},
               {"data_age", duration(), kOptional, "how old the newest data of a restore may be"}},
      .one_of = {},
      .refused = {},
      .others = map(service_objective_shape),
      .cases = {}};
  return shape;
}

const Shape& service_objective_shape() {
  static const Shape shape{
      .name = "objective",
      .what = "an objective",
      .help = "What one service must reach.",
      .keys = {{"rto", duration(), kOptional, "the longest outage that clients may see"},
               {"rpo", duration(), kOptional,
                "how much time of acknowledged writes may be lost; needs a ledger"},
               {"lost_writes", integer(0), kOptional,
                "how many acknowledged writes may be lost; needs a ledger"},
               {"mtpd", duration(), kOptional, "when the business is lost; at least the RTO"},
               {"from", word({"outage", "inject"}), preset("outage"),
                "when the clock of the RTO starts"}},
      .one_of = {},
      .refused = {},
      .others = {},
      .cases = {}};
  return shape;
}

const Shape& detect_shape() {
  static const Shape shape{
      .name = "detect",
      .what = "an entry of `detect`",
      .help = "What is to notice the fault. An alert that fired before it does not count.",
      .keys =
          {{"alert", text(), kOptional, "the alert's name; of `by: person` it may be left away"},
           {"labels", named(text()), kOptional, "labels that the alert must have"},
           {"within", duration(), kOptional,
            "the longest time from the proven fault on; without it the time is told, not judged"},
           {"step", text(), kOptional, "the id of an inject step; the first fault without it"},
           {"by", word({"alert", "person"}), preset("alert"),
            "who must notice: monitoring, or somebody who says so (`muster step detected`)"}},
      .one_of = {},
      .refused = {},
      .others = {},
      .cases = {}};
  return shape;
}

const Shape& estimate_shape() {
  static const Shape shape{
      .name = "estimate",
      .what = "an estimate",
      .help = "Declared parts of an RTO that a restore test alone cannot measure.",
      .keys = {{"rto", duration(), kRequired, "what the sum is compared with"},
               {"detect", duration(), kOptional, "until somebody knows"},
               {"decide", duration(), kOptional, "until somebody has decided"},
               {"reroute", duration(), kOptional, "until clients reach the restored service"}},
      .one_of = {},
      .refused = {},
      .others = {},
      .cases = {}};
  return shape;
}

const Shape& role_holder_shape() {
  static const Shape shape{
      .name = "role",
      .what = "a role",
      .help = "Who takes a role in this drill.",
      .keys = {{"holder", text(), kRequired, "the id of a person"},
               {"deputy", text(), kOptional, "the id of another one, who takes over"}},
      .one_of = {},
      .refused = {},
      .others = {},
      .cases = {}};
  return shape;
}

}  // namespace muster::model
