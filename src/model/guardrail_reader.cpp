#include "model/guardrail_reader.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "model/guardrail_shapes.hpp"
#include "model/playbook_reader.hpp"
#include "model/probe_reader.hpp"
#include "model/probe_shapes.hpp"

namespace muster::model {
namespace {

constexpr Duration kGuardEveryMin = std::chrono::milliseconds{100};
constexpr std::size_t kGuardsMax = 32;

std::optional<Amount> read_healthy(const config::Node& node, std::string_view written,
                                   Diagnostics& out) {
  const auto amount = node.is_scalar() ? parse_amount(trimmed(written)) : Result<Amount>{Amount{}};
  if (node.is_scalar() && amount) return *amount;
  out.error(node.place,
            amount ? "expected a number of hosts, found " + config::description(node)
                   : amount.error().what,
            "write `1 healthy`, `50% healthy`, or `{healthy: 1, where: …}`");
  return std::nullopt;
}

/// `1 healthy`, or `{healthy: 1, where: …}`
std::optional<Amount> read_keep_value(const config::Entry& entry, Keep& keep, Diagnostics& out) {
  const auto& node = entry.value;
  if (!node.is_map()) {
    std::string_view written = trimmed(node.text);
    constexpr std::string_view kHealthy = " healthy";
    if (node.is_scalar() && !written.ends_with(kHealthy)) {
      out.error(node.place, fmt::format("expected `1 healthy`, found '{}'", bounded(written, 80)),
                "say how many hosts stay healthy: `1 healthy` or `50% healthy`");
      return std::nullopt;
    }
    if (node.is_scalar()) written.remove_suffix(kHealthy.size());
    return read_healthy(node, written, out);
  }
  config::Map map{node, keep_of_shape(), out};
  if (auto of = map.located<std::string>("of")) keep.of = *std::move(of);
  const auto* healthy = map.need("healthy");
  const auto amount =
      healthy ? read_healthy(*healthy, healthy->text, out) : std::optional<Amount>{};
  if (const auto* where = map.get("where")) keep.where = read_where(*where, out);
  map.finish();
  return amount;
}

std::vector<Keep> read_keep(const config::Node& node, Diagnostics& out) {
  std::vector<Keep> all;
  config::Map map{node, keep_shape(), out};
  for (const auto& entry : node.entries) {
    Keep keep;
    keep.name = entry.key;
    keep.place = entry.place;
    keep.of = named_hosts(entry, out);
    if (const auto amount = read_keep_value(entry, keep, out)) {
      keep.healthy = *amount;
      all.push_back(std::move(keep));
    }
  }
  map.finish();
  return all;
}

/// "http-2", "orders": it stands in every edition of the report, so it holds no address.
std::string made_name(const Condition& condition, std::size_t position) {
  if (const auto* service = std::get_if<ServiceIs>(&condition)) return *service->service;
  const auto* kind = std::get<ProbeIs>(condition).probe.kind;
  return fmt::format("{}-{}", kind ? kind->name : "", position);
}

Guard read_guard(const config::Node& node, std::size_t position, Diagnostics& out) {
  Guard guard;
  guard.place = node.place;
  const auto* shape = config::shape_of(node, guard_shapes(), "a guardrail", out);
  if (!shape) return guard;
  config::Map map{node, *shape, out};
  guard.condition = read_condition(map, *shape, out);
  guard.name = map.optional<std::string>("name").value_or(made_name(guard.condition, position));
  guard.fails_for = {map.or_default<Duration>("fails_for"), map.value_place("fails_for")};
  guard.every = map.or_default<Duration>("every");
  if (shape->key("timeout")) guard.timeout = map.or_default<Duration>("timeout");
  if (shape->key("timeout") && guard.timeout < kGuardEveryMin)
    out.error(map.value_place("timeout"), "`timeout` must be at least 100ms");
  if (guard.every < kGuardEveryMin)
    out.error(map.value_place("every"), "`every` must be at least 100ms");
  if (*guard.fails_for < guard.every + guard.timeout)
    out.error(
        guard.fails_for.place,
        fmt::format(
            "`fails_for` of {} is over before a second answer: the guardrail asks "
            "every {}{}",
            format_duration(*guard.fails_for), format_duration(guard.every),
            guard.timeout > Duration::zero() ? " and waits " + format_duration(guard.timeout) : ""),
        fmt::format("fails_for: {} or more, or ask more often",
                    format_duration(guard.every + guard.timeout)));
  map.finish();
  return guard;
}

std::vector<Guard> read_abort_if(const config::Node& node, Diagnostics& out) {
  std::vector<Guard> guards;
  if (!node.is_sequence() || node.items.empty())
    out.error(node.place,
              "expected a list of what must not be hurt, found " + config::description(node),
              "abort_if: [{http: {url: …, status: 200}, fails_for: 30s}]");
  if (node.items.size() > kGuardsMax) {
    out.error(node.place, fmt::format("more than {} guardrails", kGuardsMax));
    return guards;
  }
  for (const auto& item : node.items) {
    auto guard = read_guard(item, guards.size() + 1, out);
    for (const auto& other : guards)
      if (other.name == guard.name && !guard.name.empty())
        out.error(guard.place, fmt::format("two guardrails are called `{}`", guard.name),
                  "give one of them a `name`");
    guards.push_back(std::move(guard));
  }
  return guards;
}

}  // namespace

Guardrails read_guardrails(const config::Node& node, Diagnostics& out) {
  Guardrails made;
  config::Map map{node, guardrails_shape(), out};
  made.max_duration = map.located<Duration>("max_duration");
  const auto& most = made.max_duration;
  if (most && **most == Duration{}) out.error(most->place, "`max_duration` must be above zero");
  if (const auto* keep = map.get("keep")) made.keep = read_keep(*keep, out);
  if (const auto* at_most = map.get("at_most")) made.at_most = read_at_most(*at_most, out);
  if (const auto* guards = map.get("abort_if")) made.abort_if = read_abort_if(*guards, out);
  map.finish();
  return made;
}

}  // namespace muster::model
