#include <array>

#include "tests/fuzz/target.hpp"

namespace muster::fuzz {

std::span<const Target> targets() {
  static constexpr std::array<Target, 14> kTargets{{{"yaml", &yaml},
                                                    {"workspace", &workspace},
                                                    {"inventory", &inventory},
                                                    {"entry", &entry},
                                                    {"record", &record},
                                                    {"note", &note},
                                                    {"persons", &persons},
                                                    {"proof", &proof},
                                                    {"dns", &dns},
                                                    {"answer", &answer},
                                                    {"told", &told},
                                                    {"api", &api},
                                                    {"ssh", &ssh},
                                                    {"word", &word}}};
  return kTargets;
}

}  // namespace muster::fuzz
