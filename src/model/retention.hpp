// How long the record is kept: inventory/retention.yaml. What is past its time `muster audit
// retain` removes, and says so in the record (docs/retention.md). Nothing said: all is kept for
// ever.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "config/shape.hpp"
#include "model/text.hpp"

namespace muster::model {

/// As it was written, and how long that is: "6y" are 6 x 366 days, so that nothing goes too early.
struct Period {
  std::string text;
  Duration length{};
};
/// A whole number of days ("400d") or years ("6y"): at least 30 days, at most 100 years.
Result<Period> parse_period(std::string_view text);

struct Retention {
  std::optional<Period> keep;     ///< a run's whole record, from its end on; none: for ever
  std::optional<Period> samples;  ///< its probe samples alone; none: as long as the record
};

const config::Shape& retention_file_shape();
const config::Shape& retention_shape();

/// The map under `retention:`.
void read_retention(const config::Node& node, Retention& retention, Diagnostics& out);

}  // namespace muster::model
