// Fills in what the plan left open. Values go in as data: the result is an argument or a parameter,
// never a line for a shell.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "catalogue/probe.hpp"
#include "plan/plan.hpp"

namespace muster::plan {

/// "recover_to" -> "latest", "primary.address" -> "10.0.0.4"
using Bindings = std::map<std::string, std::string>;

/// `name`, `address`, `user`, `port`, `zone` of a slot that has exactly one host.
void bind_slot(Bindings& bindings, const std::string& slot, const Host& host);

/// A literal as a template: its `${` would be taken for a reference, so it becomes `$${`.
std::string escaped(std::string_view literal);

/// An error names the reference that has no value yet.
Result<std::string> resolve(std::string_view text, const Bindings& bindings);
Result<std::vector<std::string>> resolve(const std::vector<Template>& argv,
                                         const Bindings& bindings);
Result<std::map<std::string, std::string>> resolve(const std::map<std::string, Template>& values,
                                                   const Bindings& bindings);
/// For the texts that may hold secrets: `${secret.NAME}` stays, and what an answer or a literal
/// says that looks like one becomes `$${…`, so that fill_secrets() of base/secret.hpp leaves it
/// alone.
Result<std::string> resolve_but_secrets(std::string_view text, const Bindings& bindings);
/// Those of its texts that may hold secrets (catalogue::secret_texts) still do, as above.
Result<catalogue::ProbeSpec> resolve(const catalogue::ProbeSpec& probe, const Bindings& bindings);

}  // namespace muster::plan
