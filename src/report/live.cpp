#include "report/live.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/columns.hpp"
#include "report/events.hpp"
#include "report/signs.hpp"
#include "report/words.hpp"

namespace muster::report {

namespace {

/// "0:41", "12:05", "1:02:03": what a clock on the wall would show.
std::string ticking(Duration d) {
  const auto s = std::max<std::int64_t>(0, std::chrono::floor<std::chrono::seconds>(d).count());
  return s < 3600 ? fmt::format("{}:{:02}", s / 60, s % 60)
                  : fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

/// How much of the limit is used; a full bar is the limit, and more does not show as more.
std::string bar(Duration used, Duration limit, int width, bool unicode) {
  const auto part = used * width / std::max(limit, Duration{1});
  const int full = static_cast<int>(std::clamp<std::int64_t>(part, 0, width));
  std::string out;
  for (int i = 0; i < width; ++i) out += i < full ? (unicode ? "█" : "#") : (unicode ? "░" : "-");
  return out;
}

}  // namespace

/// One drawing: the lines so far, and how they are signed.
struct Live::Drawing {
  const Live& live;
  Instant now;
  WallTime wall;
  const Screen& screen;
  std::vector<std::string> lines{};

  std::string sign(Sign s) const {
    if (screen.unicode) return std::string{glyph(s)};
    constexpr std::string_view ascii[] = {"+", "x", "?", "-"};
    return std::string{ascii[static_cast<std::size_t>(s)]};
  }
  void add(Sign s, std::string_view mark, const std::string& text) {
    std::string line =
        cut_to(fmt::format("{} {}", mark, one_line(text)), screen.columns - 1, screen.unicode);
    if (screen.colour && s != Sign::none)
      line = fmt::format("\x1b[{}m{}\x1b[0m", s == Sign::good ? "34" : "33", line);
    lines.push_back(std::move(line));
  }

  void head() {
    const auto& state = live.state_;
    std::size_t over = 0;
    for (const auto& step : live.plan_.steps) {
      const auto at = state.steps.find(step.id);
      over += at != state.steps.end() && journal::is_over(at->second.status);
    }
    const auto text =
        fmt::format(" EXERCISE  {}  {}  {}/{} steps  {}  up to {} ",
                    state.opened_at ? ticking(now - *state.opened_at) : "0:00", live.phase(), over,
                    live.plan_.steps.size(), live.plan_.drill, limit_text(live.plan_.max_duration));
    const std::string dash = screen.unicode ? "─" : "-";
    std::string line = dash + dash + cut_to(one_line(text), screen.columns - 4, screen.unicode);
    for (int used = columns_of(line); used < screen.columns - 1; ++used) line += dash;
    lines.push_back(std::move(line));
  }

  void people() {
    for (const auto& step : live.plan_.steps) {
      const auto at = live.state_.steps.find(step.id);
      if (at == live.state_.steps.end() || at->second.status != journal::StepStatus::asked)
        continue;
      const auto& asked = at->second;
      std::string left;
      if (asked.answer_by)
        left = *asked.answer_by > wall ? ticking(*asked.answer_by - wall) + " left  " : "LATE  ";
      const std::string whom =
          asked.approve_need == 0
              ? fmt::format("{} ({}) is asked", asked.asked_of, asked.role)
              : fmt::format("{} of {} have signed ({})", journal::approvals_of(asked).size(),
                            asked.approve_need, joined(asked.approve_from, ", "));
      add(Sign::bad, screen.unicode ? "◷" : "!",
          fmt::format("{}  {}step {}: {}", whom, left, step.id, step.name));
    }
  }

  void services() {
    int width = 0;
    for (const auto& s : live.plan_.services) width = std::max(width, columns_of(s.name));
    for (const auto& service : live.plan_.services) service_line(service, std::min(width, 20));
  }

  void service_line(const plan::Service& service, int width) {
    const auto& pulse = live.pulses_.at(service.name);
    const auto state = pulse.state(now);
    const Sign s = state == measure::UpState::up     ? Sign::good
                   : state == measure::UpState::down ? Sign::bad
                                                     : Sign::unsure;
    const char* word = state == measure::UpState::up     ? "up  "
                       : state == measure::UpState::down ? "DOWN"
                                                         : "?   ";
    std::string text =
        fmt::format("{} {}{}", padded(cut_to(service.name, width, screen.unicode), width), word,
                    clock(service, pulse));
    const int room = screen.columns - 6 - columns_of(text);
    if (room >= 8) text += "  " + pulse.drawn(std::min(room, 60), screen.unicode);
    add(s, sign(s), text);
  }

  std::string clock(const plan::Service& service, const LivePulse& pulse) const {
    const auto& all = live.plan_.objectives;
    const auto objective = std::ranges::find_if(
        all, [&](const plan::Objective& o) { return o.service == service.name && o.rto; });
    const auto loss = pulse.loss();
    if (objective == all.end()) {
      if (loss && loss->onset.lo && !loss->recovery.hi)
        return fmt::format("  lost for {}", ticking(now - *loss->onset.lo));
      return {};
    }
    const auto start = live.clock_start(*objective, pulse);
    if (!start) return fmt::format("  RTO {}", limit_text(*objective->rto));
    const bool back = loss && loss->recovery.hi;
    const Duration used = (back ? *loss->recovery.hi : now) - *start;
    std::string text = fmt::format("  {}RTO {} of {}", back ? "back " : "", ticking(used),
                                   limit_text(*objective->rto));
    if (used > *objective->rto) text += " MISSED";
    if (screen.columns >= 70) text += " " + bar(used, *objective->rto, 10, screen.unicode);
    return text;
  }

