// `detect:` of a drill.
#include <fmt/format.h>

#include "model/drill_reader.hpp"
#include "model/shapes.hpp"

namespace muster::model {
namespace {

constexpr std::size_t kDetectsMax = 20;
constexpr std::size_t kLabelsMax = 20;
constexpr std::size_t kNameBytesMax = 200;

Detect read_detect(const config::Node& node, Diagnostics& out) {
  config::Map map{node, detect_shape(), out};
  Detect detect;
  detect.place = node.place;
  detect.alert = map.or_default<std::string>("alert");
  if (detect.alert.size() > kNameBytesMax)
    out.error(map.value_place("alert"), fmt::format("a name of more than {} bytes", kNameBytesMax));
  detect.within = map.located<Duration>("within");
  if (detect.within && **detect.within == Duration{})
    out.error(detect.within->place, "`within` must be above zero");
  detect.step = map.located<std::string>("step");
  detect.by_person = map.word<bool>("by", {{"alert", false}, {"person", true}});
  if (const auto* labels = map.get("labels")) {
    if (!labels->is_map())
      out.error(labels->place, "expected labels (a map), found " + config::description(*labels));
    for (const auto& entry : labels->entries)
      if (const auto value = config::read<std::string>(entry.value, out))
        detect.labels[entry.key] = *value;
    if (detect.by_person)
      out.error(labels->place, "`labels` are of an alert, and this waits for a person");
    if (detect.labels.size() > kLabelsMax)
      out.error(labels->place, fmt::format("more than {} labels", kLabelsMax));
  }
  map.finish();
  if (node.is_map() && detect.alert.empty() && !detect.by_person && !map.has("alert"))
    out.error(node.place, "it names no alert", "alert: NAME, or by: person");
  return detect;
}

}  // namespace

std::vector<Detect> read_detects(const config::Node& node, Diagnostics& out) {
  std::vector<Detect> detects;
  if (!node.is_sequence()) {
    out.error(node.place, "expected a list, found " + config::description(node),
              "detect: [{alert: NAME, within: 5m}]");
    return detects;
  }
  for (const auto& item : node.items) detects.push_back(read_detect(item, out));
  if (detects.size() > kDetectsMax)
    out.error(node.place, fmt::format("more than {} entries", kDetectsMax));
  return detects;
}

}  // namespace muster::model
