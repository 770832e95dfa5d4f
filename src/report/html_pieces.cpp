#include "base/text.hpp"
#include "report/html_parts.hpp"

namespace muster::report::html {

Markup badge(Sign sign, std::string_view word) {
  static constexpr std::string_view kClass[] = {"good", "bad", "unsure", "none"};
  Markup m;
  m << "<span class=\"badge " << kClass[static_cast<std::size_t>(sign)]
    << "\"><svg viewBox=\"0 0 16 16\" aria-hidden=\"true\">";
  // Four shapes that differ without their colour: a disc, a square, a triangle, a ring.
  if (sign == Sign::good)
    m << "<circle cx=\"8\" cy=\"8\" r=\"7.5\"/><path d=\"M4.4 8.3l2.5 2.5 4.7-5.2\"/>";
  if (sign == Sign::bad)
    m << "<rect x=\".5\" y=\".5\" width=\"15\" height=\"15\" rx=\"2\"/><path d=\"M5 5l6 6M11 5l-6 "
         "6\"/>";
  if (sign == Sign::unsure)
    m << "<path class=\"f\" d=\"M8 .8L15.6 15H.4z\"/><path d=\"M8 6v4M8 12.2v.6\"/>";
  if (sign == Sign::none) m << "<circle class=\"o\" cx=\"8\" cy=\"8\" r=\"6.5\"/>";
  m << "</svg>" << word << "</span>";
  return m;
}

Markup text(const Page& page, std::string_view said) {
  Markup m;
  m << bounded(said, page.limits.text);
  return m;
}

Markup evidence(const Page& page, std::string_view said) {
  Markup m;
  if (!said.empty()) m << "<pre tabindex=\"0\">" << bounded(said, page.limits.evidence) << "</pre>";
  return m;
}

Markup code(const Page& page, std::string_view said) {
  Markup m;
  if (!said.empty()) m << "<code>" << bounded(said, page.limits.text) << "</code>";
  return m;
}

Table::Table(std::string_view caption, std::initializer_list<std::string_view> columns)
    : caption_{caption} {
  for (const auto column : columns) head_ << "<th scope=\"col\">" << column << "</th>";
}

void Table::row(std::initializer_list<Markup> cells) {
  ++rows_;
  body_ << "<tr>";
  bool first = true;
  for (const auto& cell : cells) {
    if (first)
      body_ << "<th scope=\"row\">" << cell << "</th>";
    else
      body_ << "<td>" << cell << "</td>";
    first = false;
  }
  body_ << "</tr>\n";
}

Markup Table::done(std::size_t left_out) const {
  Markup m;
  if (rows_ == 0) return m;
  m << "<div class=\"scroll\" role=\"region\" aria-label=\"" << caption_
    << "\" tabindex=\"0\"><table><caption>" << caption_ << "</caption><thead><tr>" << head_
    << "</tr></thead><tbody>\n"
    << body_ << "</tbody></table></div>\n";
  if (left_out > 0)
    m << "<p class=\"note\">" << left_out << " more are in the record and not on this page.</p>\n";
  return m;
}

Markup section(std::string_view id, std::string_view heading, const Markup& body) {
  Markup m;
  if (body.empty()) return m;
  m << "<section id=\"" << id << "\" aria-labelledby=\"h-" << id << "\"><h2 id=\"h-" << id << "\">"
    << heading << "</h2>\n"
    << body << "</section>\n";
  return m;
}

}  // namespace muster::report::html
