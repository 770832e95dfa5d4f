// Prometheus' text exposition format 0.0.4, written: families with help and type, samples with
// escaped labels. Values are whole numbers or seconds with their nanoseconds, so that none is
// printed through floating point. Pure.
// Source: prometheus.io/docs/instrumenting/exposition_formats.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace muster::history {

using Labels = std::vector<std::pair<std::string_view, std::string>>;

class Exposition {
 public:
  /// Once a family, before its samples; a family that gets none is left out. `type`: gauge or
  /// counter.
  void family(std::string_view name, std::string_view type, std::string_view help);
  void sample(const Labels& labels, std::uint64_t value);
  void seconds(const Labels& labels, Duration value);
  void timestamp(const Labels& labels, WallTime value) {
    seconds(labels, value.time_since_epoch());
  }
  std::string text() && { return std::move(text_); }

 private:
  void line(const Labels& labels, const std::string& value);
  std::string name_, head_, text_;
};

}  // namespace muster::history
