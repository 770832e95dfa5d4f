// What clients saw: the row of phases, their acknowledged writes, and how well they were served.
#include <fmt/format.h>

#include "report/html_parts.hpp"
#include "report/words.hpp"

namespace muster::report::html {
namespace {

const measure::Moment* onset(const Summary& s) {
  for (const auto& service : s.services)
    if (const auto* o = service.drill_outage()) return &o->onset;
  return nullptr;
}

std::string first_of(const Numbers& n) {
  std::string out;
  for (std::size_t i = 0; i < n.first.size() && i < 10; ++i)
    out += (i ? ", " : "") + std::to_string(n.first[i]);
  return !n.first.empty() && n.count > 10 ? out + ", …" : out;
}

Markup ledger_table(const Page& page, const Service& service) {
  const Ledger& l = *service.ledger;
  Table t{fmt::format("Acknowledged writes of {}", service.name),
          {"Class", "Writes", "Meaning", "Their numbers"}};
  const auto row = [&](std::string_view what, const Numbers& n, std::string_view meaning,
                       bool is_bad) {
    Markup name, meant;
    name << (is_bad && n.count > 0 ? badge(Sign::bad, what) : plain(std::string{what}));
    meant << meaning;
    t.row({name, plain(grouped(n.count)), meant, plain(first_of(n))});
  };
  row("acknowledged", {l.acknowledged, {}}, "the service said that they are stored", false);
  row("before the disruption", {l.acknowledged_before, {}},
      "of them: sent before the service was lost", false);
  row("lost", l.lost, "acknowledged, and not there afterwards", false);
  row("recovered", l.recovered, "never answered, and there afterwards", false);
  row("unexpected", l.unexpected, "refused, and there all the same", false);
  row("duplicated", l.duplicated, "there more than once", true);
  row("corrupt", l.corrupt, "there, with other content", true);
  row("lost after it", l.lost_after, "acknowledged after the disruption, and not there", true);
  row("holes", {l.holes, {}}, "lost though a later one survived", true);
  row("not of this ledger", l.unledgered, "there, and never written by it", false);
  Markup m = t.done();
  m << "<p>" << grouped(l.writes) << " writes were sent.";
  if (l.rpa)
    m << " Recovery point: <strong>" << interval_text(*l.rpa) << "</strong> before the disruption.";
  if (const auto at = clock_text(l.recovery_point, page.s.axis); !at.empty())
    m << " It lies at " << at << ".";
  m << "</p>\n";
  if (!l.consistent)
    m << "<p>" << badge(Sign::bad, "The data contradicts itself: no recovery point describes it")
      << "</p>\n";
  return m;
}

void outages(const Page& page, const Service& service, Markup& m) {
  static constexpr std::string_view kKinds[] = {"before the drill", "the drill's", "later"};
  Table t{fmt::format("Outages of {}", service.name),
          {"Outage", "Lost", "Back", "Length", "Declared"}};
  m << table_of(page, std::move(t), service.outages, [&](Table& table, const measure::Outage& o) {
    Markup kind, declared;
    kind << kKinds[static_cast<std::size_t>(o.kind)];
    declared << (o.undeclared() ? badge(Sign::bad, "no step declared it")
                                : plain(o.step.empty() ? "by the fault" : "by step " + o.step));
    table.row({kind, plain(clock_text(o.onset, page.s.axis)),
               plain(o.recovered() ? clock_text(o.recovery, page.s.axis) : "not seen"),
               plain(interval_text(o.length)), declared});
  });
}

void quality_rows(Table& t, const Service& service) {
  for (const auto& [when, q] : {std::pair{"before", &service.before},
                                {"during", &service.during},
                                {"after", &service.after}}) {
    const auto latency = [&q = q](Duration d) { return plain(q->good ? human_duration(d) : "–"); };
    t.row({plain(fmt::format("{}, {}", service.name, when)), plain(grouped(q->probes)),
           plain(share_of(*q)), plain(grouped(q->failed)), plain(grouped(q->unanswered)),
           latency(q->p50), latency(q->p95), latency(q->p99), latency(q->max)});
  }
}

}  // namespace

Markup phases(const Page& page) {
  const auto* f = onset(page.s);
  Table table{"Phases, in the order of time",
              {"Event", "What", "Since the run was opened", "Since the loss (F)", "Known from"}};
  Markup body = table_of(page, std::move(table), page.s.phases, [&](Table& t, const Phase& p) {
    Markup letter, since;
    const bool known = p.when.lo || p.when.hi;
    letter << (p.letter.empty() ? std::string_view{"·"} : std::string_view{p.letter});
    if (f && known && p.letter != "F" && (!p.when.lo || !f->lo || *p.when.lo >= *f->lo))
      since << interval_text(measure::between(*f, p.when));
    t.row({letter, text(page, p.what),
           plain(known ? clock_text(p.when, page.s.axis) : "not recorded"), since,
           text(page, p.source)});
  });
  if (!page.s.detections.empty()) {
    body << "<p>Was it noticed? From the proven fault on:</p>\n<ul>";
    for (const auto& d : page.s.detections)
      body << "<li>" << text(page, label_of(d)) << ": " << text(page, d.text) << "</li>";
    body << "</ul>\n";
  }
  if (page.s.waited_for_people)
    body << "<p>Waited for people: " << human_duration(*page.s.waited_for_people)
         << ", gross.</p>\n";
  return section("phases", "Phases", body);
}

Markup writes(const Page& page) {
  Markup body;
  for (const auto& service : page.s.services)
    if (service.ledger)
      body << ledger_table(page, service);
    else if (service.has_ledger)
      body << "<p>" << badge(Sign::unsure, "The ledger was not read back")
           << " How many acknowledged writes of " << text(page, service.name)
           << " were lost is not known.</p>\n";
  return section("writes", "Acknowledged writes", body);
}

Markup quality(const Page& page) {
  Markup body;
  Table asked{"Services, as their clients reach them",
              {"Service", "Probe", "Up means", "Probes", "Gaps"}};
  body << table_of(page, std::move(asked), page.s.services, [&](Table& t, const Service& s) {
    std::string gaps = std::to_string(s.gaps);
    for (std::size_t i = 0; i < s.gap_list.size() && i < 5; ++i)
      gaps += fmt::format("; {} to {}", clock_text(page.s.axis.since(s.gap_list[i].from)),
                          clock_text(page.s.axis.since(s.gap_list[i].until)));
    t.row({text(page, s.name), code(page, s.probe), text(page, s.rule),
           plain(s.measured ? grouped(s.probes) : "not measured"), plain(gaps)});
  });
  Table share{"How well clients were served",
              {"Service", "Probes", "Answered well", "Failed", "Unanswered", "Half within",
               "95 % within", "99 % within", "Slowest"}};
  for (const auto& s : page.s.services) {
    if (!s.measured) continue;
    outages(page, s, body);
    quality_rows(share, s);
  }
  body << share.done();
  return section("service", "What clients saw", body);
}

}  // namespace muster::report::html
