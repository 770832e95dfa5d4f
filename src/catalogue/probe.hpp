// A probe: one question to a service or a host, an answer, and its evidence. What kinds of
// questions there are is declared here, once, as data: the reader of files, the plan, its JSON, and
// every page that shows a probe go by it. adapters/probes asks them. How to add one:
// docs/probes.md.
#pragma once
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"
#include "catalogue/parameter.hpp"

namespace muster::catalogue {

struct ProbeSpec;

struct ProbeKind {
  std::string name;   // "tls": the key in a file
  std::string title;  // "a TLS server's certificate"
  std::string up;     // when it counts as up, in one line, for people
  std::vector<Parameter> parameters;
  std::string shorthand;  // the parameter that `tls: "lb-1:443"` gives
  /// The parameter that is the question itself: shown with every probe, and in a file it stands
  /// beside the kind's key (`postgres: CONNINFO`, `query: SQL`). Or none.
  std::string question;
  bool may_be_down = true;  // `is: down` makes sense
  /// The command that asks it where it runs, exit 0 for up; the kind may then also be asked on
  /// hosts (`on_host: SLOT`). Or none: only the controller asks.
  std::vector<std::string> (*command)(const ProbeSpec&) = nullptr;

  /// nullptr when there is none of that name.
  const Parameter* parameter(std::string_view parameter_name) const;
};

/// The explicit registry, in the order in which documents tell them.
const std::vector<ProbeKind>& probe_kinds();
/// nullptr when there is none of that name.
const ProbeKind* probe_kind(std::string_view name);

/// One question. Its values are texts, as a user spells them; in a plan they may hold `${…}`.
struct ProbeSpec {
  std::string kind;
  Values values;  // what was given; a list as NAME_0, NAME_1, …, NAME_count

  /// What was given, else what the kind declares for it.
  std::string text(std::string_view parameter) const;
  std::vector<std::string> list(std::string_view parameter) const;
  /// 0 for no text and for what is no integer.
  std::int64_t number(std::string_view parameter) const;
  bool flag(std::string_view parameter) const { return text(parameter) == "true"; }
  bool operator==(const ProbeSpec&) const = default;
};

/// Every value against its parameter, and that what is required is there: for texts in which no
/// `${…}` is left.
Result<> check(const ProbeSpec& spec);

/// For people: "postgres host=lb-1 …: select 1", "tls lb-1:443, days_left 30". Secrets are masked.
std::string describe(const ProbeSpec& spec);

/// A text of a probe that may hold `${secret.NAME}`: one whose parameter has a secrecy.
struct SecretText {
  std::string* text = nullptr;
  Secrecy secrecy = Secrecy::none;
};
/// They stay in `spec`; adapters/secrets fills them in just before the probe is asked.
std::vector<SecretText> secret_texts(ProbeSpec& spec);

Json to_json(const ProbeSpec& spec);
/// Also as Muster 0.1.0 wrote it into plans (each value a member of its own). Throws
/// Json::exception on what it does not expect.
ProbeSpec probe_from_json(const Json& json);

/// Acknowledged writes through the service's own door, one table row each (reference: measurement,
/// "RPA").
struct LedgerSpec {
  double writes_per_second = 10;
  std::string table = "muster_ledger";  // created when absent; an identifier, never parsed as SQL
  bool operator==(const LedgerSpec&) const = default;
};

}  // namespace muster::catalogue
