// What a restore provider is. Like a fault it is one sh file (catalogue/restores/NAME.sh) whose
// phases run on the recovery host, armed as an effect whose `revert` is the teardown. Beside it
// stands one pure state machine, its flow, which says what to ask next and reads the answers; the
// engine asks.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/time.hpp"
#include "catalogue/parameter.hpp"

namespace muster::catalogue {

/// One phase to run on the recovery host: a function of the provider's script.
struct RestoreQuestion {
  std::string phase;   // discover, precheck, fingerprint, restore, start, ready, point, validate,
                       // damage, promote, stop, …
  std::string detail;  // for people: "backup 20261122-211505F", "level structure"
  Values values;       // added to the effect's own parameters
  Duration within{};   // time limit on the target and here
};

/// How a phase ended, as the target said it.
struct RestoreAnswer {
  enum class Is { yes, no, could_not, unknown } is = Is::unknown;
  std::string evidence;  // fd 3 of the script: JSON or `key=value` lines
  std::string output;    // bounded stdout and stderr, for people
  Instant sent{};
  Instant done{};
  WallTime sent_wall{};
};

/// One backup that was brought back, with the events of measurement.md on the controller's axis.
struct RestoredBackup {
  std::string label;
  std::string asked_for;                  // newest, oldest, random, or a label
  std::optional<WallTime> taken_at;       // consistency point of the backup itself
  std::optional<Instant> started;         // S
  std::optional<Instant> tool_exited;     // Rf
  std::optional<Instant> accepts;         // U
  std::optional<Instant> target_reached;  // T
  std::optional<Instant> validated;       // V
  std::optional<WallTime> point;          // newest data that came back
  std::optional<WallTime> cutoff;         // what was asked for, frozen before the restore
  std::string lsn;
  struct Validation {
    std::string level;  // checksum, structure, logical, query, …
    enum class Is { passed, failed, could_not } is;
    std::string evidence;
  };
  std::vector<Validation> validations;
  enum class Control {
    not_asked,
    refused_the_damaged,
    passed_the_damaged,
    could_not
  } control = Control::not_asked;
  std::uint64_t bytes = 0;
};

/// What a restore step proved, whole or in part.
struct RestoreOutcome {
  std::vector<RestoredBackup> backups;
  bool source_unchanged = true;  // fingerprints of repository and source before and after agree
  Json facts;                    // versions, exact commands, what discover found; no floats
};
Json to_json(const RestoreOutcome& outcome);
Result<RestoreOutcome> restore_outcome_from_json(const Json& json);

struct RestoreDone {};  // all that was asked for is proven
struct RestoreFailed {
  std::string why;
};  // proven not to work: a check failed
struct RestoreUnsure {
  std::string why;
};  // could not be evaluated: never a pass
struct RestoreInvalid {
  std::string why;
};  // a damaged copy passed: the checks prove nothing
using RestoreNext =
    std::variant<RestoreQuestion, RestoreDone, RestoreFailed, RestoreUnsure, RestoreInvalid>;

/// Pure: no clock, no effect. begin() once, then on() with the answer of each question, until it is
/// no question.
class RestoreFlow {
 public:
  virtual ~RestoreFlow() = default;
  virtual RestoreNext begin(Instant now, WallTime wall) = 0;
  virtual RestoreNext on(const RestoreAnswer& answer) = 0;
  virtual const RestoreOutcome& outcome() const = 0;
};

/// What a question may carry, and nothing else: a gate (docs/sudo.md) refuses the rest. Of what
/// characters it is, so that it can stand in the script's arithmetic, words and paths.
struct AskedValue {
  enum class Form {
    number,  // digits
    word,    // letters, digits, _ . -; may be empty
    plain,   // a word with blanks, : + and /
    query    // one of the step's own, see RestoreProvider::queries; may be empty
  };
  std::string name;
  Form form;
};

/// planned: `${…}` stands for what is not known yet. bound: every value is what will travel.
enum class Spelt { planned, bound };

struct RestoreProvider {
  std::string name;  // "pgbackrest"
  std::string title;
  std::vector<Parameter> parameters;
  std::vector<std::string> tools;
  std::string script;  // the shared functions, then catalogue/restores/NAME.sh
  Digest sha256;
  std::vector<AskedValue> asked;  // by the flow's questions, whichever phase
  /// The phases that the flow of such a step may ask for; `values` are as the plan spells them.
  std::vector<std::string> (*phases)(const Values& values);
  /// The SQL of such a step that its questions may carry.
  std::vector<std::string> (*queries)(const Values& values);
  /// `seed` decides `random`; `values` are bound and checked against `parameters`.
  std::unique_ptr<RestoreFlow> (*flow)(const Values& values, std::uint64_t seed);
  /// What cannot work, found before anything runs ("to needs a cut-off …"); empty when fine.
  std::vector<std::string> (*check)(const Values& values, Spelt spelt);
};

/// The explicit registry: one line a provider.
const std::map<std::string, RestoreProvider>& restore_providers();

}  // namespace muster::catalogue
