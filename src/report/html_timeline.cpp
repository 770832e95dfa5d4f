// The timeline as a picture: the clients' pulse, the outage with both its uncertain edges, events,
// faults and steps on one axis. Everything in it stands in the tables of the page too.
#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "report/html_parts.hpp"
#include "report/pulse.hpp"

namespace muster::report::html {
namespace {

constexpr double kLeft = 252, kRight = 1104;
constexpr std::size_t kColumns = 426;
constexpr std::size_t kLanesMax = 40;
constexpr double kLane = 24, kPulse = 52;

struct Scale {
  Instant from{}, to{};
  double operator()(Instant t) const {
    const double share = static_cast<double>(ns(t - from)) / static_cast<double>(ns(to - from));
    return kLeft + (kRight - kLeft) * std::clamp(share, 0.0, 1.0);
  }
};

std::optional<Instant> objective_at(const Summary& s, const Service& service) {
  const auto* o = service.drill_outage();
  if (!o || !o->onset.lo) return std::nullopt;
  for (const auto& j : s.objectives)
    if (j.kind == measure::ObjectiveKind::rto && j.service == service.name && j.objective)
      return *o->onset.lo + *j.objective;
  return std::nullopt;
}

/// From shortly before the first step, so that a long warm-up does not press the rest together, to
/// the end, or to the objective when that is not far beyond it.
Scale scale_of(const Summary& s) {
  std::optional<Instant> first;
  for (const auto& step : s.steps)
    if (step.state.started && (!first || *step.state.started < *first)) first = step.state.started;
  Instant end = s.end;
  const Instant begin = first.value_or(s.axis.start);
  for (const auto& service : s.services)
    if (const auto at = objective_at(s, service); at && *at - begin < (s.end - begin) * 8 / 5)
      end = std::max(end, *at + (end - begin) / 50);
  const Duration lead = std::max<Duration>((end - begin) / 9, std::chrono::seconds{1});
  return {std::max(s.axis.start, begin - lead),
          std::max(end, s.axis.start + Duration{1'000'000}) + (end - begin) / 60};
}

/// A step of 1, 2 or 5 (or of minutes that people count in) that gives five to ten ticks.
Duration tick_of(const Scale& x) {
  using namespace std::chrono_literals;
  const Duration span = x.to - x.from;
  for (const Duration d :
       {Duration{100ms}, Duration{200ms}, Duration{500ms}, Duration{1s}, Duration{2s}, Duration{5s},
        Duration{10s}, Duration{15s}, Duration{30s}, Duration{1min}, Duration{2min}, Duration{5min},
        Duration{10min}, Duration{15min}, Duration{30min}, Duration{1h}, Duration{2h}, Duration{6h},
        Duration{24h}})
    if (span / d <= 10) return d;
  return span / 8;
}

class Picture {
 public:
  explicit Picture(const Page& page) : page_{page}, s_{page.s}, x_{scale_of(page.s)} {}

  Markup draw() {
    events_row();
    for (const auto& service : s_.services) pulse_lane(service);
    if (!s_.effects.empty()) heading("Faults and restores");
    for (const auto& e : s_.effects) effect_lane(e);
    heading("Steps");
    for (const auto& step : s_.steps) step_lane(step);
    Markup m;
    m << "<svg class=\"timeline\" viewBox=\"0 0 1120 " << y_ + 8
      << "\" role=\"img\" aria-labelledby=\"tl-t tl-d\"><title id=\"tl-t\">Timeline of the run"
      << "</title><desc id=\"tl-d\">" << bounded(s_.verdict.sentence, page_.limits.text)
      << " The same events stand in the tables of phases, steps and events.</desc>\n";
    bands(m);
    axis(m);
    m << lanes_ << objective_lines_ << "</svg>\n";
    return m;
  }

 private:
  static std::string short_name(std::string_view name) {
    std::string out;
    std::size_t shown = 0;
    for (const char c : name) {
      if ((static_cast<unsigned char>(c) & 0xC0) != 0x80 && ++shown > 33) return out + "…";
      out += c;
    }
    return out;
  }

  void heading(std::string_view what) {
    lanes_ << "<text class=\"head\" x=\"0\" y=\"" << y_ + 16 << "\">" << what << "</text>\n";
    y_ += 24;
  }

  void label(std::string_view what, double height, std::string_view sub = {}) {
    const double middle = y_ + height / 2 + 4 - (sub.empty() ? 0 : 7);
    lanes_ << "<text class=\"lane\" x=\"0\" y=\"" << middle << "\">" << short_name(what)
           << "</text>";
    if (!sub.empty())
      lanes_ << "<text class=\"sub\" x=\"0\" y=\"" << middle + 15 << "\">" << short_name(sub)
             << "</text>";
    lanes_ << "<path class=\"rule\" d=\"M0 " << y_ + height << "H" << kRight << "\"/>\n";
  }

