#include "report/html_canvas.hpp"

#include <algorithm>

namespace muster::report::html {
namespace {

constexpr double kBar = 12;

/// A length that people count in and that gives at most `most` ticks.
Duration tick_of(Duration span, std::size_t most) {
  using namespace std::chrono_literals;
  const auto n = static_cast<std::int64_t>(most);
  for (const Duration d :
       {Duration{100ms}, Duration{200ms}, Duration{500ms}, Duration{1s}, Duration{2s}, Duration{5s},
        Duration{10s}, Duration{15s}, Duration{30s}, Duration{1min}, Duration{2min}, Duration{5min},
        Duration{10min}, Duration{15min}, Duration{30min}, Duration{1h}, Duration{2h}, Duration{6h},
        Duration{24h}})
    if (span / d <= n) return d;
  return span / n;
}

}  // namespace

std::string shortened(std::string_view text, std::size_t chars) {
  std::string out;
  std::size_t shown = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80 && ++shown > chars) return out + "…";
    out += c;
  }
  return out;
}

Canvas::Canvas(const Layout& layout, Axis axis, Instant from, Instant to)
    : layout_{layout}, axis_{axis}, from_{from}, to_{to} {}

double Canvas::x(Instant t) const {
  const double share = static_cast<double>(ns(t - from_)) / static_cast<double>(ns(to_ - from_));
  return left() + (right() - left()) * std::clamp(share, 0.0, 1.0);
}

void Canvas::text(std::string_view kind, double x, double y, std::string_view said) {
  lanes_ << "<text class=\"" << kind << "\" x=\"" << x << "\" y=\"" << y << "\">" << said
         << "</text>";
}

void Canvas::heading(std::string_view what) {
  text("head", 0, y_ + 18, what);
  lanes_ << "<path class=\"rule\" d=\"M0 " << y_ + 25 << "H" << right() << "\"/>\n";
  y_ += 26;
}

void Canvas::lane(std::string_view label, double height, std::string_view sub) {
  if (layout_.above && label.empty()) {
    // a second line of the lane above it
  } else if (layout_.above) {
    text("lane", 0, y_ + 14, shortened(label, layout_.label_chars));
    y_ += 16;
  } else {
    const double middle = y_ + std::min(height / 2, 22.0) + 4 - (sub.empty() ? 0 : 7);
    text("lane", 0, middle, shortened(label, layout_.label_chars));
    if (!sub.empty()) text("sub", 0, middle + 15, shortened(sub, layout_.label_chars + 4));
  }
  lane_y_ = y_;
  lane_height_ = height;
  y_ += height;
  lanes_ << "<path class=\"rule\" d=\"M0 " << y_ << "H" << right() << "\"/>\n";
}

void Canvas::band(std::string_view kind, Instant from, Instant to) {
  bands_.push_back({std::string{kind}, x(from), std::max(x(to), x(from) + 1.5)});
}

void Canvas::bar(std::string_view kind, Instant from, Instant to) {
  const double a = x(from), b = std::max(x(to), a + 3);
  lanes_ << "<rect class=\"" << kind << "\" x=\"" << a << "\" y=\""
         << lane_y_ + (lane_height_ - kBar) / 2 << "\" width=\"" << b - a << "\" height=\"" << kBar
         << "\"/>";
}

void Canvas::stripes(std::string_view kind, Instant from, Instant to) {
  const double a = x(from), b = std::max(x(to), a + 3);
  lanes_ << "<path class=\"stripes " << kind << "\" d=\"M" << a << " " << lane_y_ + lane_height_ / 2
         << "H" << b << "\"/>";
}

void Canvas::mark(Mark mark, Instant at) {
  const double a = x(at), top = lane_y_ + lane_height_ / 2;
  if (mark == Mark::down)
    lanes_ << "<path class=\"mark\" d=\"M" << a - 4.5 << " " << top - 11 << "h9l-4.5 7z\"/>";
  if (mark == Mark::up)
    lanes_ << "<path class=\"mark\" d=\"M" << a - 4.5 << " " << top + 11 << "h9l-4.5 -7z\"/>";
  if (mark == Mark::point)
    lanes_ << "<path class=\"mark point\" d=\"M" << a << " " << top - 7 << "l6 7l-6 7l-6 -7z\"/>";
}

void Canvas::said(Instant from, Instant to, std::string_view said) {
  if (layout_.above) return text("sub end", right(), lane_y_ - 2, said);
  const double a = x(from), b = std::max(x(to), a + 3), y = lane_y_ + lane_height_ / 2 + 4;
  const double wide = layout_.glyph * static_cast<double>(said.size());
  if (b + 7 + wide < right())
    text("sub", b + 7, y, said);
  else if (a - 7 - wide > left())
    text("sub end", a - 7, y, said);
  else
    text("sub end inside", right() - 4, y, said);
}

