// The top of the page: what it is about, the verdict, what must be done, and what it rests on.
#include "base/text.hpp"
#include "report/html_parts.hpp"

namespace muster::report::html {
namespace {

/// The sentence without the verdict's own words, which stand above it in large.
std::string_view told(const Verdict& v) {
  constexpr std::string_view kDash = " — ";
  const std::string_view s = v.sentence;
  const auto at = s.find(kDash);
  return at == std::string_view::npos ? s : s.substr(at + kDash.size());
}

Markup facts(const Page& page) {
  const Summary& s = page.s;
  Markup m;
  m << "<dl class=\"facts\">";
  const auto fact = [&](std::string_view term, const std::string& value) {
    if (!value.empty())
      m << "<div><dt>" << term << "</dt><dd>" << text(page, value) << "</dd></div>";
  };
  fact("Run", s.run);
  fact("Opened", s.opened ? utc_text(*s.opened) : "");
  fact("Lasted", human_duration(s.end - s.axis.start));
  fact("Started by", s.actor.principal);
  fact("Approved by", approved_by(s));
  fact("Owner", s.owner);
  fact("Change", s.change);
  m << "</dl>\n";
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
  if (!s.verified.intact())
    m << "<p>" << badge(Sign::bad, "The record is damaged") << " "
      << text(page, standing(s.verified)) << "</p>\n";
  m << facts(page) << "</section>\n";
  return m;
}

Markup reasons(const Page& page) {
  const Summary& s = page.s;
  const Verdict& v = s.verdict;
  Markup m;
  if (!s.why.empty()) m << "<div><h3>Why this drill</h3><p>" << text(page, s.why) << "</p></div>\n";
  if (!v.reasons.empty())
    m << "<div><h3>"
      << (v.result == measure::DrillResult::pass ? std::string_view{"What was met"}
                                                 : std::string_view{"What speaks for the verdict"})
      << "</h3>" << list(page, v.reasons) << "</div>\n";
  if (!v.changed.empty())
    m << "<div><h3>What differs from before</h3>" << list(page, v.changed) << "</div>\n";
  Markup body;
  if (!m.empty()) body << "<div class=\"columns\">" << m << "</div>\n";
  return section("reasons", "What the verdict rests on", body);
}

}  // namespace muster::report::html
