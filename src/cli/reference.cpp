// The second half of the reference page: what the catalogue, the journal and the exit codes
// declare.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "catalogue/fault.hpp"
#include "catalogue/restore.hpp"
#include "cli/exit.hpp"
#include "cli/schemas.hpp"
#include "journal/kinds.hpp"
#include "model/with_shapes.hpp"

namespace muster::cli {

namespace {

/// Text that stands in a cell of a table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

/// Not a fault that a playbook can name.
bool is_own(const catalogue::Fault& fault) {
  return fault.name == "command";
}

std::string parameters_table(const std::vector<catalogue::Parameter>& parameters) {
  if (parameters.empty()) return "No parameters.\n";
  std::string out = "| with | type | default | |\n|---|---|---|---|\n";
  for (const auto& p : parameters) {
    std::string preset = p.required ? "required" : "";
    if (!p.required && !p.fallback.empty()) preset = "`" + cell(p.fallback) + "`";
    out += fmt::format(
        "| `{}` | {} | {} | {} |\n", p.name,
        p.words.empty() ? std::string{catalogue::name_of(p.type)} : cell(joined(p.words, ", ")),
        preset, cell(p.help));
  }
  return out;
}

/// What its header cannot say: where the rest of what it needs comes from.
std::string besides(const catalogue::Fault& fault) {
  if (is_own(fault)) return " What `run` with `undo:` does; not for `inject`.";
  return fault.healer == catalogue::Healer::guardian
             ? " The power commands come from the host's `muster_power`."
             : "";
}

/// The parameters that a playbook gives.
std::string given_table(const catalogue::Fault& fault) {
  return is_own(fault) ? "" : "\n" + parameters_table(model::given_parameters(fault));
}

struct Exit {
  int code;
  const char* means;
};

}  // namespace

std::string catalogue_reference() {
  std::string out = "\n## Faults\n";
  for (const auto& [name, fault] : catalogue::builtin_faults())
    out += fmt::format("\n### {}\n{}. Healer: {}{}.{}{}\n{}", name, fault.title,
                       catalogue::name_of(fault.healer), fault.root ? "; needs root" : "",
                       fault.tools.empty() ? "" : " Needs " + joined(fault.tools, ", ") + ".",
                       besides(fault), given_table(fault));
  out += "\n## Restores\n";
  for (const auto& [name, provider] : catalogue::restore_providers())
    out += fmt::format("\n### {}\n{}.\n\n{}", name, provider.title,
                       parameters_table(provider.parameters));
  out += "\n## Entries of the journal\n| entry | says that |\n|---|---|\n";
  for (const auto& kind : journal::kinds::kAll)
    out += fmt::format("| `{}` | {} |\n", kind.name, cell(kind.meaning));
  out += "\n## Exit status\n| status | of `muster run` |\n|---|---|\n";
  for (const auto& [code, means] :
       {Exit{kOk, "PASS"}, Exit{kFail, "FAIL"}, Exit{kUsage, "usage, or files with errors"},
        Exit{kInconclusive, "INCONCLUSIVE: what the objectives ask for could not be settled"},
        Exit{kInvalid, "INVALID: the drill tested nothing"}, Exit{kNotRun, "NOT_RUN or ABORTED"},
        Exit{kDirty, "something is not proven undone, whatever the result"}})
    out += fmt::format("| {} | {} |\n", code, means);
  out += fmt::format("\n`muster schedule overdue` ends with {} when something is overdue.\n",
                     kOverdue);
  return out;
}

}  // namespace muster::cli
