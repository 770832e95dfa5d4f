#include "adapters/probes/registry.hpp"

#include <array>

#include "adapters/probes/askers.hpp"
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
    Line{"postgres", prepare_query},  Line{"mariadb", prepare_mariadb},
    Line{"redis", prepare_redis},     Line{"tcp", prepare_tcp},
    Line{"tls", prepare_tls},         Line{"http", prepare_http},
    Line{"dns", prepare_dns},         Line{"file", prepare_file},
    Line{"command", prepare_command},
};

}  // namespace

Asker asker(std::string_view kind) {
  for (const auto& line : kLines)
    if (line.kind == kind) return line.asker;
  return nullptr;
}

}  // namespace muster::probes
