#include "api/alert_payload.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace muster::api {
namespace {

using engine::Alert;
using Alerts = std::vector<Alert>;
using A = AlertLimits;

// What the readers insist on and the schemas say.
constexpr const char* kVersion4 = "4";
constexpr const char* kFiring = "firing";
constexpr const char* kResolved = "resolved";
constexpr const char* kIncident = "incident";
constexpr const char* kIncidentOwes[] = {"id", "title", "status"};

std::string clean(const std::string& text) {
  std::string out = printable(text);
  for (char& c : out)
    if (c == '\n' || c == '\t') c = ' ';
  return bounded(out, A::kTextBytesMax);
}

/// nullptr: there is none of that type.
const Json* field(const Json& j, const char* key, Json::value_t type) {
  if (!j.is_object()) return nullptr;
  const auto it = j.find(key);
  return it != j.end() && it->type() == type ? &*it : nullptr;
}

std::string text_at(const Json& j, const char* key) {
  const auto* value = field(j, key, Json::value_t::string);
  return value ? clean(value->get<std::string>()) : "";
}

/// PagerDuty's references tell what they mean in `summary`.
std::string summary(const Json& j, const char* key) {
  const auto* value = field(j, key, Json::value_t::object);
  return value ? text_at(*value, "summary") : "";
}

std::optional<WallTime> time_of(const Json& j, const char* key) {
  const auto written = text_at(j, key);
  const auto at = written.empty() ? Result<WallTime>{Error{"none"}} : parse_utc(written);
  return at ? std::optional{*at} : std::nullopt;
}

/// Schemas: an object that may hold more than is read of it.
Json with_more(Json properties, const std::vector<const char*>& required) {
  return {{"type", "object"}, {"properties", std::move(properties)}, {"required", required}};
}
Json owed_text() {
  return {{"type", "string"}, {"minLength", 1}};
}

Error wrong(std::string_view form, std::string_view why) {
  return {fmt::format("this is not what {} sends: {}", form, why),
          "docs/measurement.md tells how it is set up"};
}

Result<Alert> alert_of(const Json& one, std::string_view form) {
  Alert alert;
  alert.source = "alertmanager";
  const auto status = text_at(one, "status");
  if (status != kFiring && status != kResolved)
    return wrong(form, "an alert's `status` is firing or resolved");
  alert.firing = status == kFiring;
  const auto* labels = field(one, "labels", Json::value_t::object);
  if (!labels) return wrong(form, "an alert has no `labels`");
  if (labels->size() > A::kLabelsMax)
    return wrong(form, fmt::format("an alert has more than {} labels", A::kLabelsMax));
  for (const auto& [name, value] : labels->items()) {
    if (!value.is_string()) return wrong(form, "a label is a text");
    alert.labels[clean(name)] = clean(value.get<std::string>());
  }
  alert.name = text_at(*labels, "alertname");
  if (alert.name.empty()) return wrong(form, "an alert has no label `alertname`");
  alert.id = text_at(one, "fingerprint");
  alert.started = time_of(one, "startsAt");
  return alert;
}

}  // namespace

Result<Alerts> alerts_of_alertmanager(const Json& body) {
  constexpr std::string_view kForm = "Alertmanager";
  if (text_at(body, "version") != kVersion4) return wrong(kForm, "`version` is not \"4\"");
  const auto* all = field(body, "alerts", Json::value_t::array);
  if (!all) return wrong(kForm, "it has no list of `alerts`");
  if (all->size() > A::kAlertsMax)
    return wrong(kForm, fmt::format("more than {} alerts at once: group them", A::kAlertsMax));
  Alerts out;
  for (const auto& one : *all) {
    auto alert = alert_of(one, kForm);
    if (!alert) return alert.error();
    out.push_back(std::move(*alert));
  }
  return out;
}

Result<Alerts> alerts_of_pagerduty(const Json& body) {
  constexpr std::string_view kForm = "PagerDuty";
  const auto* event = field(body, "event", Json::value_t::object);
  if (!event) return wrong(kForm, "it has no `event`");
  if (text_at(*event, "event_type").empty()) return wrong(kForm, "the event has no `event_type`");
  // A ping, a change of a service: it arrived, and says nothing of an incident.
  if (text_at(*event, "resource_type") != kIncident) return Alerts{};
  const auto* data = field(*event, "data", Json::value_t::object);
  if (!data) return wrong(kForm, "the event has no `data`");
  // Notes and assignments of an incident are events too; their data is no incident.
  if (text_at(*data, "type") != kIncident) return Alerts{};
  Alert alert;
  alert.source = "pagerduty";
  alert.name = text_at(*data, "title");
  alert.id = text_at(*data, "id");
  for (const auto* key : kIncidentOwes)
    if (text_at(*data, key).empty())
      return wrong(kForm, "an incident has an `id`, a `title` and a `status`");
  alert.firing = text_at(*data, "status") != kResolved;
  alert.started = time_of(*data, "created_at");
  for (const auto& [name, value] : {std::pair{"service", summary(*data, "service")},
                                    {"urgency", text_at(*data, "urgency")},
                                    {"priority", summary(*data, "priority")},
                                    {"incident_key", text_at(*data, "incident_key")}})
    if (!value.empty()) alert.labels[name] = value;
  return Alerts{std::move(alert)};
}

Json alertmanager_schema() {
  const Json labels{{"type", "object"},
                    {"maxProperties", A::kLabelsMax},
                    {"properties", {{"alertname", owed_text()}}},
                    {"required", Json::array({"alertname"})},
                    {"additionalProperties", {{"type", "string"}}}};
  const Json alert = with_more({{"status", {{"enum", {kFiring, kResolved}}}},
                                {"labels", labels},
                                {"fingerprint", {{"type", "string"}}},
                                {"startsAt", {{"type", "string"}, {"format", "date-time"}}}},
                               {"status", "labels"});
  return with_more({{"version", {{"const", kVersion4}}},
                    {"alerts", {{"type", "array"}, {"maxItems", A::kAlertsMax}, {"items", alert}}}},
                   {"version", "alerts"});
}

Json pagerduty_schema() {
  const auto is = [](const char* key, const char* value) {
    return with_more({{key, {{"const", value}}}}, {key});
  };
  Json reference = with_more({{"summary", {{"type", "string"}}}}, {});
  reference["type"] = {"object", "null"};
  const Json text_or_none{{"type", {"string", "null"}}};
  Json incident = with_more({{"created_at", {{"type", "string"}, {"format", "date-time"}}},
                             {"service", reference},
                             {"urgency", text_or_none},
                             {"priority", reference},
                             {"incident_key", text_or_none}},
                            {});
  for (const auto* key : kIncidentOwes) {
    incident["properties"][key] = owed_text();
    incident["required"].push_back(key);
  }
  Json data = with_more({{"type", {{"type", "string"}}}}, {});
  data["if"] = is("type", kIncident);
  data["then"] = std::move(incident);
  Json event = with_more({{"event_type", owed_text()}, {"resource_type", {{"type", "string"}}}},
                         {"event_type"});
  event["if"] = is("resource_type", kIncident);
  event["then"] = with_more({{"data", std::move(data)}}, {"data"});
  return with_more({{"event", std::move(event)}}, {"event"});
}

}  // namespace muster::api
