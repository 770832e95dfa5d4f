#include "adapters/probes/registry.hpp"

#include <array>

#include "adapters/probes/command.hpp"
#include "adapters/probes/http.hpp"
#include "adapters/probes/postgres.hpp"
#include "adapters/probes/tcp.hpp"

namespace muster::probes {
namespace {

struct Line {
  std::string_view kind;
  Asker asker;
};

constexpr std::array kLines{
    Line{"postgres", prepare_query},
    Line{"tcp", prepare_tcp},
    Line{"http", prepare_http},
    Line{"command", prepare_command},
};

}  // namespace

Asker asker(std::string_view kind) {
  for (const auto& line : kLines)
    if (line.kind == kind) return line.asker;
  return nullptr;
}

}  // namespace muster::probes
