// The row of events of one drill, F to R (reference: measurement, "Events of one drill").
#include <fmt/format.h>

#include <algorithm>

#include "report/parts.hpp"

namespace muster::report {
namespace {

using measure::Moment;

Moment at(const std::optional<Instant>& t) {
  return {t, t, 0, 0};
}

std::string samples(const Moment& m) {
  if (m.lo_n && m.hi_n) return fmt::format("probes {} and {}", m.lo_n, m.hi_n);
  if (m.lo_n || m.hi_n) return fmt::format("probe {}", m.lo_n ? m.lo_n : m.hi_n);
  return "probes";
}

Phase marked(const Record& record, std::string letter, std::string what, std::string_view mark) {
  Phase p{std::move(letter), std::move(what), {}, ""};
  for (const auto& m : record.state.moments)
    if (m.name == mark) {
      p.when = at(m.at);
      p.source = m.step.empty() ? "marked" : fmt::format("marked by step {}", m.step);
      break;
    }
  return p;
}

void add_backup(const catalogue::RestoredBackup& backup, const std::string& host,
                std::vector<Phase>& out) {
  const auto add = [&](const char* letter, const char* what, const std::optional<Instant>& t) {
    out.push_back(
        {letter, what, at(t), t ? fmt::format("backup {} on {}", backup.label, host) : ""});
  };
  add("S", "restore started", backup.started);
  add("Rf", "restore tool exited", backup.tool_exited);
  add("U", "restored instance accepts connections", backup.accepts);
  add("T", "recovery target reached", backup.target_reached);
  add("V", "validation passed", backup.validated);
}

/// After a disruption: of the restore that serves afterwards, the last backup that was brought
/// back. Without one: of every backup.
void add_restores(const Summary& s, bool all, std::vector<Phase>& out) {
  const Restore* last = nullptr;
  for (const auto& r : s.restores) {
    if (!r.outcome || r.outcome->backups.empty()) continue;
    last = &r;
    if (all)
      for (const auto& b : r.outcome->backups) add_backup(b, r.host, out);
  }
  if (!all && last) add_backup(last->outcome->backups.back(), last->host, out);
}

/// One row each for monitoring and for people, which are never mixed; without any of either, what a
/// step marked.
void add_detections(const Record& record, std::vector<Phase>& out) {
  bool told = false;
  for (const bool person : {false, true})
    for (const auto& a : record.state.alerts) {
      if (!a.counts || (a.source == "person") != person) continue;
      out.push_back({"D",
                     person ? fmt::format("noticed by {}", a.by.principal)
                            : fmt::format("detected: alert {}", a.alert),
                     at(a.at),
                     person ? (a.alert.empty() ? "said so" : "said so, by the alert " + a.alert)
                            : "received from " + a.source});
      told = true;
      break;
    }
  if (!told) out.push_back(marked(record, "D", "detected", "detected"));
}

Phase switched(const Record& record, const Summary& s) {
  Phase p = marked(record, "C", "clients switched", "switched");
  if (p.when.lo) return p;
  for (const auto& step : s.steps)
    if (step.no_return && step.state.status == journal::StepStatus::passed && step.state.started) {
      p.when = {step.state.started, step.state.finished, 0, 0};
      p.source = fmt::format("step {}", step.id);
    }
  return p;
}

}  // namespace

std::vector<Phase> phases_of(const Record& record, const Summary& s) {
  std::vector<Phase> out;
  if (s.disrupted()) {
    for (const auto& e : s.effects)
      if (!e.state.restore && e.state.inject_sent) {
        out.push_back({"",
                       fmt::format("{} put in on {}", e.state.script, e.state.host),
                       {e.state.inject_sent, e.state.inject_done, 0, 0},
                       "inject sent and confirmed"});
      }
    for (const auto& service : s.services)
      if (const auto* o = service.drill_outage())
        out.push_back({"F", fmt::format("{} lost to its clients", service.name), o->onset,
                       samples(o->onset)});
    add_detections(record, out);
    out.push_back(marked(record, "Dec", "declared", "declared"));
    add_restores(s, false, out);
    out.push_back(switched(record, s));
    for (const auto& service : s.services)
      if (const auto* o = service.drill_outage())
        out.push_back({"R", fmt::format("{} serves its clients again", service.name), o->recovery,
                       samples(o->recovery)});
  } else {
    add_restores(s, true, out);
  }
  for (const auto& m : record.state.moments)
    if (m.name != "detected" && m.name != "declared" && m.name != "switched")
      out.push_back({"", m.name, at(m.at), fmt::format("marked by step {}", m.step)});
  // In the order of time; what was not recorded keeps its place in the row behind the one before
  // it.
  std::optional<Instant> last;
  std::vector<std::pair<Instant, std::size_t>> order;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto& when = out[i].when;
    const auto t = when.lo ? when.lo : when.hi;
    if (t) last = t;
    order.emplace_back(t.value_or(last.value_or(Instant::min())), i);
  }
  std::sort(order.begin(), order.end());
  std::vector<Phase> sorted;
  for (const auto& [t, i] : order) sorted.push_back(std::move(out[i]));
  return sorted;
}

}  // namespace muster::report
