// The plan: everything that a run will do, spelled out, before it does anything. `muster plan`
// prints it, `muster run` executes exactly it, and its hash names it. Plain values; what is still
// open when it is made (an answer of a person, a target chosen by its role) stands in the texts as
// `${…}` and nowhere else.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "catalogue/fault.hpp"
#include "catalogue/probe.hpp"
#include "measure/up_rule.hpp"
#include "plan/demand.hpp"
#include "ports/shell.hpp"

namespace muster::plan {

/// A text that may hold `${answer}` or `${slot.field}`; bind.hpp fills it in.
using Template = std::string;

struct Power {
  std::vector<std::string> down, up, status;
};

struct Host {
  ports::HostAddress address;
  std::string environment;  // production | staging | lab
  bool is_protected = false;
  std::string zone;
  std::optional<Power> power;
};

/// How one of a slot's candidates is found. Exactly one of the two is given.
struct RoleQuestion {
  std::string sql;  // asked on the host with psql as its service's own user; `t` says yes
  std::vector<std::string> argv;  // exit 0 says yes
};

/// How a slot of one step ("web/pick:loss") came from another one's hosts (pick.hpp).
struct Picked {
  std::string from;
  std::size_t count = 0;
  std::uint64_t seed = 0;  // as given, else derived from the plan's content
};

struct Slot {
  std::string name;
  std::vector<std::string> hosts;  // candidates when `role` is given, else the hosts themselves
  std::optional<RoleQuestion> role;
  std::optional<Picked> picked = {};
};

struct Service {
  std::string name;
  catalogue::ProbeSpec probe;  // its texts are templates
  std::optional<catalogue::LedgerSpec> ledger;
  Duration every{};
  Duration timeout{};
  measure::UpRule up;
  Duration warm_up{};
  bool outage_expected = true;
};

struct Objective {
  std::string service;
  std::optional<Duration> rto, rpo, mtpd;
  std::optional<std::uint64_t> lost_writes;
  bool from_inject = false;
};
/// What monitoring, or a person, is expected to notice of the fault.
struct Detection {
  std::string alert;  // empty: of a person, any
  std::map<std::string, std::string> labels;
  std::optional<Duration> within;  // nothing: reported, not judged
  std::string step;                // of the inject; empty: the first fault
  bool by_person = false;
};
struct Estimate {
  Duration rto{}, detect{}, decide{}, reroute{};
};

struct Role {
  std::string name, holder, deputy;  // deputy may be empty
};

/// Somebody of people.yaml whom the drill may need: told here, so that the record explains itself.
struct Person {
  std::string id, name;
  std::string unix_user;  // by which the kernel knows them; empty: cannot be recognised
  bool has_key = false;   // people.yaml has an ssh_key of theirs
  std::string timezone;   // IANA; empty: UTC
  std::vector<std::string> teams;
  std::string ssh_key = {};  // "ssh-ed25519 AAAA…": what they sign is checked with it
  bool service = false;      // a machine: it approves nothing
};

// What a step does
// ----------------------------------------------------------------------------------------

struct Inject {
  std::string fault;
  std::string slot;
  std::map<std::string, Template> values;
};
struct Revert {
  std::string step;
};
struct Restore {
  std::string provider;
  std::string slot;
  std::map<std::string, Template> values;
  std::uint64_t seed =
      0;  // decides `random`; derived from the plan's content, so that it was not picked by hand
};
struct Teardown {
  std::string step;
};

struct ServiceIs {
  std::string service;
  bool up = true;
};
struct ProbeIs {
  catalogue::ProbeSpec probe;  // asked by the controller
  bool up = true;
};
struct CommandHolds {
  std::string slot;  // run on every host of it; exit 0 on all
  std::vector<Template> argv;
  std::string what = {};  // the question, for people; when it is not just the command
};
using Condition = std::variant<ServiceIs, ProbeIs, CommandHolds>;

/// What must not be hurt: asked before the first effect and all the time, and when it was not told
/// to hold for `fails_for`, the drill is stopped.
struct Guard {
  std::string name;
  Condition condition;
  Duration fails_for{};
  Duration every{};
  Duration timeout{};  // of each question; zero: nothing is asked, it is a service's state
  std::string place = {};
};

/// How many of some hosts must stay healthy, or may be hit or down at once; counted before each
/// effect.
struct Limit {
  enum class Kind { keep, at_most };
  Kind kind = Kind::at_most;
  std::string of;      // who, for people: "orders_db", "the drill's targets in zone a"
  std::string wanted;  // as it was written: "1 healthy", "25% per zone"
  std::size_t count = 0;
  std::vector<std::string> hosts;            // who is counted
  std::vector<std::string> never_asked;      // members that are protected: not known to be healthy
  std::optional<RoleQuestion> healthy = {};  // of keep: what a healthy one says yes to
  std::string by = {};  // who demands it: "the drill", "the policy of production"
  std::string place = {};
};

struct Check {
  Condition condition;
};
struct Wait {
  Condition condition;
};
/// Exactly one of `undo` and `no_return`.
struct Run {
  std::string slot;
  std::vector<Template> argv;
  bool shell = false;  // the user wrote one string: argv is {sh, -c, string}, without any `${…}`
  std::vector<Template> undo;
  bool no_return = false;
  Template standard_input = {};  // of argv, not of undo; may hold `${secret.NAME}`
};
enum class Late { fail, escalate, proceed };
struct AnswerSpec {
  std::string name;
  std::string type;
  std::optional<std::string> fallback;
};
struct Ask {
  std::string role;
  Template say;
  std::vector<AnswerSpec> answers;
  Late late = Late::fail;
  std::string mark;
};
struct Tell {
  Template text;
};
struct Pause {
  Duration length{};
};
struct Mark {
  std::string moment;
};
/// So many people of these teams must sign; who started the run does not count.
struct Approve {
  std::vector<std::string> from;
  unsigned need = 1;
  Template say;
  Late late = Late::fail;  // escalate: all are asked once more; never proceed
};
using Action = std::variant<Inject, Revert, Restore, Teardown, Check, Wait, Run, Ask, Tell, Pause,
                            Mark, Approve>;
/// "inject", "revert", …
std::string_view word_of(const Action& action);

struct Step {
  std::string id;
  std::string name;
  std::string place;  // file:line:col
  std::vector<std::size_t>
      after;  // indexes of the steps that must be over first; always smaller than its own
  Action action;
  Duration within{};  // above zero: every step is bounded
  bool stop_on_failure = true;
};

/// A script that travels: kept as a blob in the journal, so that what was armed can be read years
/// later.
struct Script {
  std::string name;  // "node.kill", "pgbackrest"
  std::string text;
  Digest sha256;
  catalogue::Healer healer = catalogue::Healer::target;
  std::vector<std::string> tools;
};

struct Plan {
  std::string drill, title, why, owner, change;
  std::string playbook;
  std::map<std::string, Host> hosts;
  std::vector<Slot> slots;
  std::vector<Service> services;
  std::vector<Objective> objectives;
  std::optional<Duration> restore_time, data_age;
  std::vector<Detection> detections;
  std::optional<Estimate> estimate;
  std::vector<Role> roles;
  std::vector<Person> people;     // those of `roles`, each once, in the order of people.yaml
  std::vector<Demand> policy;     // of the environments that it touches
  std::vector<Person> approvers;  // who else may be needed to approve it, or a step of it
  Duration max_duration{};
  std::vector<Guard> guards;
  std::vector<Limit> limits;
  std::vector<Step> steps;
  std::vector<Step> ends;
  std::map<std::string, Script> scripts;
  std::map<std::string, SecretSource> secrets;  // those that it needs; values are in no plan
  std::string guardian;  // name of the host that holds out-of-band undos; always in `hosts`

  const Slot* slot(std::string_view name) const;
  const Service* service(std::string_view name) const;
  const Role* role(std::string_view name) const;
  const Person* person(std::string_view id) const;
  /// Of `people` or of `approvers`.
  const Person* anybody(std::string_view id) const;
  /// What a person does must be signed.
  bool needs_signatures() const;
  /// A step or an end.
  const Step* step(std::string_view id) const;
  /// Where the effect of a script on `host` is armed: the host itself, or the guardian.
  const std::string& armed_at(const Script& script, const std::string& host) const;
};

/// All of it, also the scripts; canonical_json of it is what is hashed, stored as a blob, and read
/// back by `muster recover`. Durations are nanoseconds.
Json to_json(const Plan& plan);
Result<Plan> plan_from_json(const Json& json);

/// SHA-256 of the canonical JSON: any edit is another plan.
Digest content_hash(const Plan& plan);

}  // namespace muster::plan
