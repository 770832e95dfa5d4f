// The end of the page: exact commands and scripts, every event, and how to check that nothing was
// changed.
#include "base/text.hpp"
#include "report/html_parts.hpp"

namespace muster::report::html {
namespace {

Markup plain(const std::string& said) {
  Markup m;
  m << said;
  return m;
}

}  // namespace

Markup commands(const Page& page) {
  Markup body;
  Table run{"Commands, exactly as they were run", {"Step", "Command"}};
  for (const auto& step : page.s.steps)
    for (const auto& c : step.commands)
      if (run.rows() < page.limits.rows) run.row({text(page, step.name), code(page, c)});
  for (const auto& r : page.s.restores)
    for (const auto& c : r.commands)
      if (run.rows() < page.limits.rows) run.row({text(page, r.name), code(page, c)});
  body << run.done();
  Table scripts{"Scripts that travelled to the targets; their text is kept in the record",
                {"Script", "SHA-256"}};
  body << table_of(page, std::move(scripts), page.s.scripts, [&](Table& t, const auto& s) {
    t.row({text(page, s.first), code(page, s.second)});
  });
  return section("commands", "Commands and scripts", body);
}

Markup events(const Page& page) {
  Table table{"Everything that happened, in order",
              {"Since opened", "UTC", "Entry", "Who", "What"}};
  const auto& all = page.s.events;
  for (std::size_t i = 0; i < all.size() && i < page.limits.events; ++i) {
    const auto& e = all[i];
    table.row({plain(clock_text(page.s.axis.since(e.at))), plain(utc_text(e.wall).substr(11, 8)),
               plain(std::to_string(e.seq)), text(page, e.who), text(page, e.text)});
  }
  return section("events", "Events",
                 table.done(all.size() > page.limits.events ? all.size() - page.limits.events : 0));
}

Markup record(const Page& page) {
  const Summary& s = page.s;
  Markup m;
  const bool good = s.verified.intact() && s.verified.witnessed;
  m << "<p>"
    << badge(!s.verified.intact() ? Sign::bad
             : good               ? Sign::good
                                  : Sign::unsure,
             bounded(standing(s.verified), page.limits.text))
    << "</p><dl>";
  const auto item = [&](std::string_view term, const Markup& what) {
    if (!what.empty()) m << "<dt>" << term << "</dt><dd>" << what << "</dd>\n";
  };
  item("Root of the run's log", code(page, hex(s.verified.root)));
  item("Entries", plain(std::to_string(s.verified.size)));
  item("Plan (SHA-256)", code(page, s.plan_hash));
  item("Store", code(page, s.store));
  item("Ran by", plain("muster " + s.ran_by));
  item("Written by", plain("muster " + s.written_by));
  item("Check it", code(page, "muster audit verify " + shell_quoted(s.run)));
  m << "</dl>\n";
  for (const auto& f : s.verified.findings)
    m << "<p>" << badge(Sign::bad, journal::to_string(f.damage)) << " " << text(page, f.text)
      << "</p>\n";
  if (s.verified.intact() && !s.verified.witnessed)
    m << "<p>UNWITNESSED: the log is consistent in itself, but nobody else has kept its size and "
         "root, so an end that was cut off or a log that was "
         "written anew would not show.</p>\n";
  m << "<p class=\"note\">This page is a copy for people; the record is the log in the store. "
       "Anybody can check it with sqlite3 and sha256sum, as "
       "docs/store.md tells, and compare size and root with those above.</p>\n";
  return section("record", "The record, and how to check it", m);
}

}  // namespace muster::report::html
