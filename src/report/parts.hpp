// The parts from which summarise() puts the digest together. Internal to report/.
#pragma once
#include "plan/bind.hpp"
#include "report/summary.hpp"

namespace muster::report {

/// What the engine wrote as the data of `measured` entries (engine/findings_json.cpp), read back. A
/// field that is missing or of another type is left absent: a report is written from whatever the
/// record holds.
Service service_from_json(const Json& data);
std::optional<measure::Judgement> judgement_from_json(const Json& data);
Detection detection_from_json(const Json& data);

/// What the run had bound when it ended: the addresses of its targets and what people answered.
plan::Bindings bindings_of(const Record& record);

std::vector<Service> services_of(const Record& record);
std::vector<measure::Judgement> objectives_of(const Record& record);
std::vector<Detection> detections_of(const Record& record);
std::vector<Step> steps_of(const Record& record);
std::vector<Effect> effects_of(const Record& record);
std::vector<Restore> restores_of(const Record& record);
std::vector<Phase> phases_of(const Record& record, const Summary& so_far);
std::vector<Host> hosts_of(const Record& record);
std::vector<Guardrail> guardrails_of(const Record& record);
std::vector<Role> roles_of(const Record& record, const Axis& axis);
std::vector<ApprovedBy> approvals_of(const Record& record);
std::vector<Event> events_of(const Record& record);
std::vector<std::string> deviations_of(const Record& record, const Summary& so_far);
Verdict verdict_of(const Record& record, const Summary& so_far);

}  // namespace muster::report
