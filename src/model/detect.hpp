// What a drill expects monitoring, or people, to notice: `detect:` (docs/measurement.md).
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "model/text.hpp"

namespace muster::model {

struct Detect {
  Place place;
  std::string alert;                          ///< Its name; of `by: person` it may be empty.
  std::map<std::string, std::string> labels;  ///< All of them must be as here.
  std::optional<Located<Duration>> within;    ///< Nothing: reported, not judged.
  std::optional<Located<std::string>> step;   ///< Id of an inject step; nothing: the first fault.
  bool by_person = false;                     ///< Somebody says that they noticed.
};

}  // namespace muster::model
