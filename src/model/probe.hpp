// One question to a service or host, as a file asks it: still with `${…}` in it. Which kinds there
// are, and what each may be told, is declared in catalogue/probe.hpp.
#pragma once
#include <optional>
#include <string>

#include "catalogue/probe.hpp"
#include "model/value.hpp"

namespace muster::model {

struct Probe {
  Place place;
  const catalogue::ProbeKind* kind = nullptr;  ///< nullptr only after an error.
  Fields values;
  std::optional<Located<std::string>> on_host;  ///< A slot; nothing: on the controller.
};

}  // namespace muster::model