  /// Letters of the row F … R, and marks, on up to four levels where they would cover one another.
  void events_row() {
    if (s_.phases.empty()) return;
    label("Events", 62, "F lost … R back, see the table");
    double last[4] = {-1e9, -1e9, -1e9, -1e9};
    for (const auto& p : s_.phases) {
      const auto t = p.when.lo ? p.when.lo : p.when.hi;
      if (!t || *t < x_.from) continue;
      const std::string shown = p.letter.empty() ? short_name(p.what) : p.letter;
      const double at = x_(*t), wide = 8 + 7.2 * static_cast<double>(shown.size());
      std::size_t level = 0;
      while (level < 3 && last[level] > at - 2) ++level;
      last[level] = at + wide;
      const double y = y_ + 13 + 15 * static_cast<double>(level);
      const bool right = at + wide > kRight;
      lanes_ << "<path class=\"event\" d=\"M" << at << " " << y - 10 << "V" << y_ + 62 << "\"/>";
      if (right)
        lanes_ << "<text class=\"letter end\" x=\"" << at - 4 << "\" y=\"" << y << "\">" << shown
               << "</text>\n";
      else
        lanes_ << "<text class=\"letter\" x=\"" << at + 4 << "\" y=\"" << y << "\">" << shown
               << "</text>\n";
    }
    y_ += 62;
  }

  /// Upwards the share of probes that were answered well, downwards the share that was not.
  void pulse_lane(const Service& service) {
    const auto limit = objective_at(s_, service);
    const double height = limit ? kPulse + 16 : kPulse;
    label(service.name, height, "answered above, not below the line");
    const double zero = y_ + 30;
    const auto it = page_.record.samples.find(service.name);
    if (it != page_.record.samples.end()) {
      const auto columns = pulse(it->second, x_.from, x_.to, kColumns);
      const double wide = (kRight - kLeft) / static_cast<double>(kColumns);
      columns_path(columns, "up", zero, wide, [](const PulseColumn& c) {
        return 22.0 * static_cast<double>(c.good) / static_cast<double>(c.probes);
      });
      columns_path(columns, "down", zero, wide, [](const PulseColumn& c) {
        // One bad probe among thousands must stay visible.
        return c.good == c.probes ? 0
                                  : -std::max(3.0, 16.0 * static_cast<double>(c.probes - c.good) /
                                                       static_cast<double>(c.probes));
      });
    } else {
      lanes_ << "<text class=\"sub\" x=\"" << kLeft << "\" y=\"" << zero
             << "\">no samples at hand</text>";
    }
    if (limit) objective(service, *limit);
    y_ += height;
  }

  template <class F>
  void columns_path(const std::vector<PulseColumn>& columns, std::string_view name, double zero,
                    double wide, F&& height) {
    lanes_ << "<path class=\"" << name << "\" d=\"";
    for (std::size_t i = 0; i < columns.size();) {
      const double h = columns[i].probes ? height(columns[i]) : 0;
      std::size_t n = 1;  // equal neighbours are one piece: the picture stays small
      while (i + n < columns.size() && (columns[i + n].probes ? height(columns[i + n]) : 0) == h)
        ++n;
      if (h != 0)
        lanes_ << "M" << kLeft + wide * static_cast<double>(i) << " " << zero << "v" << -h << "h"
               << wide * static_cast<double>(n) << "v" << h << "z";
      i += n;
    }
    lanes_ << "\"/>\n";
  }

  void objective(const Service& service, Instant at) {
    if (at > x_.to) {
      objective_lines_ << "<text class=\"limit end\" x=\"" << kRight << "\" y=\"" << y_ + 62
                       << "\">RTO of " << short_name(service.name) << " ends later, at "
                       << clock_text(s_.axis.since(at)) << " →</text>\n";
      return;
    }
    const double x = x_(at);
    objective_lines_ << "<line class=\"limit\" x1=\"" << x << "\" x2=\"" << x
                     << "\" y1=\"22\" y2=\"100%\"/><text class=\"limit end\" x=\"" << x - 5
                     << "\" y=\"" << y_ + 62 << "\">RTO " << short_name(service.name) << " "
                     << clock_text(s_.axis.since(at)) << "</text>\n";
  }

  void bar(std::string_view kind, Instant from, Instant to, std::string_view said) {
    const double a = x_(from), b = std::max(x_(to), a + 3);
    lanes_ << "<rect class=\"" << kind << "\" x=\"" << a << "\" y=\"" << y_ + 6 << "\" width=\""
           << b - a << "\" height=\"12\" rx=\"2\"/>";
    const double wide = 6.4 * static_cast<double>(said.size());
    if (b + 6 + wide < kRight)
      lanes_ << "<text class=\"sub\" x=\"" << b + 6 << "\" y=\"" << y_ + 16 << "\">" << said
             << "</text>";
    else if (a - 6 - wide > kLeft)
      lanes_ << "<text class=\"sub end\" x=\"" << a - 6 << "\" y=\"" << y_ + 16 << "\">" << said
             << "</text>";
  }

