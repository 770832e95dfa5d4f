// What the clocks read: the services, and the objectives that they were judged against.
#include <fmt/format.h>

#include <algorithm>

#include "measure/tracker.hpp"
#include "report/names.hpp"
#include "report/parts.hpp"

namespace muster::report {
namespace {

const Service* find(const std::vector<Service>& all, const std::string& name) {
  const auto it =
      std::find_if(all.begin(), all.end(), [&](const auto& s) { return s.name == name; });
  return it == all.end() ? nullptr : &*it;
}

std::vector<measure::Gap> gaps_in(const Record& record, const plan::Service& service) {
  const auto it = record.samples.find(service.name);
  if (it == record.samples.end()) return {};
  measure::ServiceTracker tracker{{service.up, service.every, service.timeout}};
  for (const auto& sample : measure::in_order(it->second)) tracker.feed(sample);
  return tracker.gaps();
}

/// What the drill declared, before anything was measured.
std::vector<measure::Judgement> declared(const plan::Plan& plan) {
  using measure::ObjectiveKind;
  std::vector<measure::Judgement> out;
  const auto add = [&](ObjectiveKind kind, const std::string& service,
                       const std::optional<Duration>& limit) {
    if (!limit) return;
    measure::Judgement j;
    j.kind = kind;
    j.service = service;
    j.objective = limit;
    j.reason = "it was not measured";
    out.push_back(std::move(j));
  };
  for (const auto& o : plan.objectives) {
    add(ObjectiveKind::rto, o.service, o.rto);
    add(ObjectiveKind::mtpd, o.service, o.mtpd);
    add(ObjectiveKind::rpo, o.service, o.rpo);
    if (!o.lost_writes) continue;
    measure::Judgement j;
    j.kind = ObjectiveKind::lost_writes;
    j.service = o.service;
    j.lost_max = o.lost_writes;
    j.reason = "it was not measured";
    out.push_back(std::move(j));
  }
  for (const auto& d : plan.detections) {
    add(ObjectiveKind::detect, "", d.within);
    if (d.within) out.back().alert = d.alert;
  }
  add(ObjectiveKind::restore, "", plan.restore_time);
  add(ObjectiveKind::data_age, "", plan.data_age);
  return out;
}

}  // namespace

std::vector<Service> services_of(const Record& record) {
  std::vector<Service> measured;
  for (const auto& entry : record.state.measured)
    if (entry.data.is_object() && entry.data.contains("service"))
      measured.push_back(service_from_json(entry.data.at("service")));
  const auto bindings = bindings_of(record);
  std::vector<Service> out;
  for (const auto& planned : record.plan.services) {
    Service s;
    if (const auto* m = find(measured, planned.name)) s = *m;
    s.name = planned.name;
    const auto bound = plan::resolve(planned.probe, bindings);
    s.probe = record.edition == Edition::full ? catalogue::describe(bound ? *bound : planned.probe)
                                              : planned.probe.kind + " " + std::string{kLeftOut};
    s.rule =
        fmt::format("{}; a probe every {}, given up after {}", measure::format_up_rule(planned.up),
                    format_duration(planned.every), format_duration(planned.timeout));
    s.has_ledger = planned.ledger.has_value();
    s.gap_list = gaps_in(record, planned);
    out.push_back(std::move(s));
  }
  return out;
}

std::vector<Detection> detections_of(const Record& record) {
  std::vector<Detection> out;
  for (const auto& entry : record.state.measured)
    if (entry.data.is_object() && entry.data.contains("detections"))
      for (const auto& one : entry.data.at("detections")) out.push_back(detection_from_json(one));
  return out;
}

std::vector<measure::Judgement> objectives_of(const Record& record) {
  std::vector<measure::Judgement> judged;
  for (const auto& entry : record.state.measured)
    if (entry.data.is_object() && entry.data.contains("objectives") &&
        entry.data.at("objectives").is_array())
      for (const auto& one : entry.data.at("objectives"))
        if (auto j = judgement_from_json(one)) judged.push_back(std::move(*j));
  // What was declared and never judged is shown as unknown, not left out.
  for (auto& open : declared(record.plan))
    if (std::none_of(judged.begin(), judged.end(), [&](const auto& j) {
          return j.kind == open.kind && j.service == open.service && j.alert == open.alert;
        }))
      judged.push_back(std::move(open));
  return judged;
}

}  // namespace muster::report
