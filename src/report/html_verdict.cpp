// The top of the page: the verdict, what must be done, and the objectives as pictures of their
// intervals.
#include <algorithm>

#include "base/text.hpp"
#include "report/html_parts.hpp"
#include "report/words.hpp"

namespace muster::report::html {
namespace {

Markup list(const Page& page, const std::vector<std::string>& all) {
  Markup m;
  m << "<ul>";
  for (std::size_t i = 0; i < all.size() && i < page.limits.rows; ++i)
    m << "<li>" << text(page, all[i]) << "</li>\n";
  m << "</ul>\n";
  return m;
}

/// The sentence without the verdict's own words, which stand above it in large.
std::string_view told(const Verdict& v) {
  constexpr std::string_view kDash = " — ";
  const std::string_view s = v.sentence;
  const auto at = s.find(kDash);
  return at == std::string_view::npos ? s : s.substr(at + kDash.size());
}

/// As the beginning of a sentence, but for the name of a service, which is spelt as it is.
std::string capitalised(std::string_view text, const Summary& s) {
  std::string out{text};
  for (const auto& service : s.services)
    if (text.starts_with(service.name)) return out;
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z')
    out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

/// The interval against its limit on one scale: a thin line from zero, a bar from lo to hi, a post
/// at the limit.
Markup gauge(const measure::Judgement& j) {
  Markup m;
  if (!j.actual || !j.objective) return m;
  constexpr double kWidth = 240;
  const auto number = [](Duration d) { return static_cast<double>(ns(d)); };
  const Duration hi = j.actual->hi.value_or(j.actual->lo);
  const double scale = kWidth / (1.18 * std::max({number(*j.objective), number(hi), 1.0}));
  const double from = number(j.actual->lo) * scale;
  const double to = j.actual->hi ? std::max(number(hi) * scale, from + 3) : kWidth;
  const double limit = number(*j.objective) * scale;
  m << "<svg class=\"gauge "
    << (j.met == measure::Met::yes ? std::string_view{"good"} : std::string_view{"bad"})
    << "\" viewBox=\"0 0 240 26\" aria-hidden=\"true\"><path class=\"rail\" d=\"M0 13H240\"/><path "
       "class=\"line\" d=\"M0 13H"
    << from << "\"/><rect x=\"" << from << "\" y=\"6\" width=\"" << to - from
    << "\" height=\"14\"/><path class=\"post\" d=\"M" << limit << " 1V25\"/></svg>";
  return m;
}

}  // namespace

Markup verdict(const Page& page) {
  const Summary& s = page.s;
  const Verdict& v = s.verdict;
  Markup m;
  m << "<section class=\"verdict\" aria-labelledby=\"verdict\"><h2 id=\"verdict\">"
    << badge(sign_of(v), v.word);
  if (v.result && v.state) m << "<span class=\"state\">, " << name(*v.state) << "</span>";
  m << "</h2>\n<p class=\"sentence\">" << capitalised(bounded(told(v), 2 * page.limits.text), s)
    << "</p>\n";
  if (!v.dirty.empty())
    m << "<div class=\"todo\"><h3>" << badge(Sign::bad, "To do before anything else on these hosts")
      << "</h3>" << list(page, v.dirty) << "</div>\n";
  if (!v.reasons.empty()) {
    m << "<h3>"
      << (v.result == measure::DrillResult::pass ? std::string_view{"What was met"}
                                                 : std::string_view{"Why"})
      << "</h3>" << list(page, v.reasons);
  }
  if (!v.changed.empty()) m << "<h3>What differs from before</h3>" << list(page, v.changed);
  if (!s.verified.intact())
    m << "<p>" << badge(Sign::bad, "The record is damaged") << " "
      << text(page, standing(s.verified)) << "</p>\n";
  m << "</section>\n";
  return m;
}

Markup objectives(const Page& page) {
  const Summary& s = page.s;
  Table table{"Objectives, set before the drill, against what was measured",
              {"Objective", "Allowed", "Measured", "Against the limit", "Result"}};
  Markup body =
      table_of(page, std::move(table), s.objectives, [&](Table& t, const measure::Judgement& j) {
        Markup label, allowed, actual, result;
        label << label_of(j);
        allowed << limit_of(j);
        actual << "<strong>" << actual_of(j) << "</strong>";
        result << badge(sign_of(j.met), word_of(j.met));
        if (j.met != measure::Met::yes && !j.reason.empty())
          result << "<br><span class=\"note\">" << text(page, j.reason) << "</span>";
        t.row({label, allowed, actual, gauge(j), result});
      });
  if (body.empty()) return body;
  if (!s.estimate.empty())
    body << "<p><strong>Estimate, not a measurement:</strong> " << text(page, s.estimate)
         << "</p>\n";
  body << "<p class=\"note\">Each figure is an interval: the truth lies within it. An objective is "
          "met only when the whole "
          "interval is within it, and missed only when all of it is above; what lies on both sides "
          "settles nothing.</p>\n";
  return section("objectives", "Objectives", body);
}

}  // namespace muster::report::html
