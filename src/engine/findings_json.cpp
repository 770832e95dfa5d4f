// What was measured, as the data of `measured` and `verdict` entries: integers and texts only;
// instants and durations are nanoseconds in decimal text (journal/entry.hpp, json_ns).
#include "engine/findings.hpp"

namespace muster::engine {

using journal::json_ns;

namespace {

Json moment_json(const measure::Moment& m) {
  Json j = Json::object();
  if (m.lo) j["lo"] = json_ns(ns(*m.lo));
  if (m.hi) j["hi"] = json_ns(ns(*m.hi));
  if (m.lo_n) j["lo_n"] = m.lo_n;
  if (m.hi_n) j["hi_n"] = m.hi_n;
  return j;
}

Json interval_json(const measure::Interval& i) {
  Json j{{"lo", json_ns(ns(i.lo))}};
  if (i.hi) j["hi"] = json_ns(ns(*i.hi));
  return j;
}

Json quality_json(const measure::Quality& q) {
  return {{"probes", q.probes},        {"good", q.good},
          {"failed", q.failed},        {"unanswered", q.unanswered},
          {"p50", json_ns(ns(q.p50))}, {"p95", json_ns(ns(q.p95))},
          {"p99", json_ns(ns(q.p99))}, {"max", json_ns(ns(q.max))}};
}

Json outage_json(const measure::Outage& o) {
  constexpr const char* kinds[] = {"before", "drill", "later"};
  Json j{{"kind", kinds[static_cast<std::size_t>(o.kind)]},
         {"onset", moment_json(o.onset)},
         {"recovery", moment_json(o.recovery)},
         {"length", interval_json(o.length)},
         {"declared", o.declared}};
  if (!o.step.empty()) j["step"] = o.step;
  return j;
}

/// The numbers themselves up to a hundred; how many there are is always said.
Json numbers(const std::vector<std::uint64_t>& all) {
  Json first = Json::array();
  for (std::size_t i = 0; i < all.size() && i < 100; ++i) first.push_back(all[i]);
  return {{"count", all.size()}, {"first", std::move(first)}};
}

Json ledger_json(const measure::LedgerResult& l) {
  constexpr const char* cases[] = {"nothing_acknowledged", "nothing_lost", "nothing_survived",
                                   "some_lost"};
  Json j{{"case", cases[static_cast<std::size_t>(l.what)]},
         {"writes", l.writes},
         {"acknowledged", l.acknowledged},
         {"acknowledged_before", l.acknowledged_before},
         {"lost", numbers(l.lost)},
         {"recovered", numbers(l.recovered)},
         {"unexpected", numbers(l.unexpected)},
         {"duplicated", numbers(l.duplicated)},
         {"corrupt", numbers(l.corrupt)},
         {"unledgered", numbers(l.unledgered)},
         {"lost_after", numbers(l.lost_after)},
         {"holes", l.holes.size()},
         {"recovery_point", moment_json(l.recovery_point)},
         {"consistent", l.consistent()}};
  if (l.rpa) j["rpa"] = interval_json(*l.rpa);
  return j;
}

}  // namespace

Json to_json(const ServiceFinding& f) {
  const auto& r = f.recovery;
  Json j{{"service", f.service},
         {"probes", r.probes},
         {"outages", Json::array()},
         {"gaps", r.gaps.size()},
         {"down_at_inject", r.down_at_inject},
         {"down_total", interval_json(r.down_total)},
         {"before", quality_json(r.before)},
         {"during", quality_json(r.during)},
         {"after", quality_json(r.after)}};
  for (const auto& outage : r.outages) j["outages"].push_back(outage_json(outage));
  if (r.rta_from_outage) j["rta_from_outage"] = interval_json(*r.rta_from_outage);
  if (r.rta_from_inject) j["rta_from_inject"] = interval_json(*r.rta_from_inject);
  if (r.inject_to_outage) j["inject_to_outage"] = interval_json(*r.inject_to_outage);
  if (f.ledger) j["ledger"] = ledger_json(*f.ledger);
  return j;
}

Json to_json(const measure::Judgement& g) {
  Json j{{"objective", name(g.kind)}, {"met", name(g.met)}, {"reason", g.reason}};
  if (!g.service.empty()) j["service"] = g.service;
  if (!g.alert.empty()) j["alert"] = g.alert;
  if (g.actual) j["actual"] = interval_json(*g.actual);
  if (g.objective) j["limit"] = json_ns(ns(*g.objective));
  if (g.lost) j["lost"] = *g.lost;
  if (g.lost_max) j["lost_max"] = *g.lost_max;
  if (g.settling_every) j["settling_every"] = json_ns(ns(*g.settling_every));
  return j;
}

Json to_json(const measure::Verdict& v) {
  return {{"state", name(v.state)}, {"reasons", v.reasons}, {"exit_code", v.exit_code}};
}

}  // namespace muster::engine