  void steps() {
    const auto show = [&](const std::vector<plan::Step>& all) {
      for (const auto& step : all) {
        const auto at = live.state_.steps.find(step.id);
        if (at == live.state_.steps.end() || at->second.status != journal::StepStatus::running)
          continue;
        const Duration took = at->second.started ? now - *at->second.started : Duration{};
        add(Sign::none, screen.unicode ? "▸" : ">",
            fmt::format("{}  {} of {}", step.name, ticking(took), limit_text(step.within)));
      }
    };
    show(live.plan_.steps);
    show(live.plan_.ends);
  }

  /// Those that hold need no line.
  void guards() {
    for (const auto& guard : live.plan_.guards) {
      const auto at = live.state_.guards.find(guard.name);
      if (at == live.state_.guards.end() || !at->second.since) continue;
      const auto& g = at->second;
      add(g.is == journal::GuardState::Is::fails ? Sign::bad : Sign::unsure,
          sign(g.is == journal::GuardState::Is::fails ? Sign::bad : Sign::unsure),
          fmt::format(
              "guardrail {} {}  {} of {}", guard.name,
              g.is == journal::GuardState::Is::fails ? "does not hold" : "cannot be evaluated",
              ticking(now - *g.since), limit_text(guard.fails_for)));
    }
  }

  void effects() {
    for (const auto& e : live.state_.effects) {
      if (journal::is_over(e.status) && e.status != journal::EffectStatus::held) continue;
      // A copy that is being made is what its step is about; it is told when something is wrong.
      if (e.restore && (e.status == journal::EffectStatus::armed ||
                        e.status == journal::EffectStatus::injecting ||
                        e.status == journal::EffectStatus::active))
        continue;
      const bool bad = e.status == journal::EffectStatus::revert_failed ||
                       e.status == journal::EffectStatus::unknown;
      add(bad ? Sign::bad : Sign::none, screen.unicode ? "◆" : "*",
          fmt::format(
              "{} on {}: {}{}", e.script, e.host, journal::name_of(e.status),
              e.status == journal::EffectStatus::held ? " on purpose" : ", undo at " + e.at));
    }
  }
};

Live::Live(const plan::Plan& plan) : plan_{plan} {
  for (const auto& service : plan.services) pulses_.try_emplace(service.name, service);
}

void Live::seen(const journal::Draft& draft) {
  // What the engine wrote can follow; a view that cannot follow shows what it knew.
  (void)journal::apply(state_, journal::entry_of(draft, {}));
}

void Live::sampled(const std::string& service, const std::vector<measure::Sample>& samples) {
  if (const auto at = pulses_.find(service); at != pulses_.end()) at->second.feed(samples);
}

std::optional<Instant> Live::clock_start(const plan::Objective& objective,
                                         const LivePulse& pulse) const {
  std::optional<Instant> injected;
  for (const auto& e : state_.effects)
    if (!e.restore && e.injected_once && e.inject_sent && (!injected || *e.inject_sent < *injected))
      injected = e.inject_sent;
  if (objective.from_inject) return injected;
  const auto loss = pulse.loss();
  // An outage before the first fault is none that the drill made.
  if (!loss || !loss->onset.hi || !injected || *loss->onset.hi < *injected) return std::nullopt;
  return loss->onset.lo ? loss->onset.lo : loss->onset.hi;
}

std::string Live::phase() const {
  const auto over = [&](const std::vector<plan::Step>& steps) {
    return std::ranges::all_of(steps, [&](const plan::Step& step) {
      const auto at = state_.steps.find(step.id);
      return at != state_.steps.end() && journal::is_over(at->second.status);
    });
  };
  if (state_.closed) return "closed";
  if (state_.result) return "closing";
  if (!state_.began_at) return "preflight";
  if (state_.abort_why) return "STOPPING";
  if (state_.steps.empty()) return "warming up";
  if (!over(plan_.steps)) return "under way";
  const bool live = std::ranges::any_of(
      state_.effects, [](const journal::EffectState& e) { return !journal::is_over(e.status); });
  if (live) return "undoing";
  return over(plan_.ends) ? "measuring" : "checking the end";
}

std::vector<std::string> Live::block(Instant now, WallTime wall, const Screen& screen) const {
  Drawing drawing{*this, now, wall, screen};
  drawing.head();
  drawing.people();
  drawing.guards();
  drawing.services();
  drawing.steps();
  drawing.effects();
  const auto most = static_cast<std::size_t>(std::max(1, screen.rows / 2));
  if (drawing.lines.size() > most) {
    const auto hidden = drawing.lines.size() - most + 1;
    drawing.lines.resize(most - 1);
    drawing.add(Sign::none, " ", fmt::format("and {} more", hidden));
  }
  return std::move(drawing.lines);
}

}  // namespace muster::report
