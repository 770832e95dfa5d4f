// What was planned against what happened: steps, deviations, people, hosts.
#include <fmt/format.h>

#include "base/text.hpp"
#include "report/html_parts.hpp"
#include "report/words.hpp"

namespace muster::report::html {
namespace {

Markup people_of(const Page& page, const Step& step) {
  Markup m;
  if (step.word != "ask") return m;
  if (!step.state.answered_by.empty() && !step.late)
    m << "<div>answered by " << text(page, step.state.answered_by) << "</div>";
  else if (!step.state.asked_of.empty())
    m << "<div>asked " << text(page, step.state.asked_of)
      << (step.escalated ? std::string_view{", the deputy"} : std::string_view{}) << "</div>";
  for (const auto& [key, value] : step.state.answers)
    m << "<div>" << code(page, key + "=" + value) << "</div>";
  return m;
}

Markup actual_of(const Page& page, const Step& step) {
  Markup m;
  m << "<div>" << badge(sign_of(step.state.status), name_of(step.state.status)) << "</div>";
  if (!step.state.why.empty()) m << "<div>" << text(page, step.state.why) << "</div>";
  m << people_of(page, step) << evidence(page, step.state.evidence)
    << evidence(page, step.state.output, "Output");
  return m;
}

Markup offset_of(const Host& h) {
  Markup m;
  if (!h.state.clock_offset) return plain("not measured");
  const auto side = [](Duration d) {
    return (d >= Duration::zero() ? "+" : "") + human_duration(d);
  };
  m << side(h.state.clock_offset->lo) << " to " << side(h.state.clock_offset->hi);
  return m;
}

std::string fact(const Host& h, const char* key) {
  const auto it = h.state.facts.find(key);
  return it == h.state.facts.end() ? "not told" : it->second;
}

}  // namespace

Markup steps(const Page& page) {
  Table table{"Steps: expected against actual",
              {"Step", "Expected", "Within", "Began", "Took", "What happened"},
              Table::Narrow::stack};
  std::size_t number = 0;
  Markup body = table_of(page, std::move(table), page.s.steps, [&](Table& t, const Step& step) {
    Markup name, expected, took;
    ++number;
    if (!step.is_end) name << number << ". ";
    name << text(page, step.name);
    if (step.is_end) name << "<br><small>end condition</small>";
    if (step.no_return) name << "<br><small>no return</small>";
    expected << text(page, step.expected) << "<br><small>" << text(page, step.word)
             << text(page, step.place.empty() ? "" : ", " + step.place) << "</small>";
    took << (step.took ? human_duration(*step.took) : std::string{"–"});
    if (step.late) took << "<br>" << badge(Sign::unsure, "late");
    t.row({name, expected, plain(limit_text(step.within)),
           plain(step.state.started ? clock_text(page.s.axis.since(*step.state.started)) : "–"),
           took, actual_of(page, step)});
  });
  return section("steps", "Steps", body);
}

Markup deviations(const Page& page) {
  Markup body = list(page, page.s.deviations);
  if (body.empty()) body << "<p>None: every step went as the plan says.</p>\n";
  return section("deviations", "Deviations from the plan", body);
}

Markup people(const Page& page) {
  Table table{"Roles, and what their holders did",
              {"Role", "Holder", "Deputy", "What they did"},
              Table::Narrow::stack};
  Markup body;
  body << "<p>Started by <strong>" << text(page, page.s.actor.principal) << "</strong> (known by "
       << text(page, page.s.actor.method) << ", assurance " << text(page, page.s.actor.assurance)
       << ").";
  if (!page.s.owner.empty()) body << " Owner of the drill: " << text(page, page.s.owner) << ".";
  body << "</p>\n"
       << table_of(page, std::move(table), page.s.roles, [&](Table& t, const Role& r) {
            Markup acts;
            for (const auto& a : r.acts) acts << "<div>" << text(page, a) << "</div>";
            if (acts.empty()) acts << "was not called on";
            t.row({text(page, r.name), text(page, r.holder),
                   plain(r.deputy.empty() ? "none" : r.deputy), acts});
          });
  return section("people", "People", body);
}

Markup hosts(const Page& page) {
  Table table{"Hosts, as preflight found them",
              {"Host", "Serves as", "Address", "Environment", "Machine and boot",
               "Clock against the controller's", "Fit"},
              Table::Narrow::stack};
  Markup body = table_of(page, std::move(table), page.s.hosts, [&](Table& t, const Host& h) {
    Markup as, ids, fit;
    as << joined(h.slots, ", ")
       << (h.guardian ? std::string_view{h.slots.empty() ? "guardian" : ", guardian"}
                      : std::string_view{});
    ids << code(page, fact(h, "machine_id")) << "<br>" << code(page, fact(h, "boot_id"));
    if (!h.state.ok && h.state.facts.empty() && h.state.problems.empty())
      fit << badge(Sign::none, "not asked");
    else
      fit << badge(h.state.ok ? Sign::good : Sign::bad, h.state.ok ? "fit" : "not fit");
    for (const auto& p : h.state.problems) fit << "<div>" << text(page, p) << "</div>";
    if (h.state.lease_lost) fit << "<div>" << badge(Sign::bad, "its lease was lost") << "</div>";
    t.row({text(page, h.name), as, text(page, h.address),
           text(page, h.environment + (h.zone.empty() ? "" : ", " + h.zone)), ids, offset_of(h),
           fit});
  });
  return section("hosts", "Hosts", body);
}

}  // namespace muster::report::html
