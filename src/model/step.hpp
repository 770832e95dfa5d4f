// A step: one action word on some targets. The words of later versions (load) are refused by
// name when the file is read, so a Step never holds one.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "model/command.hpp"
#include "model/probe.hpp"
#include "model/value.hpp"

namespace muster::model {

struct Step;
using Steps = std::vector<Step>;

/// What must hold: now (check), or in the end (wait).
struct ServiceIs {
  Located<std::string> service;
  bool up = true;
};
struct ProbeIs {
  Probe probe;
  bool up = true;  ///< `is: down` makes sense for postgres, tcp and http only.
};
using Condition = std::variant<ServiceIs, ProbeIs>;

struct Inject {
  Located<std::string> fault;  ///< "node.kill"
  Fields with;
};
struct Revert {
  Located<std::string> step;  ///< Id of an earlier inject step.
};
struct Restore {
  Located<std::string> provider;  ///< "pgbackrest"
  Fields with;
};
struct Teardown {
  Located<std::string> step;  ///< Id of an earlier restore step.
};
struct Check {
  Condition condition;
};
struct Wait {
  Condition condition;
};
struct Run {
  Command command;
  std::optional<Command> undo;
  bool no_return = false;              ///< Never together with undo.
  std::optional<Text> standard_input;  ///< `stdin:`; may hold secrets. Not of the undo.
};

/// What happens when nobody answered within the step's time.
enum class Late { fail, escalate, proceed };
struct AnswerSpec {
  Located<std::string> name;  ///< `${name}` in later steps.
  ValueType type = ValueType::string;
  std::optional<Value> preset;  ///< `default:`; a literal that fits the type.
};
struct Ask {
  Located<std::string> role;
  Text say;
  std::vector<AnswerSpec> answers;
  Late late = Late::fail;  ///< escalate: to the deputy, with the same time again.
  std::string mark;        ///< Named moment that the answer sets; may be empty.
};
struct Tell {
  Text message;
};
struct Parallel {
  std::vector<Steps> branches;
};
struct Pause {
  Duration length{};
};
/// Sets a named moment.
struct Mark {
  std::string moment;
};
/// Another playbook. play.hpp puts its steps in the place of this one before anybody else looks.
struct Play {
  using Names = std::vector<std::pair<Located<std::string>, Located<std::string>>>;
  Located<std::string> playbook;
  Fields with;    ///< Its inputs.
  Names targets;  ///< Its slot, and ours; what is not named has the same name in both.
  Names roles;
};

/// So many people of these teams must sign that the drill may go on.
struct Approve {
  Place place;
  std::vector<std::string> from;  ///< Teams; never empty.
  int need = 1;
  Text say;
  Late late = Late::fail;  ///< escalate: they are asked once more. Never proceed.
};

using Action = std::variant<Inject, Revert, Restore, Teardown, Check, Wait, Run, Ask, Tell,
                            Parallel, Pause, Mark, Play, Approve>;
/// The word in the file: "inject", …
std::string_view action_word(const Action& action);

enum class OnFailure { stop, proceed };

/// `pick: {count: 2, seed: 7}` or `{percent: 50%}`: which of a slot's hosts. plan/pick.hpp chooses.
struct Pick {
  Place place;
  int count = 0;     ///< Nothing (0): a share.
  double share = 0;  ///< Above 0, at most 1.
  std::optional<std::uint64_t> seed;
};

struct Step {
  Place place;
  /// As given, else its position: "3", in a branch "3.2.1" (step 3, branch 2, step 1), in `ends`
  /// "end.1". Of a playbook that is played: the id of that step, "/", its own.
  std::string id;
  std::string name;  ///< As given, else made of its action: "inject node.kill".
  Action action;
  std::optional<Located<std::string>> target;  ///< A slot; of inject, restore and run always.
  std::optional<Pick> pick;
  std::optional<Duration> within;
  /// `within: "${input}"`; the loader of a drill has made it `within`.
  std::optional<Reference> within_from;
  OnFailure on_failure = OnFailure::stop;
};

/// The slot that `on_host` of a check's or wait's command names; nullptr when there is none.
const std::string* host_slot(const Step& step);

/// Calls f(step) for each step in the order of the file, those in branches too.
template <class F>
void each_step(const Steps& steps, F&& f) {
  for (const auto& step : steps) {
    f(step);
    if (const auto* parallel = std::get_if<Parallel>(&step.action))
      for (const auto& branch : parallel->branches) each_step(branch, f);
  }
}

}  // namespace muster::model
