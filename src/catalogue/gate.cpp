#include "catalogue/gate.hpp"

#include <string>

#include "embedded/muster_catalogue.hpp"

namespace muster::catalogue {

std::string_view gate_functions() {
  static const std::string text = [] {
    std::string all;
    for (const auto part : {embedded::k_gate_begin_sh, embedded::k_gate_frame_sh,
                            embedded::k_gate_allow_sh, embedded::k_gate_serve_sh})
      all += part;
    return all;
  }();
  return text;
}

}  // namespace muster::catalogue
