#include "report/json.hpp"

#include "base/text.hpp"
#include "report/edition.hpp"
#include "report/summary.hpp"

namespace muster::report {
namespace {

using journal::json_ns;

template <class T, class F>
Json list(const std::vector<T>& all, F&& f) {
  Json out = Json::array();
  for (const auto& one : all) out.push_back(f(one));
  return out;
}

void put(Json& j, const char* key, const std::string& text) {
  if (!text.empty()) j[key] = printable(text);
}
void put(Json& j, const char* key, const std::optional<Duration>& d) {
  if (d) j[key] = json_ns(ns(*d));
}
void put(Json& j, const char* key, const std::optional<Instant>& t) {
  if (t) j[key] = json_ns(ns(*t));
}
void put(Json& j, const char* key, const std::optional<WallTime>& t) {
  if (t) j[key] = format_utc(*t);
}

Json to_json(const measure::Moment& m) {
  Json j = Json::object();
  put(j, "lo_ns", m.lo);
  put(j, "hi_ns", m.hi);
  if (m.lo_n) j["lo_n"] = m.lo_n;
  if (m.hi_n) j["hi_n"] = m.hi_n;
  return j;
}

void put(Json& j, const char* key, const std::optional<measure::Interval>& i) {
  if (!i) return;
  j[key] = Json{{"lo_ns", json_ns(ns(i->lo))}};
  put(j[key], "hi_ns", i->hi);
}

Json to_json(const Verdict& v) {
  Json j{{"word", v.word}, {"sentence", printable(v.sentence)}, {"exit_code", v.exit_code}};
  if (v.result) j["result"] = name(*v.result);
  if (v.result && v.state) j["state"] = name(*v.state);
  const auto texts = [](const std::vector<std::string>& all) {
    return list(all, [](const auto& t) { return Json(printable(t)); });
  };
  j["reasons"] = texts(v.reasons);
  j["dirty"] = texts(v.dirty);
  j["changed"] = texts(v.changed);
  return j;
}

Json to_json(const measure::Judgement& g) {
  Json j{{"objective", name(g.kind)}, {"met", name(g.met)}};
  put(j, "service", g.service);
  put(j, "alert", g.alert);
  put(j, "reason", g.reason);
  put(j, "actual", g.actual);
  put(j, "limit_ns", g.objective);
  if (g.lost) j["lost"] = *g.lost;
  if (g.lost_max) j["lost_max"] = *g.lost_max;
  put(j, "settling_every_ns", g.settling_every);
  return j;
}

Json to_json(const measure::Quality& q) {
  return {{"probes", q.probes},           {"good", q.good},
          {"failed", q.failed},           {"unanswered", q.unanswered},
          {"p50_ns", json_ns(ns(q.p50))}, {"p95_ns", json_ns(ns(q.p95))},
          {"p99_ns", json_ns(ns(q.p99))}, {"max_ns", json_ns(ns(q.max))}};
}

Json to_json(const Numbers& n) {
  return {{"count", n.count}, {"first", n.first}};
}

Json to_json(const Ledger& l) {
  Json j{{"case", l.what},
         {"writes", l.writes},
         {"acknowledged", l.acknowledged},
         {"acknowledged_before", l.acknowledged_before},
         {"lost", to_json(l.lost)},
         {"recovered", to_json(l.recovered)},
         {"unexpected", to_json(l.unexpected)},
         {"duplicated", to_json(l.duplicated)},
         {"corrupt", to_json(l.corrupt)},
         {"unledgered", to_json(l.unledgered)},
         {"lost_after", to_json(l.lost_after)},
         {"holes", l.holes},
         {"recovery_point", to_json(l.recovery_point)},
         {"consistent", l.consistent}};
  put(j, "rpa", l.rpa);
  return j;
}

Json to_json(const measure::Outage& o) {
  constexpr const char* kinds[] = {"before", "drill", "later"};
  Json j{{"kind", kinds[static_cast<std::size_t>(o.kind)]},
         {"onset", to_json(o.onset)},
         {"recovery", to_json(o.recovery)},
         {"declared", o.declared}};
  put(j, "length", std::optional{o.length});
  put(j, "step", o.step);
  return j;
}

Json to_json(const Service& s) {
  Json j{{"name", s.name}, {"probe", printable(s.probe)}, {"up", s.rule}, {"measured", s.measured}};
  if (!s.measured) return j;
  j["probes"] = s.probes;
  j["gaps"] = s.gaps;
  j["down_at_inject"] = s.down_at_inject;
  j["outages"] = list(s.outages, [](const auto& o) { return to_json(o); });
  put(j, "rta_from_outage", s.rta_from_outage);
  put(j, "rta_from_inject", s.rta_from_inject);
  put(j, "inject_to_outage", s.inject_to_outage);
  put(j, "down_total", s.down_total);
  j["quality"] = Json{
      {"before", to_json(s.before)}, {"during", to_json(s.during)}, {"after", to_json(s.after)}};
  if (s.ledger) j["ledger"] = to_json(*s.ledger);
  return j;
}

void put(Json& j, const journal::Doer& by) {
  put(j, "principal", by.actor.principal);
  put(j, "method", by.actor.method);
  put(j, "assurance", by.actor.assurance);
  put(j, "person", by.person);
  put(j, "as", by.as);
  put(j, "not_checked", by.unchecked);
}

Json to_json(const journal::Act& a) {
  Json j{{"seq", a.seq}, {"what", a.what}, {"at_ns", json_ns(ns(a.at))}};
  put(j, a.by);
  put(j, "reason", a.reason);
  return j;
}

Json to_json(const Role& r) {
  Json j{{"role", r.name}, {"holder", r.holder}, {"deputy", r.deputy}, {"acts", r.acts}};
  j["held"] = Json::array();
  for (std::size_t i = 0; i < r.held.size(); ++i) {
    const auto& t = r.held[i];
    Json one{{"seq", t.seq},
             {"holder", t.holder},
             {"how", t.how},
             {"assumed_ns", json_ns(ns(t.at))},
             {"assumed", format_utc(t.wall)}};
    // Who holds it last holds it to the end of the run.
    if (i + 1 < r.held.size()) one["renounced_ns"] = json_ns(ns(r.held[i + 1].at));
    put(one, "deputy", t.deputy);
    put(one, "reason", t.reason);
    put(one, t.by);
    j["held"].push_back(std::move(one));
  }
  return j;
}

Json to_json(const journal::Note& n) {
  Json j{{"seq", n.seq},
         {"text", printable(n.text)},
         {"at_ns", json_ns(ns(n.at))},
         {"at", format_utc(n.wall)}};
  put(j, n.by);
  put(j, "who", n.who);
  put(j, "step", n.step);
  put(j, "happened", n.happened);
  if (n.corrects) j["corrects"] = *n.corrects;
  return j;
}

Json to_json(const Step& s) {
  Json j{{"id", s.id},
         {"name", printable(s.name)},
         {"word", s.word},
         {"end", s.is_end},
         {"expected", printable(s.expected)},
         {"status", name_of(s.state.status)},
         {"late", s.late},
         {"escalated", s.escalated},
         {"within_ns", json_ns(ns(s.within))},
         {"commands", list(s.commands, [](const auto& c) { return Json(printable(c)); })}};
  j["no_return"] = s.no_return;
  put(j, "place", s.place);
  put(j, "started_ns", s.state.started);
  put(j, "finished_ns", s.state.finished);
  put(j, "took_ns", s.took);
  put(j, "why", s.state.why);
  put(j, "evidence", s.state.evidence);
  put(j, "output", s.state.output);
  put(j, "asked_of", s.state.asked_of);
  put(j, "role", s.state.role);
  put(j, "escalated_from", s.state.escalated_from);
  put(j, "answered_by", s.state.answered_by);
  if (!s.state.acts.empty())
    j["acts"] = list(s.state.acts, [](const auto& a) { return to_json(a); });
  for (const auto& [key, value] : s.state.answers) j["answers"][printable(key)] = printable(value);
  return j;
}

Json to_json(const Effect& e) {
  const auto& s = e.state;
  Json j{{"id", s.id},         {"step", s.step},
         {"host", s.host},     {"armed_at_host", s.at},
         {"script", s.script}, {"sha256", s.sha256},
         {"healer", e.healer}, {"restore", s.restore},
         {"proven", s.proven}, {"status", name_of(s.status)}};
  put(j, "intent_ns", e.intent_at);
  put(j, "armed_ns", e.armed_at);
  put(j, "inject_sent_ns", s.inject_sent);
  put(j, "inject_confirmed_ns", s.inject_done);
  put(j, "reverted_ns", s.reverted_at);
  put(j, "healed_by", s.healed_by);
  put(j, "evidence", s.evidence);
  put(j, "clean_evidence", s.clean_evidence);
  put(j, "why", s.why);
  return j;
}

Json to_json(const Restore& r) {
  Json j{{"step", r.step}, {"host", r.host}, {"provider", r.provider}};
  j["phases"] = list(r.phases, [](const RestorePhase& p) {
    Json one{{"phase", p.phase}, {"outcome", p.outcome}, {"sent_ns", json_ns(ns(p.at))}};
    put(one, "detail", p.detail);
    put(one, "took_ns", p.took);
    return one;
  });
  if (r.outcome) j["outcome"] = catalogue::to_json(*r.outcome);
  return j;
}

Json to_json(const Host& h) {
  Json j{{"name", h.name},
         {"environment", h.environment},
         {"targets", h.slots},
         {"guardian", h.guardian},
         {"fit", h.state.ok}};
  put(j, "address", h.address);
  put(j, "zone", h.zone);
  for (const auto& [key, value] : h.state.facts) j["facts"][printable(key)] = printable(value);
  j["problems"] = list(h.state.problems, [](const auto& p) { return Json(printable(p)); });
  if (h.state.clock_offset)
    j["clock_offset"] = Json{{"lo_ns", json_ns(ns(h.state.clock_offset->lo))},
                             {"hi_ns", json_ns(ns(h.state.clock_offset->hi))}};
  return j;
}

Json to_json(const Guardrail& g) {
  Json j{{"name", printable(g.name)},
         {"demands", printable(g.demands)},
         {"said", printable(g.said)},
         {"asked", g.asked},
         {"stopped", g.stopped}};
  if (g.kept) j["kept"] = *g.kept;
  put(j, "evidence", g.evidence);
  return j;
}

Json head(const Summary& s) {
  Json j{{"muster_report", 1},
         {"drill", s.drill},
         {"run", s.run},
         {"exercise", true},
         {"edition", name_of(s.edition)},
         {"plan", s.plan_hash}};
  put(j, "title", s.title);
  put(j, "why", s.why);
  put(j, "owner", s.owner);
  put(j, "change", s.change);
  put(j, "playbook", s.playbook);
  put(j, "workspace", s.workspace);
  put(j, "store", s.store);
  put(j, "muster", s.ran_by);
  put(j, "written_by", s.written_by);
  put(j, "opened", s.opened);
  put(j, "closed", s.closed);
  j["started_ns"] = json_ns(ns(s.axis.start));
  j["ended_ns"] = json_ns(ns(s.end));
  put(j["actor"], "principal", s.actor.principal);
  put(j["actor"], "method", s.actor.method);
  put(j["actor"], "assurance", s.actor.assurance);
  return j;
}

Json record_of(const journal::Verified& v) {
  Json j{{"entries", v.size},
         {"root", hex(v.root)},
         {"intact", v.intact()},
         {"witnessed", v.witnessed},
         {"unwitnessed_entries", v.unwitnessed}};
  j["findings"] = list(v.findings, [](const journal::Finding& f) {
    return Json{
        {"damage", journal::to_string(f.damage)}, {"seq", f.seq}, {"text", printable(f.text)}};
  });
  return j;
}

}  // namespace

std::string json_text(const Summary& s) {
  Json j = head(s);
  j["verdict"] = to_json(s.verdict);
  j["objectives"] = list(s.objectives, [](const auto& o) { return to_json(o); });
  put(j, "estimate", s.estimate);
  j["services"] = list(s.services, [](const auto& o) { return to_json(o); });
  j["phases"] = list(s.phases, [](const Phase& p) {
    Json one{{"what", printable(p.what)}, {"when", to_json(p.when)}};
    put(one, "letter", p.letter);
    put(one, "source", p.source);
    return one;
  });
  if (!s.detections.empty())
    j["detections"] = list(s.detections, [](const Detection& d) {
      Json one{{"alert", printable(d.alert)},
               {"by", d.by_person ? "person" : "alert"},
               {"text", printable(d.text)}};
      put(one, "step", d.step);
      put(one, "source", d.source);
      put(one, "who", d.who);
      put(one, "ttd", d.ttd);
      return one;
    });
  put(j, "waited_for_people_ns", s.waited_for_people);
  j["effects"] = list(s.effects, [](const auto& o) { return to_json(o); });
  j["restores"] = list(s.restores, [](const auto& o) { return to_json(o); });
  j["steps"] = list(s.steps, [](const auto& o) { return to_json(o); });
  j["roles"] = list(s.roles, [](const auto& o) { return to_json(o); });
  j["people"] = list(s.people, [](const plan::Person& p) {
    return Json{{"id", p.id},
                {"name", printable(p.name)},
                {"unix", p.unix_user},
                {"timezone", p.timezone},
                {"teams", p.teams}};
  });
  if (!s.approvals.empty())
    j["approvals"] = list(s.approvals, [](const ApprovedBy& a) {
      return Json{{"person", a.person},
                  {"given", a.given},
                  {"until", a.until},
                  {"note", printable(a.note)}};
    });
  j["notes"] = list(s.notes, [](const auto& o) { return to_json(o); });
  j["hosts"] = list(s.hosts, [](const auto& o) { return to_json(o); });
  if (!s.guardrails.empty())
    j["guardrails"] = list(s.guardrails, [](const auto& o) { return to_json(o); });
  j["deviations"] = list(s.deviations, [](const auto& d) { return Json(printable(d)); });
  j["scripts"] = Json::object();
  for (const auto& [name, sha] : s.scripts) j["scripts"][name] = sha;
  j["record"] = record_of(s.verified);
  return j.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace muster::report