  bool crowded() {
    if (++count_ == kLanesMax)
      lanes_ << "<text class=\"sub\" x=\"0\" y=\"" << y_ + 16 << "\">more in the tables</text>";
    return count_ >= kLanesMax;
  }

  void effect_lane(const Effect& e) {
    const auto from = e.state.inject_sent ? e.state.inject_sent
                      : e.armed_at        ? e.armed_at
                                          : e.intent_at;
    if (!from || crowded()) return;
    label(bounded(e.state.script, 60) + " on " + bounded(e.state.host, 60), kLane);
    const bool over = e.state.reverted_at.has_value();
    const std::string_view kind = e.state.restore ? "copy"
                                  : e.state.status == journal::EffectStatus::revert_failed
                                      ? "fault open"
                                      : "fault";
    bar(kind, *from, e.state.reverted_at.value_or(s_.end), name_of(e.state.status));
    lanes_ << "<path class=\"mark\" d=\"M" << x_(*from) - 4 << " " << y_ + 2 << "h8l-4 6z\"/>";
    if (over)
      lanes_ << "<path class=\"mark\" d=\"M" << x_(*e.state.reverted_at) - 4 << " " << y_ + 22
             << "h8l-4 -6z\"/>";
    y_ += kLane;
  }

  void step_lane(const Step& step) {
    if (crowded()) return;
    label(step.name, kLane);
    if (step.state.started) {
      const Sign sign = sign_of(step.state.status);
      const std::string_view kind = step.word == "ask" && sign == Sign::good ? "step person"
                                    : sign == Sign::good                     ? "step"
                                                                             : "step open";
      std::string said{glyph(sign)};
      said += " ";
      said += name_of(step.state.status);
      if (step.took) said += ", " + human_duration(*step.took);
      bar(kind, *step.state.started, step.state.finished.value_or(s_.end), said);
    } else {
      lanes_ << "<text class=\"sub\" x=\"" << kLeft << "\" y=\"" << y_ + 16 << "\">"
             << name_of(step.state.status) << "</text>";
    }
    y_ += kLane;
  }

  void bands(Markup& m) const {
    for (const auto& service : s_.services)
      for (const auto& o : service.outages) {
        if (!o.onset.lo && !o.onset.hi) continue;
        const Instant begin = o.onset.lo.value_or(*(o.onset.hi ? o.onset.hi : o.onset.lo));
        const Instant sure_from = o.onset.hi.value_or(begin);
        const Instant sure_to = o.recovery.lo.value_or(s_.end),
                      end = o.recovery.hi.value_or(s_.end);
        const auto band = [&](std::string_view kind, Instant from, Instant to) {
          m << "<rect class=\"" << kind << "\" x=\"" << x_(from) << "\" y=\"24\" width=\""
            << std::max(x_(to) - x_(from), 1.5) << "\" height=\"" << y_ - 24 << "\"/>";
        };
        if (sure_to > sure_from) band("lost", sure_from, sure_to);
        band("edge", begin, sure_from);
        if (o.recovered()) band("edge", sure_to, end);
      }
    m << "\n";
  }

  void axis(Markup& m) const {
    const Duration tick = tick_of(x_);
    const Duration first = (s_.axis.since(x_.from) + tick - Duration{1}) / tick * tick;
    const int digits = tick < std::chrono::seconds{1} ? 1 : 0;
    for (Duration t = first; s_.axis.start + t < x_.to; t += tick) {
      const double at = x_(s_.axis.start + t);
      m << "<path class=\"tick\" d=\"M" << at << " 18V" << y_ << "\"/>";
      if (at < kRight - 24)
        m << "<text class=\"time\" x=\"" << at << "\" y=\"12\">" << clock_text(t, digits)
          << "</text>";
    }
    m << "<text class=\"time start\" x=\"0\" y=\"12\">since the run was opened</text>\n";
  }

  const Page& page_;
  const Summary& s_;
  Scale x_;
  double y_ = 24;
  std::size_t count_ = 0;
  Markup lanes_, objective_lines_;
};

}  // namespace

Markup timeline(const Page& page) {
  if (page.s.steps.empty() || page.s.end <= page.s.axis.start) return {};
  Markup body;
  body << "<figure><div class=\"scroll\" role=\"region\" aria-label=\"Timeline, can be scrolled "
          "sideways\" tabindex=\"0\">"
       << Picture{page}.draw()
       << "</div><figcaption>Tinted: clients had lost the service; darker edges: how uncertain its "
          "beginning and end are. ▼ put in, ▲ undone. Dashed: the "
          "objective. The same as tables: ";
  if (!page.s.phases.empty()) body << "<a href=\"#phases\">phases</a>, ";
  body << "<a href=\"#steps\">steps</a>, <a href=\"#events\">events</a>.</figcaption></figure>\n";
  return section("timeline", "Timeline", body);
}

}  // namespace muster::report::html
