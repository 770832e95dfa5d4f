#include "report/live_pulse.hpp"

#include <algorithm>
#include <array>

namespace muster::report {

namespace {

measure::Probing probing_of(const plan::Service& service) {
  return {service.up, service.every, service.timeout};
}

}  // namespace

LivePulse::LivePulse(const plan::Service& service)
    : timeout_{service.timeout}, order_{probing_of(service)}, tracker_{probing_of(service)} {}

void LivePulse::feed(const std::vector<measure::Sample>& samples) {
  for (const auto& sample : samples) {
    const auto number =
        std::chrono::floor<std::chrono::seconds>(sample.completed.time_since_epoch()).count();
    const auto at =
        std::ranges::find_if(seconds_, [&](const Second& s) { return s.number >= number; });
    auto second = at != seconds_.end() && at->number == number
                      ? at
                      : seconds_.insert(at, Second{number, false, {}});
    if (sample.outcome == measure::Outcome::ok)
      second->slowest = std::max(second->slowest, sample.completed - sample.sent);
    else
      second->bad = true;
    if (seconds_.size() > kSecondsMax) seconds_.pop_front();
    order_.put(sample);
  }
  while (const auto sample = order_.next()) tracker_.feed(*sample);
}

std::optional<measure::Loss> LivePulse::loss() const {
  const auto losses = tracker_.losses();
  return losses.empty() ? std::nullopt : std::optional{losses.back()};
}

std::string LivePulse::drawn(int seconds, bool unicode) const {
  if (seconds_.empty() || seconds <= 0) return {};
  static constexpr std::array<std::string_view, 5> heights{"▁", "▂", "▃", "▅", "▇"};
  static constexpr std::array<std::string_view, 5> ascii{".", ".", ":", "+", "#"};
  const auto last = seconds_.back().number;
  std::string out;
  for (auto number = std::max(last - seconds + 1, seconds_.front().number); number <= last;
       ++number) {
    const auto at = std::ranges::find(seconds_, number, &Second::number);
    if (at == seconds_.end()) {
      out += ' ';
    } else if (at->bad) {
      out += unicode ? "✗" : "x";
    } else {
      const auto tenth = at->slowest * 10 / std::max(timeout_, Duration{1});
      const auto step = static_cast<std::size_t>(tenth <= 1   ? 0
                                                 : tenth <= 2 ? 1
                                                 : tenth <= 4 ? 2
                                                 : tenth <= 7 ? 3
                                                              : 4);
      out += unicode ? heights[step] : ascii[step];
    }
  }
  return out;
}

}  // namespace muster::report
