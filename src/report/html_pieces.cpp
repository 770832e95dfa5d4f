#include <algorithm>

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

Markup plain(std::string_view said) {
  Markup m;
  m << said;
  return m;
}

Markup evidence(const Page& page, std::string_view said, std::string_view name) {
  constexpr std::ptrdiff_t kLinesShown = 4;
  constexpr std::size_t kBytesShown = 300;
  Markup m;
  if (said.empty()) return m;
  m << "<pre>" << bounded(said, page.limits.evidence) << "</pre>";
  const auto lines = std::count(said.begin(), said.end(), '\n') + 1;
  if (lines <= kLinesShown && said.size() <= kBytesShown) return m;
  Markup line;
  line << name << " <small>" << lines << (lines == 1 ? std::string_view{" line"} : " lines")
       << "</small>";
  return folded(line, m);
}

Markup code(const Page& page, std::string_view said) {
  Markup m;
  if (!said.empty()) m << "<code>" << bounded(said, page.limits.text) << "</code>";
  return m;
}

Markup folded(const Markup& line, const Markup& body) {
  Markup m;
  if (!body.empty()) m << "<details><summary>" << line << "</summary>" << body << "</details>\n";
  return m;
}

Markup list(const Page& page, const std::vector<std::string>& all) {
  Markup m;
  if (all.empty()) return m;
  m << "<ul>";
  for (std::size_t i = 0; i < all.size() && i < page.limits.rows; ++i)
    m << "<li>" << text(page, all[i]) << "</li>\n";
  m << "</ul>\n";
  if (all.size() > page.limits.rows)
    m << "<p class=\"note\">" << all.size() - page.limits.rows
      << " more are in the record and not on this page.</p>\n";
  return m;
}

std::string capitalised(std::string_view text, const Summary& s) {
  std::string out{text};
  for (const auto& service : s.services)
    if (text.starts_with(service.name)) return out;
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z')
    out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

Table::Table(std::string_view caption, std::initializer_list<std::string_view> columns,
             Narrow narrow)
    : caption_{caption}, columns_{columns.begin(), columns.end()}, narrow_{narrow} {}

void Table::row(std::initializer_list<Markup> cells) {
  const bool stack = narrow_ == Narrow::stack;
  ++rows_;
  body_ << "<tr>";
  std::size_t column = 0;
  for (const auto& cell : cells) {
    if (column == 0)
      body_ << "<th scope=\"row\">" << cell << "</th>";
    else if (stack && !cell.empty())
      body_ << "<td data-column=\"" << columns_[column] << "\">" << cell << "</td>";
    else
      body_ << "<td>" << cell << "</td>";
    ++column;
  }
  body_ << "</tr>\n";
}

Markup Table::done(std::size_t left_out) const {
  Markup m;
  if (rows_ == 0) return m;
  m << "<div class=\"scroll\" role=\"region\" aria-label=\"" << caption_
    << "\" tabindex=\"0\"><table";
  if (narrow_ == Narrow::stack) m << " class=\"stack\"";
  m << "><caption>" << caption_ << "</caption><thead><tr>";
  for (const auto& column : columns_) m << "<th scope=\"col\">" << column << "</th>";
  m << "</tr></thead><tbody>\n" << body_ << "</tbody></table></div>\n";
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
