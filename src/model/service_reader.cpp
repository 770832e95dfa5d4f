#include <fmt/format.h>

#include <algorithm>

#include "base/quantity.hpp"
#include "base/text.hpp"
#include "model/probe_reader.hpp"
#include "model/probe_shapes.hpp"

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
  config::Map map{node, ledger_shape(), out};
  const auto rate = map.or_default<config::Rate>("rate").per_second;
  ledger.rate = std::max(rate, kLedgerRateMin);
  if (rate < kLedgerRateMin)
    out.error(map.value_place("rate"), "a ledger writes once a minute at least", "rate: 20/s");
  ledger.table = map.or_default<std::string>("table");
  if (!is_table(ledger.table))
    out.error(map.value_place("table"), fmt::format("'{}' is not a table's name", ledger.table),
              "small letters, digits and `_`");
  map.finish();
  return ledger;
}

Duration positive(config::Map& map, std::string_view key, Diagnostics& out) {
  const auto value = map.or_default<Duration>(key);
  if (value < kEveryMin)
    out.error(map.value_place(key), fmt::format("`{}` must be at least 1ms", key));
  return std::max(value, kEveryMin);
}

Service read_service(const config::Entry& entry, Diagnostics& out) {
  Service service;
  service.name = {entry.key, entry.place};
  const Shape* shape = config::shape_of(entry.value, service_shapes(), "a service", out);
  if (!shape) return service;
  config::Map map{entry.value, *shape, out};
  service.probe = read_probe(map, *shape, out);
  if (shape->key("ledger"))
    if (const auto* ledger = map.get("ledger")) service.ledger = read_ledger(*ledger, out);
  service.every = positive(map, "every", out);
  service.timeout = positive(map, "timeout", out);
  service.up = map.or_default<UpRule>("up");
  service.warm_up = map.or_default<Duration>("warm_up");
  service.outage = map.word<Outage>(
      "outage", {{"expected", Outage::expected}, {"tolerated", Outage::tolerated}});
  map.finish();
  // With a ledger every probe is a write: its rate is the rhythm.
  if (service.ledger)
    service.every = Duration{static_cast<Duration::rep>(1e9 / service.ledger->rate)};
  if (service.up.window < service.every)
    out.error(entry.place,
              fmt::format("`up` looks at {}, and the probe asks every {}",
                          format_duration(service.up.window), format_duration(service.every)),
              "let the window hold several probes");
  return service;
}

std::optional<UpRule> up_rule(const config::Node& node, Diagnostics& out) {
  const std::string_view text = node.text;
  const auto over = text.find(" over ");
  if (!node.is_scalar() || over == std::string_view::npos) {
    out.error(node.place,
              fmt::format("expected a share over a time, found {}", config::description(node)),
              "write `99% over 10s`");
    return std::nullopt;
  }
  const auto share = parse_percent(trimmed(text.substr(0, over)));
  const auto window = parse_duration(trimmed(text.substr(over + 6)));
  if (!share) out.error(node.place, share.error().what, share.error().hint);
  if (!window) out.error(node.place, window.error().what, window.error().hint);
  if (!share || !window) return std::nullopt;
  if (*share <= 0 || *window <= Duration{})
    out.error(node.place, "`up` needs a share and a time above zero", "write `99% over 10s`");
  return UpRule{*share, *window};
}

}  // namespace

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

namespace muster::config {

template <>
std::optional<model::UpRule> read<model::UpRule>(const Node& node, Diagnostics& out) {
  return model::up_rule(node, out);
}

}  // namespace muster::config
