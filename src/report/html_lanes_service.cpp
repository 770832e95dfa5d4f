// What clients saw, on the axis: their probes, the outage with both its uncertain ends, and what
// was allowed.
#include <algorithm>

#include "report/html_lanes.hpp"
#include "report/pulse.hpp"
#include "report/words.hpp"

namespace muster::report::html {
namespace {

constexpr double kUp = 22, kDown = 16, kPulse = 46, kBracket = 22;

const measure::Judgement* judged(const Summary& s, measure::ObjectiveKind kind,
                                 const std::string& service) {
  for (const auto& j : s.objectives)
    if (j.kind == kind && j.service == service && j.objective) return &j;
  return nullptr;
}

std::string_view kind_of(const measure::Judgement* j) {
  if (!j) return "ink";
  return j->met == measure::Met::yes ? "good" : "bad";
}

/// Upwards the share of probes that were answered well, downwards the share that was not.
void pulse_lane(const Page& page, Canvas& canvas, const Service& service) {
  canvas.lane(service.name, kPulse, "answered above, not below");
  const auto it = page.record.samples.find(service.name);
  if (it == page.record.samples.end() || it->second.empty())
    return canvas.note("no probe's answer is at hand");
  const auto count = static_cast<std::size_t>((canvas.right() - canvas.left()) / 2);
  const auto columns = pulse(it->second, canvas.from(), canvas.to(), count);
  std::vector<double> up(count), down(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (columns[i].probes == 0) continue;
    const double share =
        static_cast<double>(columns[i].good) / static_cast<double>(columns[i].probes);
    up[i] = kUp * share;
    // One bad probe among thousands must stay visible.
    if (columns[i].good < columns[i].probes) down[i] = -std::max(3.0, kDown * (1 - share));
  }
  canvas.columns("up", kUp + 4, up);
  canvas.columns("down", kUp + 4, down);
}

struct Span {
  Instant from{}, sure_from{}, sure_to{}, to{};
};

std::optional<Span> span_of(const measure::Outage& o, Instant end) {
  if (!o.onset.lo && !o.onset.hi) return std::nullopt;
  Span s;
  s.from = o.onset.lo ? *o.onset.lo : *o.onset.hi;
  s.sure_from = o.onset.hi.value_or(s.from);
  s.sure_to = o.recovery.lo.value_or(end);
  s.to = o.recovery.hi.value_or(end);
  return s;
}

void bands(const Summary& s, Canvas& canvas, const Service& service) {
  for (const auto& o : service.outages) {
    const auto span = span_of(o, s.end);
    if (!span) continue;
    if (span->sure_to > span->sure_from) canvas.band("lost", span->sure_from, span->sure_to);
    canvas.band("edge", span->from, span->sure_from);
    if (o.recovered()) canvas.band("edge", span->sure_to, span->to);
  }
}

/// How long it was lost, and below it on the same beginning how long it might have been.
void outage_lanes(const Summary& s, Canvas& canvas, const Service& service, Twin& twin) {
  const auto* rto = judged(s, measure::ObjectiveKind::rto, service.name);
  for (const auto& o : service.outages) {
    const auto span = span_of(o, s.end);
    if (!span) continue;
    const std::string said = "lost for " + interval_text(o.length);
    canvas.lane("", kBracket);
    canvas.bracket(o.kind == measure::OutageKind::drill ? kind_of(rto) : "bad", span->from,
                   span->to, !o.recovered(), said);
    twin.push_back(
        {service.name, said, span->from, o.recovered() ? std::optional{span->to} : std::nullopt});
  }
  const auto ends = rto_ends(s, service);
  if (!rto || !ends) return;
  const auto begin = *ends - *rto->objective;
  const std::string said =
      "RTO: " + limit_text(*rto->objective) + " allowed, to " + clock_text(s.axis.since(*ends));
  canvas.lane("", kBracket);
  canvas.bracket("limit", begin, std::min(*ends, canvas.to()), *ends > canvas.to(), said);
  twin.push_back({service.name, said, begin, ends});
}

/// Backwards from the loss: the writes that are gone, and how many seconds of them were allowed.
void data_lane(const Summary& s, Canvas& canvas, const Service& service, Twin& twin) {
  const auto* rpo = judged(s, measure::ObjectiveKind::rpo, service.name);
  const auto* o = service.drill_outage();
  if (!rpo || !o || !o->onset.hi) return;
  const Instant lost = *o->onset.hi, begin = lost - *rpo->objective;
  if (begin >= canvas.from()) {
    const std::string said = "RPO: " + limit_text(*rpo->objective) + " of writes before it allowed";
    canvas.lane("", kBracket);
    canvas.bracket("limit", begin, lost, false, said);
    twin.push_back({service.name, said, begin, lost});
  }
  if (!service.ledger || !service.ledger->rpa || !service.ledger->recovery_point.lo) return;
  const std::string said = "writes lost: " + interval_text(*service.ledger->rpa);
  canvas.lane("", kBracket);
  canvas.bracket(kind_of(rpo), *service.ledger->recovery_point.lo, lost, false, said);
  twin.push_back({service.name, said, service.ledger->recovery_point.lo, lost});
}

}  // namespace

std::optional<Instant> rto_ends(const Summary& s, const Service& service) {
  const auto* o = service.drill_outage();
  const auto* j = judged(s, measure::ObjectiveKind::rto, service.name);
  if (!o || !o->onset.lo || !j) return std::nullopt;
  return *o->onset.lo + *j->objective;
}

void draw_flags(const Page& page, Canvas& canvas) {
  std::vector<std::pair<Instant, std::string>> flags;
  for (const auto& p : page.s.phases) {
    const auto t = p.when.lo ? p.when.lo : p.when.hi;
    if (t && canvas.shows(*t))
      flags.emplace_back(*t, p.letter.empty() ? shortened(p.what, 30) : p.letter);
  }
  if (!flags.empty()) canvas.flags(flags);
}

void draw_services(const Page& page, Canvas& canvas, Twin& twin) {
  for (const auto& service : page.s.services) {
    bands(page.s, canvas, service);
    pulse_lane(page, canvas, service);
    outage_lanes(page.s, canvas, service, twin);
    data_lane(page.s, canvas, service, twin);
  }
}

}  // namespace muster::report::html