void Canvas::bracket(std::string_view kind, Instant from, Instant to, bool open,
                     std::string_view said) {
  const double a = x(from), b = std::max(x(to), a + 2), y = lane_y_ + lane_height_ - 4;
  lanes_ << "<path class=\"bracket " << kind << "\" d=\"M" << a << " " << y - 4 << "v8M" << a << " "
         << y << "H" << b;
  if (open)
    lanes_ << "m-6 -4l6 4l-6 4\"/>";
  else
    lanes_ << "m0 -4v8\"/>";
  const double wide = layout_.glyph * static_cast<double>(said.size());
  if (a + wide < right())
    text("words", a + 2, y - 6, said);
  else
    text("words end", b - 2, y - 6, said);
}

void Canvas::note(std::string_view said) {
  text("sub", left() + 2, lane_y_ + lane_height_ / 2 + 4, said);
}

void Canvas::flags(const std::vector<std::pair<Instant, std::string>>& all) {
  constexpr std::size_t kLevels = 6;
  constexpr double kStep = 15;
  std::vector<std::size_t> level_of(all.size());
  double last[kLevels];
  std::fill(std::begin(last), std::end(last), -1e9);
  std::size_t levels = 1;
  const auto wide = [&](const std::string& s) {
    return 9 + (layout_.glyph + 1) * static_cast<double>(s.size());
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double at = x(all[i].first);
    const bool turned = at + wide(all[i].second) > right();
    const double begin = turned ? at - wide(all[i].second) : at - 2;
    std::size_t& level = level_of[i];
    while (level + 1 < kLevels && last[level] > begin) ++level;
    last[level] = turned ? at : at + wide(all[i].second);
    levels = std::max(levels, level + 1);
  }
  const double height = std::max(kStep * static_cast<double>(levels) + 8, 40.0);
  lane("Events", height, "F lost … R back: see Phases");
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double at = x(all[i].first), y = lane_y_ + 13 + kStep * static_cast<double>(level_of[i]);
    const bool turned = at + wide(all[i].second) > right();
    lanes_ << "<path class=\"event\" d=\"M" << at << " " << y - 10 << "V" << lane_y_ + height
           << "\"/>";
    text(turned ? "letter end" : "letter", turned ? at - 4 : at + 4, y, all[i].second);
    lanes_ << "\n";
  }
}

void Canvas::columns(std::string_view kind, double zero, const std::vector<double>& heights) {
  const double wide = (right() - left()) / static_cast<double>(heights.size());
  lanes_ << "<path class=\"" << kind << "\" d=\"";
  for (std::size_t i = 0; i < heights.size();) {
    std::size_t n = 1;  // equal neighbours are one piece: the picture stays small
    while (i + n < heights.size() && heights[i + n] == heights[i]) ++n;
    if (heights[i] != 0)
      lanes_ << "M" << left() + wide * static_cast<double>(i) << " " << lane_y_ + zero << "v"
             << -heights[i] << "h" << wide * static_cast<double>(n) << "v" << heights[i] << "z";
    i += n;
  }
  lanes_ << "\"/>\n";
}

void Canvas::grid(Markup& m) const {
  const Duration tick = tick_of(to_ - from_, layout_.ticks_max);
  const Duration first = (axis_.since(from_) + tick - Duration{1}) / tick * tick;
  const int digits = tick < std::chrono::seconds{1} ? 1 : 0;
  for (Duration t = first; axis_.start + t < to_; t += tick) {
    const double at = x(axis_.start + t);
    m << "<path class=\"tick\" d=\"M" << at << " 18V" << y_ << "\"/>";
    if (at < right() - 20 && at > left() + 14)
      m << "<text class=\"time\" x=\"" << at << "\" y=\"12\">" << clock_text(t, digits)
        << "</text>";
  }
  if (!layout_.above)
    m << "<text class=\"time start\" x=\"0\" y=\"12\">since the run was opened</text>";
  m << "\n";
}

Markup Canvas::done(std::string_view title, std::string_view said) const {
  Markup m;
  m << "<svg class=\"timeline " << layout_.name << "\" viewBox=\"0 0 " << layout_.width << " "
    << y_ + 8 << "\" role=\"img\" aria-label=\"" << title << "\"><desc>" << said << "</desc>\n";
  for (const auto& b : bands_)
    m << "<rect class=\"" << b.kind << "\" x=\"" << b.from << "\" y=\"" << kTop << "\" width=\""
      << b.to - b.from << "\" height=\"" << y_ - kTop << "\"/>";
  grid(m);
  m << lanes_ << "</svg>\n";
  return m;
}

}  // namespace muster::report::html
