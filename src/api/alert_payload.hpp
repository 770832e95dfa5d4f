// What monitoring sends when an alert fires or ends, read into the engine's words. Pure. The forms
// are other people's: what is not needed of them is passed over, what is needed is checked, bounded
// and made printable.
#pragma once
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "engine/io.hpp"

namespace muster::api {

struct AlertLimits {
  static constexpr std::size_t kAlertsMax = 200;  ///< of one payload
  static constexpr std::size_t kLabelsMax = 64;   ///< of one alert
  static constexpr std::size_t kTextBytesMax = 500;
};

/// Prometheus Alertmanager's webhook, version 4: each of its `alerts`, its name being the label
/// `alertname`. Source: prometheus.io/docs/alerting/latest/configuration, "webhook_config".
Result<std::vector<engine::Alert>> alerts_of_alertmanager(const Json& body);
/// What of it is read, as JSON Schema: what does not fit is refused.
Json alertmanager_schema();

/// PagerDuty's webhook, version 3: the incident of one event, its name being the incident's title,
/// its labels `service`, `urgency` and `priority`. No alert of an event that is of no incident.
/// Source: developer.pagerduty.com, "Webhooks Overview" (v3).
Result<std::vector<engine::Alert>> alerts_of_pagerduty(const Json& body);
Json pagerduty_schema();

}  // namespace muster::api
