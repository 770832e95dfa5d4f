// The objectives, each with a picture of its interval against its limit.
#include <algorithm>

#include "report/html_parts.hpp"
#include "report/words.hpp"

namespace muster::report::html {
namespace {

constexpr double kWidth = 320;

/// From `lo` to `hi` (no end: as far as the picture goes), against `limit`; in any one unit.
struct Measured {
  double lo = 0;
  std::optional<double> hi;
  double limit = 0;
};

std::optional<Measured> measured(const measure::Judgement& j) {
  const auto number = [](Duration d) { return static_cast<double>(ns(d)); };
  if (j.actual && j.objective) {
    Measured m{number(j.actual->lo), std::nullopt, number(*j.objective)};
    if (j.actual->hi) m.hi = number(*j.actual->hi);
    return m;
  }
  if (j.lost && j.lost_max)
    return Measured{static_cast<double>(*j.lost), static_cast<double>(*j.lost),
                    static_cast<double>(*j.lost_max)};
  return std::nullopt;
}

/// One scale from zero: what lies past the limit is shaded; a thin line leads to a bar from lo to
/// hi. The words beside it say the same, so readers of the page's text lose nothing.
Markup gauge(const measure::Judgement& j) {
  Markup m;
  const auto is = measured(j);
  if (!is) return m;
  const double scale = kWidth / (1.2 * std::max({is->limit, is->hi.value_or(is->lo), 1.0}));
  const double limit = is->limit * scale;
  const double from = std::min(is->lo * scale, kWidth - 4);
  const double to = is->hi ? std::max(*is->hi * scale, from + 4) : kWidth;
  m << "<svg class=\"gauge "
    << (j.met == measure::Met::yes ? std::string_view{"good"} : std::string_view{"bad"})
    << "\" viewBox=\"0 0 320 42\" aria-hidden=\"true\"><rect class=\"over\" x=\"" << limit
    << "\" y=\"5\" width=\"" << kWidth - limit
    << "\" height=\"18\"/><path class=\"rail\" d=\"M0 14H320M.7 9v10\"/><path class=\"line\" "
       "d=\"M0 14H"
    << from << "\"/><rect class=\"is\" x=\"" << from << "\" y=\"8\" width=\"" << to - from
    << "\" height=\"12\"/><path class=\"post\" d=\"M" << limit << " 2V26\"/><text x=\"0\" "
    << "y=\"38\">0</text><text class=\"at\" x=\"" << limit << "\" y=\"38\">" << limit_of(j)
    << "</text></svg>";
  return m;
}

}  // namespace

Markup objectives(const Page& page) {
  const Summary& s = page.s;
  Table table{"Objectives, set before the drill, against what was measured",
              {"Objective", "Measured", "Allowed", "Against the limit", "Result"},
              Table::Narrow::stack};
  Markup body =
      table_of(page, std::move(table), s.objectives, [&](Table& t, const measure::Judgement& j) {
        Markup actual, result;
        actual << "<strong class=\"figure\">" << actual_of(j) << "</strong>";
        result << badge(sign_of(j.met), word_of(j.met));
        if (j.met != measure::Met::yes && !j.reason.empty())
          result << "<br><span class=\"note\">" << text(page, j.reason) << "</span>";
        t.row({plain(label_of(j)), actual, plain(limit_of(j)), gauge(j), result});
      });
  if (body.empty()) return body;
  if (!s.estimate.empty())
    body << "<p><strong>Estimate, not a measurement:</strong> " << text(page, s.estimate)
         << "</p>\n";
  body << "<p class=\"note\">Each figure is an interval: the truth lies within it. An objective is "
          "met only when the whole interval is within it, and missed only when all of it is above; "
          "what lies on both sides settles nothing.</p>\n";
  return section("objectives", "Objectives", body);
}

}  // namespace muster::report::html
