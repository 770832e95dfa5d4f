#include "report/html.hpp"

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "embedded/muster_report.hpp"
#include "journal/person.hpp"
#include "report/edition.hpp"
#include "report/html_parts.hpp"

namespace muster::report {
namespace {

using html::Page;

/// As the content of a CSS string: what is no plain character becomes its code.
std::string css_string(std::string_view text) {
  std::string out;
  for (const char c : bounded(printable(text), 120)) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == ' ' || c == '-' || c == '_' || c == '.';
    const auto byte = static_cast<unsigned char>(c);
    if (is_plain || byte >= 0x80)
      out += c;
    else
      out += fmt::format("\\{:02x} ", byte);
  }
  return out;
}

/// What stands in the margins of each printed page: which run and which record a loose sheet is of.
std::string style_of(const Summary& s) {
  const auto box = [](std::string_view place, const std::string& content) {
    return fmt::format("@{}{{content:{}}}", place, content);
  };
  const auto said = [](const std::string& text) { return "\"" + css_string(text) + "\""; };
  const std::string edition =
      s.edition == Edition::full ? "" : " - " + std::string{name_of(s.edition)} + " edition";
  return std::string{embedded::k_report_css} + "@page{" +
         box("top-left", said("EXERCISE, NOT REAL" + edition)) +
         box("top-right", said(s.drill + " run " + s.run)) +
         box("bottom-left", said(fmt::format("{} entries, root {}", s.verified.size,
                                             hex(s.verified.root).substr(0, 16)))) +
         box("bottom-right", "\"Page \" counter(page) \" of \" counter(pages)") + "}\n";
}

Markup head(const Summary& s) {
  Markup m;
  const auto css = style_of(s);
  m << "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta "
       "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-";
  m.trusted(base64(view(sha256(css))));
  m << "'; base-uri 'none'; form-action 'none'\">\n<meta name=\"viewport\" "
       "content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" "
       "content=\"light dark\">\n"
       "<meta name=\"referrer\" content=\"no-referrer\"><meta name=\"generator\" content=\"muster "
    << s.written_by << "\">\n<title>" << s.verdict.word << " – "
    << bounded(s.title.empty() ? s.drill : s.title, 200) << " – run " << s.run
    << "</title>\n<style>";
  m.trusted(css);
  m << "</style></head>\n";
  return m;
}

std::string edition_of(Edition edition) {
  std::string word{name_of(edition)};
  word[0] = static_cast<char>(word[0] - 'a' + 'A');
  const std::string out = word + " edition.";
  return edition == Edition::full ? out : out + " " + std::string{left_out_of(edition)};
}

Markup opening(const Page& page) {
  const Summary& s = page.s;
  Markup m;
  m << "<header><p class=\"drill\">Drill report · " << html::text(page, s.drill) << "</p><h1>"
    << html::text(page, s.title.empty() ? s.drill : s.title) << "</h1>";
  if (s.edition != Edition::full)
    m << "<p class=\"drill edition\">" << edition_of(s.edition) << "</p>";
  m << "</header>\n";
  return m;
}

Markup contents(const Markup& sections) {
  static constexpr std::pair<std::string_view, std::string_view> kEntries[] = {
      {"objectives", "Objectives"}, {"timeline", "Timeline"},     {"reasons", "Reasons"},
      {"steps", "Steps"},           {"deviations", "Deviations"}, {"guardrails", "Guardrails"},
      {"phases", "Phases"},         {"service", "Clients"},       {"writes", "Writes"},
      {"restores", "Restores"},     {"effects", "Changes"},       {"people", "People"},
      {"hosts", "Hosts"},           {"commands", "Commands"},     {"events", "Events"},
      {"record", "Record"}};
  Markup m;
  m << "<nav aria-label=\"Contents\"><ul>";
  for (const auto& [id, title] : kEntries)
    if (sections.str().find("<section id=\"" + std::string{id} + "\"") != std::string::npos)
      m << "<li><a href=\"#" << id << "\">" << title << "</a></li>";
  m << "</ul></nav>\n";
  return m;
}

Markup page_of(const Page& page) {
  Markup sections;
  for (const auto part :
       {html::objectives, html::timeline, html::reasons, html::steps, html::deviations,
        html::guardrails, html::phases, html::quality, html::writes, html::restores, html::effects,
        html::people, html::hosts, html::commands, html::events, html::record, html::sign_off})
    sections << part(page);
  Markup m;
  m << head(page.s)
    << "<body><a class=\"skip\" href=\"#main\">To the verdict</a>\n<aside class=\"banner\" "
       "aria-label=\"Exercise\">Exercise, not real</aside>\n"
    << "<div class=\"page\">" << opening(page) << "<main id=\"main\">\n"
    << html::verdict(page) << contents(sections) << sections
    << "</main>\n<footer><p>Written by muster " << html::text(page, page.s.written_by)
    << " from the record of run " << html::text(page, page.s.run) << ". Exercise, not real. "
    << edition_of(page.s.edition) << "</p></footer></div></body></html>\n";
  return m;
}

}  // namespace

std::string html_text(const Summary& summary, const Record& record) {
  html::Limits limits;
  while (true) {
    std::string out = journal::for_people(page_of({summary, record, limits}).str());
    if (out.size() <= kHtmlBytesMax || limits.text < 20) return out;
    limits = {limits.rows / 2, limits.events / 2, limits.evidence / 3, limits.text / 2};
  }
}

}  // namespace muster::report
