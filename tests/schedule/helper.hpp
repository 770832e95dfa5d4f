// Schedules as a drill's file writes them, and times as people do.
#pragma once
#include <string>
#include <vector>

#include "config/yaml.hpp"
#include "model/schedule.hpp"
#include "schedule/due.hpp"
#include "schedule/schedule.hpp"

namespace muster::schedule {

inline LocalTime local(std::string_view text) {
  return parse_local(text).value();
}
inline WallTime utc(std::string_view text) {
  return parse_utc(text).value();
}
inline Zone zone(std::string_view name) {
  return Zone::find(name).value();
}
inline std::string utc_text(WallTime at) {
  return format_utc(at).substr(0, 19) + "Z";
}

/// All errors with their advice, one a line: "1:9: WHAT (HINT)".
inline std::string errors_in(const config::Diagnostics& out) {
  std::string text;
  for (const auto& d : out.sorted())
    text += std::to_string(d.place.line) + ":" + std::to_string(d.place.column) + ": " + d.what +
            (d.hint.empty() ? "" : " (" + d.hint + ")") + "\n";
  return text;
}

inline std::optional<config::Node> yaml(const std::string& text, config::Diagnostics& out) {
  const auto source = config::make_source("s", text, config::Dialect::strict, out);
  return source ? config::parse_yaml(source, config::Dialect::strict, out) : std::nullopt;
}

/// `keys`: what stands in the braces; the zone is added.
inline std::optional<Schedule> compiled(const std::string& keys, config::Diagnostics& out,
                                        const std::string& timezone = "Europe/Berlin") {
  const auto node = yaml("{" + keys + ", timezone: " + timezone + "}", out);
  if (!node) return std::nullopt;
  const auto file = model::read_schedule(*node, out);
  return out.empty() ? Schedule::compile("d", file, out) : std::nullopt;
}

inline std::string refused(const std::string& keys) {
  config::Diagnostics out;
  return compiled(keys, out) ? "" : errors_in(out);
}

/// The nominal times of the next `count` after a local time, as texts.
inline std::vector<std::string> nominals(const std::string& keys, std::string_view after, int count,
                                         const std::string& timezone = "Europe/Berlin") {
  config::Diagnostics out;
  const auto schedule = compiled(keys, out, timezone);
  if (!schedule) return {errors_in(out)};
  std::vector<std::string> texts;
  auto one = schedule->next(local(after));
  for (int i = 0; one && i < count; ++i, one = schedule->next(one->nominal))
    texts.push_back(format_local(one->nominal));
  return texts;
}

}  // namespace muster::schedule
