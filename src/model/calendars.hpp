// When nothing may be injected: inventory/calendars.yaml names files in iCalendar (RFC 5545). What
// stands in them is read by schedule/freeze.hpp; here is only where they are and whom they bind.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "config/shape.hpp"
#include "model/inventory.hpp"
#include "model/text.hpp"

namespace muster::model {

struct Calendar {
  Located<std::string> name;
  Located<std::string> file;            ///< Absolute, or from the workspace.
  Duration fresh_for{};                 ///< Older than this, it is no longer believed.
  std::vector<Environment> applies_to;  ///< Empty: all of them.

  bool applies(Environment environment) const;
};

struct Calendars {
  std::vector<Calendar> all;
  const Calendar* find(std::string_view name) const;
  std::vector<std::string> names() const;
};

const config::Shape& calendars_file_shape();
const config::Shape& calendar_shape();

/// Adds those of one `calendars:` map.
void read_calendars(const config::Node& node, Calendars& calendars, Diagnostics& out);

}  // namespace muster::model
