#include "model/retention.hpp"

#include <fmt/format.h>

#include <charconv>

#include "config/map.hpp"

namespace muster::model {
namespace {

constexpr int kDaysMin = 30;
constexpr int kDaysMax = 100 * 366;
constexpr const char* kForm = "a number of days or years: 400d, 6y";
constexpr const char* kPattern = "^[1-9][0-9]{0,4}[dy]$";

std::optional<Period> period_at(config::Map& map, std::string_view key, Diagnostics& out) {
  const auto text = map.located<std::string>(key);
  if (!text) return std::nullopt;
  auto period = parse_period(**text);
  if (period) return *std::move(period);
  out.error(text->place, period.error().what, period.error().hint);
  return std::nullopt;
}

}  // namespace

Result<Period> parse_period(std::string_view text) {
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const auto unit = std::string_view{end, text.data() + text.size()};
  if (error != std::errc{} || count <= 0 || text.front() == '0' || (unit != "d" && unit != "y"))
    return Error{fmt::format("'{}' is not a time to keep something", text),
                 std::string{"write "} + kForm};
  const std::int64_t days = unit == "y" ? std::int64_t{count} * 366 : count;
  if (days < kDaysMin || days > kDaysMax)
    return Error{fmt::format("'{}' is not between 30 days and 100 years", text),
                 "what is not to be kept for ever is kept for a month at the least"};
  return Period{std::string{text}, std::chrono::hours{24} * days};
}

const config::Shape& retention_file_shape() {
  using namespace config;
  static const Shape shape = [] {
    Shape one;
    one.name = "retention_file";
    one.what = "a file of retention";
    one.help = "How long the record is kept (docs/retention.md).";
    one.keys = {{"retention", map(retention_shape), kRequired,
                 "what `muster audit retain` goes by; without it all is kept for ever"}};
    return one;
  }();
  return shape;
}

const config::Shape& retention_shape() {
  using namespace config;
  static const Shape shape = [] {
    Shape one;
    one.name = "retention";
    one.what = "retention";
    one.help = "Counted from the end of each run.";
    one.keys = {{"keep", text(kForm, kPattern), kOptional,
                 "the record of a run: entries, plan, scripts, samples; without it for ever"},
                {"samples", text(kForm, kPattern), kOptional,
                 "its probe samples alone, of which entries hold what was measured; without it as "
                 "long as the record"}};
    return one;
  }();
  return shape;
}

void read_retention(const config::Node& node, Retention& retention, Diagnostics& out) {
  config::Map map{node, retention_shape(), out};
  retention.keep = period_at(map, "keep", out);
  retention.samples = period_at(map, "samples", out);
  if (retention.keep && retention.samples && retention.samples->length > retention.keep->length)
    out.error(map.value_place("samples"), "`samples` is longer than `keep`",
              "samples go with the record of their run at the latest");
  map.finish();
}

}  // namespace muster::model
