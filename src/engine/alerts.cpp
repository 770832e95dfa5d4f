#include "engine/alerts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "engine/people.hpp"
#include "journal/kinds.hpp"

namespace muster::engine {

namespace kinds = journal::kinds;
using journal::AlertSeen;
using journal::EffectState;

namespace {

constexpr std::string_view kPerson = "person";
constexpr Duration kNoticedAgoMax = std::chrono::hours{24};
constexpr std::size_t kLabelBytesMax = 8'000;  // of one alert: an entry holds 64 KiB, escaped

bool is_of(const plan::Detection& d, const EffectState& e) {
  return !e.restore && e.injected_once && (d.step.empty() || e.step == d.step);
}

/// When the first fault that it is about was being put in; nothing: none yet.
std::optional<Instant> put_in(const plan::Detection& d, const journal::RunState& state) {
  std::optional<Instant> first;
  for (const auto& e : state.effects)
    if (is_of(d, e) && e.injecting_at && (!first || *e.injecting_at < *first))
      first = e.injecting_at;
  return first;
}

bool fits(const plan::Detection& d, const Alert& a) {
  if (d.by_person || d.alert != a.name) return false;
  return std::all_of(d.labels.begin(), d.labels.end(), [&](const auto& label) {
    const auto it = a.labels.find(label.first);
    return it != a.labels.end() && it->second == label.second;
  });
}

/// The first one of the plan that it fits.
std::optional<std::size_t> fitting(const plan::Plan& plan, const Alert& a) {
  for (std::size_t i = 0; i < plan.detections.size(); ++i)
    if (fits(plan.detections[i], a)) return i;
  return std::nullopt;
}

/// What the record has of this very alert; nullptr: nothing.
const AlertSeen* last_of(const journal::RunState& state, const Alert& a) {
  const auto it = std::find_if(state.alerts.rbegin(), state.alerts.rend(), [&](const AlertSeen& s) {
    return s.source == a.source && s.id == a.id && s.alert == a.name;
  });
  return it == state.alerts.rend() ? nullptr : &*it;
}

/// "" when it tells of the fault.
std::string why_not(const Core& core, const plan::Detection& d, const Alert& a) {
  if (!a.firing) return "it ended";
  const auto fault = put_in(d, core.state());
  if (!fault) return "it fires and no fault was put in yet";
  if (!a.started) return {};
  // On the controller's axis, as far as both walls agree: what it says is recorded beside it.
  const Instant started = core.now() - (core.wall() - *a.started);
  if (started < *fault)
    return fmt::format("it says that it fires since {}, before the fault was put in",
                       format_utc(*a.started));
  return {};
}

void record(Core& core, const Request& request, const Alert& a,
            std::optional<std::size_t> detection) {
  journal::Draft d = Core::draft(kinds::kAlertSeen);
  d.actor = request.actor;
  d.outcome = a.firing ? "firing" : "resolved";
  d.data = Json{{"source", a.source}, {"alert", a.name}};
  if (!a.id.empty()) d.data["id"] = a.id;
  std::size_t bytes = 0;
  for (const auto& [name, value] : a.labels)
    if (bytes += name.size() + value.size(); bytes <= kLabelBytesMax)
      d.data["labels"][name] = value;
  if (a.started) d.data["started"] = format_utc(*a.started);
  if (detection) {
    const auto& wanted = core.plan().detections[*detection];
    d.step = wanted.step;
    d.data["detection"] = *detection;
    const auto why = why_not(core, wanted, a);
    if (why.empty())
      d.data["counts"] = true;
    else
      d.data["why"] = why;
  } else {
    d.data["why"] = "this drill does not wait for it; it shows that alerts arrive";
  }
  core.record(std::move(d));
}

/// Which one a person's word is about: the one of that name, else any of `by: person`.
std::optional<std::size_t> meant(const plan::Plan& plan, const std::string& alert) {
  std::optional<std::size_t> any;
  for (std::size_t i = 0; i < plan.detections.size(); ++i) {
    const auto& d = plan.detections[i];
    if (!alert.empty() && d.alert == alert && d.by_person) return i;
    if (!any && d.by_person && (d.alert.empty() || alert.empty())) any = i;
  }
  return any;
}

bool seen_by_person(const AlertSeen& s) {
  return s.source == kPerson;
}

}  // namespace

std::string take_alerts(Core& core, const Request& request) {
  for (const auto& a : request.alerts) {
    const auto& state = core.state();
    const auto* last = last_of(state, a);
    if (last && last->firing == a.firing) continue;  // repeated: they are sent again and again
    if (!last && !a.firing) continue;                // ended, and was never said to fire here
    const auto detection = fitting(core.plan(), a);
    const bool arrived = std::any_of(state.alerts.begin(), state.alerts.end(),
                                     [](const auto& s) { return !seen_by_person(s); });
    if (!detection && arrived) continue;
    if (state.alerts.size() >= kAlertsMax)
      return fmt::format("this run holds {} alerts, which is the most", kAlertsMax);
    record(core, request, a, detection);
  }
  return {};
}

std::string take_detected(Core& core, const Request& request) {
  const auto& state = core.state();
  if (state.alerts.size() >= kAlertsMax)
    return fmt::format("this run holds {} alerts, which is the most", kAlertsMax);
  const Duration ago = request.ago    ? *request.ago
                       : request.then ? core.wall() - *request.then
                                      : Duration::zero();
  if (ago < Duration::zero()) return "what was noticed cannot lie ahead";
  if (ago > kNoticedAgoMax) return "what was noticed lies more than a day back";
  const std::string alert = request.alerts.empty() ? "" : request.alerts.front().name;
  const auto detection = meant(core.plan(), alert);
  const plan::Detection any;
  const auto& wanted = detection ? core.plan().detections[*detection] : any;
  const auto fault = put_in(wanted, state);
  const Instant noticed = core.now() - ago;
  if (!fault || noticed < *fault)
    return "no fault was put in by then: there was nothing to notice (a note says the rest)";
  journal::Draft d = Core::draft(kinds::kAlertSeen);
  d.actor = request.actor;
  d.step = wanted.step;
  d.outcome = "firing";
  d.data = Json{{"source", kPerson}, {"counts", true}, {"noticed", journal::json_ns(ns(noticed))}};
  if (!alert.empty()) d.data["alert"] = alert;
  if (!request.text.empty()) d.data["text"] = request.text;
  if (detection) d.data["detection"] = *detection;
  if (const auto* person = person_of(core.plan(), request.actor)) d.data["person"] = person->id;
  core.record(std::move(d));
  return {};
}

std::vector<DetectionFinding> detections_of(const plan::Plan& plan, const journal::RunState& state,
                                            bool receives_alerts, Instant until) {
  std::vector<DetectionFinding> out;
  const bool arrived = std::any_of(state.alerts.begin(), state.alerts.end(),
                                   [](const auto& s) { return !seen_by_person(s); });
  for (std::size_t i = 0; i < plan.detections.size(); ++i) {
    const auto& d = plan.detections[i];
    DetectionFinding finding;
    finding.detection = &d;
    auto& facts = finding.facts;
    facts.until = until;
    facts.could_be_received = d.by_person || receives_alerts || arrived;
    for (const auto& e : state.effects)
      if (is_of(d, e) && e.proven && (!facts.fault || *e.inject_sent < *facts.fault->lo))
        facts.fault = measure::Moment{e.inject_sent, e.inject_done, 0, 0};
    for (const auto& s : state.alerts) {
      if (s.detection != i) continue;
      if (!s.counts) {
        facts.fired_before = facts.fired_before || s.firing;
      } else if (!facts.detected || s.at < *facts.detected) {
        facts.detected = s.at;
        finding.source = s.source;
        finding.by = seen_by_person(s) ? s.by.principal : "";
      }
    }
    out.push_back(std::move(finding));
  }
  return out;
}

Json to_json(const DetectionFinding& f) {
  Json j{{"alert", f.detection->alert},
         {"by", f.detection->by_person ? "person" : "alert"},
         {"text", measure::detection_text(f.facts)}};
  if (!f.detection->step.empty()) j["step"] = f.detection->step;
  if (!f.source.empty()) j["source"] = f.source;
  if (!f.by.empty()) j["principal"] = f.by;
  if (f.facts.detected) j["detected"] = journal::json_ns(ns(*f.facts.detected));
  if (const auto took = measure::time_to_detect(f.facts)) {
    j["ttd"] = Json{{"lo", journal::json_ns(ns(took->lo))}};
    if (took->hi) j["ttd"]["hi"] = journal::json_ns(ns(*took->hi));
  }
  return j;
}

}  // namespace muster::engine
