// The end of the page: exact commands and scripts, every event, and how to check that nothing was
// changed.
#include "base/text.hpp"
#include "report/html_parts.hpp"

namespace muster::report::html {
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
              {"Since opened", "UTC", "Entry", "Who", "What"},
              Table::Narrow::stack};
  const auto& all = page.s.events;
  for (std::size_t i = 0; i < all.size() && i < page.limits.events; ++i) {
    const auto& e = all[i];
    table.row({plain(clock_text(page.s.axis.since(e.at))), plain(utc_text(e.wall).substr(11, 8)),
               plain(std::to_string(e.seq)), text(page, e.who), text(page, e.text)});
  }
  const std::size_t left_out =
      all.size() > page.limits.events ? all.size() - page.limits.events : 0;
  const std::string count = std::to_string(all.size());
  return section("events", "Events",
                 folded(plain("All " + count + " events"), table.done(left_out)));
}

Markup record(const Page& page) {
  const Summary& s = page.s;
  const auto& v = s.verified;
  Markup m;
  m << "<p class=\"standing\">"
    << badge(!v.intact()                         ? Sign::bad
             : v.witnessed && v.unwitnessed == 0 ? Sign::good
                                                 : Sign::unsure,
             bounded(standing(v), page.limits.text))
    << "</p><dl>";
  const auto item = [&](std::string_view term, const Markup& what) {
    if (!what.empty()) m << "<dt>" << term << "</dt><dd>" << what << "</dd>\n";
  };
  item("Root of the run's log", code(page, hex(v.root)));
  item("Entries", plain(std::to_string(v.size)));
  item("Plan (SHA-256)", code(page, s.plan_hash));
  item("Store", code(page, s.store));
  item("Ran by", plain("muster " + s.ran_by));
  item("Written by", plain("muster " + s.written_by));
  m << "</dl>\n";
  for (const auto& f : v.findings)
    m << "<p>" << badge(Sign::bad, journal::to_string(f.damage)) << " " << text(page, f.text)
      << "</p>\n";
  if (v.intact() && !v.witnessed)
    m << "<p>UNWITNESSED: the log is consistent in itself, but nobody else has kept its size and "
         "root, so an end that was cut off or a log that was written anew would not show.</p>\n";
  m << "<h3>How to check it</h3><ol><li>Ask for the store's folder, or a copy of it, and run "
    << code(page, "muster audit verify " + shell_quoted(s.run))
    << ". It must say INTACT, the same number of entries and the same root as above.</li><li>"
       "Without Muster: <code>sqlite3</code> and <code>sha256sum</code> are enough; docs/store.md "
       "has the script.</li><li>Write this page again from the record with "
    << code(page, "muster report " + shell_quoted(s.run))
    << ": what it says must be the same.</li></ol>\n"
       "<p class=\"note\">This page is a copy for people; the record is the log in the "
       "store.</p>\n";
  return section("record", "The record, and how to check it", m);
}

Markup sign_off(const Page& page) {
  const Summary& s = page.s;
  Markup m;
  m << "<p>We have read the report of run " << text(page, s.run) << ", whose verdict is "
    << text(page, s.verdict.word);
  if (s.verdict.result && s.verdict.state) m << ", " << name(*s.verdict.state);
  m << ", and whose record has " << s.verified.size << " entries and the root "
    << code(page, hex(s.verified.root)) << ".</p>\n";
  Table table{"Signatures", {"As", "Name", "Accepted, with findings, or not", "Date", "Signature"}};
  const auto row = [&](std::string_view as, const std::string& name) {
    table.row({plain(as), text(page, name), {}, {}, {}});
  };
  row("Owner of the drill", s.owner);
  row("Conducted by", s.actor.principal);
  row("Reviewed by, not part of the drill", "");
  row("For the management", "");
  Markup body;
  body << "<div class=\"paper\">" << section("sign-off", "Sign-off", m << table.done()) << "</div>";
  return body;
}

}  // namespace muster::report::html
