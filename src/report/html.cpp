#include "report/html.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"
#include "embedded/muster_report.hpp"
#include "report/html_parts.hpp"

namespace muster::report {
namespace {

using html::Page;

Markup head(const Summary& s) {
  Markup m;
  const auto css = embedded::k_report_css;
  m << "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta "
       "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-";
  m.trusted(base64(view(sha256(css))));
  m << "'; base-uri 'none'; form-action 'none'\">\n<meta name=\"viewport\" "
       "content=\"width=device-width, initial-scale=1\">\n"
       "<meta name=\"referrer\" content=\"no-referrer\"><meta name=\"generator\" content=\"muster "
    << s.written_by << "\">\n<title>" << s.verdict.word << " – "
    << bounded(s.title.empty() ? s.drill : s.title, 200) << " – run " << s.run
    << "</title>\n<style>";
  m.trusted(css);
  m << "</style></head>\n";
  return m;
}

Markup opening(const Page& page) {
  const Summary& s = page.s;
  Markup m;
  m << "<header><p class=\"drill\">Drill report · " << html::text(page, s.drill) << "</p><h1>"
    << html::text(page, s.title.empty() ? s.drill : s.title) << "</h1>\n";
  if (!s.why.empty()) m << "<p class=\"why\">" << html::text(page, s.why) << "</p>\n";
  m << "<dl class=\"facts\">";
  const auto fact = [&](std::string_view term, const std::string& value) {
    if (!value.empty())
      m << "<div><dt>" << term << "</dt><dd>" << html::text(page, value) << "</dd></div>";
  };
  fact("Run", s.run);
  fact("Opened", s.opened ? utc_text(*s.opened) : "");
  fact("Lasted", human_duration(s.end - s.axis.start));
  fact("Started by", s.actor.principal);
  fact("Change", s.change);
  m << "</dl></header>\n";
  return m;
}

Markup contents(const Markup& sections) {
  static constexpr std::pair<std::string_view, std::string_view> kEntries[] = {
      {"objectives", "Objectives"}, {"timeline", "Timeline"}, {"phases", "Phases"},
      {"effects", "Changes"},       {"restores", "Restores"}, {"writes", "Writes"},
      {"service", "Clients"},       {"steps", "Steps"},       {"deviations", "Deviations"},
      {"people", "People"},         {"hosts", "Hosts"},       {"commands", "Commands"},
      {"events", "Events"},         {"record", "Record"}};
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
       {html::objectives, html::timeline, html::phases, html::effects, html::restores, html::writes,
        html::quality, html::steps, html::deviations, html::people, html::hosts, html::commands,
        html::events, html::record})
    sections << part(page);
  Markup m;
  m << head(page.s)
    << "<body><a class=\"skip\" href=\"#main\">To the verdict</a>\n<p class=\"banner\" "
       "role=\"note\">Exercise, not real</p>\n"
    << "<div class=\"page\">" << opening(page) << "<main id=\"main\">\n"
    << html::verdict(page) << contents(sections) << sections
    << "</main>\n<footer><p>Written by muster " << html::text(page, page.s.written_by)
    << " from the record of run " << html::text(page, page.s.run)
    << ". Exercise, not real.</p></footer></div></body></html>\n";
  return m;
}

}  // namespace

std::string html_text(const Summary& summary, const Record& record) {
  html::Limits limits;
  while (true) {
    std::string out = page_of({summary, record, limits}).str();
    if (out.size() <= kHtmlBytesMax || limits.text < 20) return out;
    limits = {limits.rows / 2, limits.events / 2, limits.evidence / 3, limits.text / 2};
  }
}

}  // namespace muster::report
