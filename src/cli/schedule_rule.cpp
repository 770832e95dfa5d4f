#include "cli/schedule_rule.hpp"

#include <fmt/format.h>

#include "cli/exit.hpp"
#include "cli/terminal.hpp"
#include "cli/zone_check.hpp"
#include "config/yaml.hpp"
#include "model/schedule.hpp"

namespace muster::cli {

std::optional<schedule::Schedule> schedule_of_rule(const std::string& rule,
                                                   const std::string& timezone) {
  config::Diagnostics out;
  std::string text = "{" + rule;
  // In quotes: what is no zone is then told as such, and not as YAML.
  if (!timezone.empty() && timezone.find_first_of("\"\\\n") == timezone.npos)
    text += ", timezone: \"" + timezone + "\"";
  const auto source = config::make_source("--rule", text + "}\n", config::Dialect::strict, out);
  const auto node =
      source ? config::parse_yaml(source, config::Dialect::strict, out) : std::nullopt;
  std::optional<schedule::Schedule> plan;
  if (node) {
    const auto file = model::read_schedule(*node, out);
    if (out.empty()) plan = schedule::Schedule::compile("", file, out);
  }
  if (!out.empty() || !plan) {
    fmt::print(stderr, "{}", config::render(out));
    return std::nullopt;
  }
  const schedule::Zone zones[] = {plan->zone()};
  if (const auto checked = check_zones_against_libc(zones); !checked) {
    complain(checked.error(), kFail);
    return std::nullopt;
  }
  return plan;
}

}  // namespace muster::cli
