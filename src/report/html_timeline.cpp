// The timeline: clients, faults, people and steps on one axis, as a picture and as a table.
#include <algorithm>

#include "base/text.hpp"
#include "report/html_lanes.hpp"

namespace muster::report::html {
namespace {

struct Ends {
  Instant from{}, to{};
};

/// From shortly before the first step, so that a long warm-up does not press the rest together, to
/// the end, or to the objective when that is not far beyond it.
Ends ends_of(const Summary& s) {
  std::optional<Instant> first;
  for (const auto& step : s.steps)
    if (step.state.started && (!first || *step.state.started < *first)) first = step.state.started;
  Instant end = s.end;
  const Instant begin = first.value_or(s.axis.start);
  for (const auto& service : s.services)
    if (const auto at = rto_ends(s, service); at && *at - begin < (s.end - begin) * 8 / 5)
      end = std::max(end, *at + (end - begin) / 50);
  const Duration lead = std::max<Duration>((end - begin) / 9, std::chrono::seconds{1});
  return {std::max(s.axis.start, begin - lead),
          std::max(end, s.axis.start + Duration{1'000'000}) + (end - begin) / 60};
}

Markup picture(const Page& page, const Layout& layout, Twin& twin) {
  const Ends ends = ends_of(page.s);
  Canvas canvas{layout, page.s.axis, ends.from, ends.to};
  draw_flags(page, canvas);
  draw_services(page, canvas, twin);
  draw_effects(page, canvas, twin);
  draw_alerts(page, canvas, twin);
  draw_people(page, canvas, twin);
  draw_steps(page, canvas, twin);
  return canvas.done("Timeline of the run", bounded(page.s.verdict.sentence, page.limits.text) +
                                                " The table below the picture says the same.");
}

Markup key(std::string_view kind, std::string_view words) {
  Markup m;
  m << "<li><svg viewBox=\"0 0 30 14\" aria-hidden=\"true\" class=\"timeline\">";
  if (kind == "mark")
    m << "<path class=\"mark\" d=\"M4 2h9l-4.5 7zM18 12h9l-4.5 -7z\"/>";
  else if (kind == "lost")
    m << "<rect class=\"lost\" width=\"30\" height=\"14\"/><rect class=\"edge\" width=\"3\" "
         "height=\"14\"/><rect class=\"edge\" x=\"27\" width=\"3\" height=\"14\"/>";
  else if (kind == "held" || kind == "wait" || kind == "armed")
    m << "<path class=\"stripes " << kind << "\" d=\"M0 7H30\"/>";
  else
    m << "<rect class=\"" << kind << "\" y=\"1\" width=\"30\" height=\"12\"/>";
  m << "</svg>" << words << "</li>";
  return m;
}

Markup legend(const Page& page) {
  Markup m;
  m << "<ul class=\"legend\">";
  if (!page.s.services.empty())
    m << key("lost", "clients had lost the service; edges: how sure its begin and end are");
  if (!page.s.effects.empty())
    m << key("armed", "undo armed") << key("fault", "fault is there, proven")
      << key("held", "held on purpose") << key("mark", "put in, undone");
  m << key("wait", "waits for a person") << key("step", "step, restored copy") << "</ul>\n";
  return m;
}

Markup twin_of(const Page& page, const Twin& twin) {
  const auto when = [&](const std::optional<Instant>& t) {
    return plain(t ? clock_text(page.s.axis.since(*t), 3) : std::string{"–"});
  };
  Table table{"The timeline as a table", {"Lane", "What", "From", "To"}};
  return table_of(page, std::move(table), twin, [&](Table& t, const Drawn& d) {
    t.row({text(page, d.lane), text(page, d.what), when(d.from), when(d.to)});
  });
}

}  // namespace

Markup timeline(const Page& page) {
  if (page.s.steps.empty() || page.s.end <= page.s.axis.start) return {};
  Markup body;
  Twin twin, same;
  body << "<figure>" << picture(page, kWide, twin) << picture(page, kMid, same)
       << picture(page, kSlim, same) << "<figcaption>" << legend(page) << "</figcaption></figure>\n"
       << folded(plain("The timeline as a table"), twin_of(page, twin));
  return section("timeline", "Timeline", body);
}

}  // namespace muster::report::html
