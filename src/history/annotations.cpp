#include "history/annotations.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace muster::history {
namespace {

constexpr std::size_t kTextBytesMax = 300;

/// Milliseconds of UTC of an instant of the run, by the one moment of which both clocks are known.
class Clock {
 public:
  explicit Clock(const journal::RunState& s)
      : at_{s.opened_at.value_or(Instant{})}, wall_{s.opened_wall.value_or(WallTime{})} {}
  std::int64_t ms(Instant at) const { return ns(wall_ + (at - at_)) / 1'000'000; }

 private:
  Instant at_;
  WallTime wall_;
};

Json annotation(const Clock& clock, Instant from, const std::optional<Instant>& to, Json tags,
                const std::string& text) {
  Json out{{"time", clock.ms(from)},
           {"tags", std::move(tags)},
           {"text", bounded(printable(text), kTextBytesMax)}};
  if (to) out["timeEnd"] = clock.ms(*to);
  return out;
}

std::optional<Instant> instant_in(const Json& moment, const char* key) {
  if (!moment.is_object() || !moment.contains(key)) return std::nullopt;
  const auto value = journal::ns_from_json(moment.at(key));
  if (!value) return std::nullopt;
  return instant(*value);
}

/// The earliest that it can have begun, the latest that it can have ended.
void add_outages(const journal::RunState& state, const Clock& clock, std::vector<Json>& into) {
  for (const auto& entry : state.measured) {
    if (!entry.data.is_object() || !entry.data.contains("service")) continue;
    const auto& service = entry.data.at("service");
    if (!service.is_object() || !service.contains("outages") || !service.contains("service"))
      continue;
    const auto name = service.at("service").is_string() ? service.at("service").get<std::string>()
                                                        : std::string{};
    for (const auto& outage : service.at("outages")) {
      if (!outage.is_object() || !outage.contains("onset")) continue;
      auto from = instant_in(outage.at("onset"), "lo");
      if (!from) from = instant_in(outage.at("onset"), "hi");
      if (!from) continue;
      const auto to = outage.contains("recovery") ? instant_in(outage.at("recovery"), "hi")
                                                  : std::optional<Instant>{};
      into.push_back(annotation(clock, *from, to, Json{"muster", "outage", state.drill, name},
                                fmt::format("{} was not served", name)));
    }
  }
}

}  // namespace

Json annotations_of(const journal::RunState& state) {
  if (!state.opened_at || !state.opened_wall) return Json::array();
  const Clock clock{state};
  std::vector<Json> rest;
  for (const auto& effect : state.effects)
    if (effect.inject_sent)
      rest.push_back(
          annotation(clock, *effect.inject_sent, effect.reverted_at,
                     Json{"muster", effect.restore ? "restore" : "fault", state.drill, effect.host},
                     fmt::format("{} on {}: {}", effect.script, effect.host,
                                 journal::name_of(effect.status))));
  add_outages(state, clock, rest);
  std::stable_sort(rest.begin(), rest.end(), [](const Json& a, const Json& b) {
    return a.at("time").get<std::int64_t>() < b.at("time").get<std::int64_t>();
  });
  if (rest.size() > kAnnotationsMax - 1) rest.resize(kAnnotationsMax - 1);
  Json out = Json::array();
  out.push_back(annotation(clock, *state.opened_at, state.closed_at,
                           Json{"muster", "run", state.drill, state.result.value_or("OPEN")},
                           fmt::format("EXERCISE: {} ({}), run {}", state.drill,
                                       state.result.value_or("OPEN"), state.run)));
  for (auto& one : rest) out.push_back(std::move(one));
  return out;
}

}  // namespace muster::history
