#include "journal/run_alerts.hpp"

#include <algorithm>

#include "journal/data.hpp"
#include "journal/run_state.hpp"

namespace muster::journal {

std::string fold_alert(RunState& s, const Entry& e) {
  if (!e.data.is_object()) return "it says nothing";
  AlertSeen seen;
  seen.seq = s.size;
  seen.by = e.actor;
  seen.source = text_in(e.data, "source");
  seen.alert = text_in(e.data, "alert");
  seen.id = text_in(e.data, "id");
  seen.firing = e.outcome == "firing";
  seen.counts = flag_in(e.data, "counts");
  seen.why = text_in(e.data, "why");
  seen.text = text_in(e.data, "text");
  seen.at = e.at;
  seen.wall = e.ts;
  if (e.data.contains("labels") && e.data.at("labels").is_object())
    for (const auto& [name, value] : e.data.at("labels").items())
      if (value.is_string()) seen.labels[name] = value.get<std::string>();
  if (const auto started = parse_utc(text_in(e.data, "started"))) seen.started = *started;
  if (e.data.contains("detection") && e.data.at("detection").is_number_unsigned())
    seen.detection = e.data.at("detection").get<std::size_t>();
  if (e.data.contains("noticed")) {
    const auto noticed = ns_from_json(e.data.at("noticed"));
    if (!noticed) return "`noticed` is no instant";
    seen.wall -= e.at - instant(*noticed);
    seen.at = instant(*noticed);
  }
  if (seen.source.empty()) return "it does not say who saw it";
  const bool first = std::none_of(s.alerts.begin(), s.alerts.end(),
                                  [](const auto& a) { return a.counts && a.source != "person"; });
  if (seen.counts && seen.source != "person" && first)
    s.moments.push_back({"detected", e.step, seen.at, seen.wall});
  s.alerts.push_back(std::move(seen));
  return {};
}

}  // namespace muster::journal
