#include <fmt/format.h>

#include <algorithm>

#include "base/quantity.hpp"
#include "base/text.hpp"
#include "model/probe_reader.hpp"

namespace muster::model {
namespace {

constexpr double kLedgerRateMin = 1.0 / 60;
constexpr Duration kEveryMin = std::chrono::milliseconds{1};

bool is_table(std::string_view name) {
  if (name.empty() || name.size() > 63 || (name[0] >= '0' && name[0] <= '9')) return false;
  for (const char c : name)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  return true;
}

Ledger read_ledger(const config::Node& node, Diagnostics& out) {
  Ledger ledger;
  ledger.place = node.place;
  config::Map map{node, "a ledger", out};
  if (const auto rate = map.located<config::Rate>("rate")) {
    ledger.rate = std::max(rate->value.per_second, kLedgerRateMin);
    if (rate->value.per_second < kLedgerRateMin)
      out.error(rate->place, "a ledger writes once a minute at least", "rate: 20/s");
  }
  if (const auto table = map.located<std::string>("table")) {
    ledger.table = **table;
    if (!is_table(**table))
      out.error(table->place, fmt::format("'{}' is not a table's name", **table),
                "small letters, digits and `_`");
  }
  map.finish();
  return ledger;
}

Duration positive(config::Map& map, std::string_view key, Duration preset, Diagnostics& out) {
  const auto value = map.located<Duration>(key);
  if (value && **value < kEveryMin)
    out.error(value->place, fmt::format("`{}` must be at least 1ms", key));
  return value ? std::max(**value, kEveryMin) : preset;
}

Service read_service(const config::Entry& entry, Diagnostics& out) {
  Service service;
  service.name = {entry.key, entry.place};
  config::Map map{entry.value, "a service", out};
  const auto kind = map.one_of(probe_keys());
  if (!kind.empty()) service.probe = read_probe(map, kind, out);
  if (const auto* ledger = map.get("ledger")) {
    service.ledger = read_ledger(*ledger, out);
    if (kind != "postgres" && !kind.empty())
      out.error(map.key_place("ledger"), "a ledger needs a postgres probe",
                "other ledgers come in a later version");
  }
  service.every = positive(map, "every", service.every, out);
  service.timeout = positive(map, "timeout", service.timeout, out);
  if (const auto* up = map.get("up")) service.up = read_up_rule(*up, out);
  service.warm_up = map.optional_or<Duration>("warm_up", service.warm_up);
  service.outage =
      map.word<Outage>("outage", {{"expected", Outage::expected}, {"tolerated", Outage::tolerated}},
                       Outage::expected);
  map.finish();
  // With a ledger every probe is a write: its rate is the rhythm.
  if (service.ledger)
    service.every = Duration{static_cast<Duration::rep>(1e9 / service.ledger->rate)};
  if (service.up.window < service.every)
    out.error(entry.place,
              fmt::format("`up` looks at {}, and the probe asks every {}",
                          format_duration(service.up.window), format_duration(service.every)),
              "let the window hold several probes");
  if (auto& on_host = service.probe.on_host) {
    out.error(on_host->place, "`on_host` of a service is not in this version",
              "a service is asked by the controller, as its clients would");
    on_host.reset();
  }
  return service;
}

}  // namespace

UpRule read_up_rule(const config::Node& node, Diagnostics& out) {
  UpRule rule;
  const std::string_view text = node.text;
  const auto over = text.find(" over ");
  if (!node.is_scalar() || over == std::string_view::npos) {
    out.error(node.place,
              fmt::format("expected a share over a time, found {}", config::description(node)),
              "write `99% over 10s`");
    return rule;
  }
  const auto share = parse_percent(trimmed(text.substr(0, over)));
  const auto window = parse_duration(trimmed(text.substr(over + 6)));
  if (!share) out.error(node.place, share.error().what, share.error().hint);
  if (!window) out.error(node.place, window.error().what, window.error().hint);
  if (!share || !window) return rule;
  if (*share <= 0 || *window <= Duration{})
    out.error(node.place, "`up` needs a share and a time above zero", "write `99% over 10s`");
  return {*share, *window};
}

std::vector<Service> read_services(const config::Node& node, Diagnostics& out) {
  std::vector<Service> services;
  if (!node.is_map())
    out.error(node.place, "expected services (a map), found " + config::description(node));
  for (const auto& entry : node.entries) {
    if (!config::is_name(entry.key) || entry.key == "restore" || entry.key == "data_age")
      out.error(entry.place, fmt::format("`{}` cannot be a service's name", entry.key),
                "objectives use `restore` and `data_age` for themselves");
    services.push_back(read_service(entry, out));
  }
  return services;
}

}  // namespace muster::model
