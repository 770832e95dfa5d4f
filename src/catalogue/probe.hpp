// A probe: one question to a service or a host, an answer, and its evidence. These are only the
// questions; adapters/probes asks them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"

namespace muster::catalogue {

/// Up when the query returns within the time-out; when it returns one boolean, that must be true.
struct PostgresProbe {
  std::string conninfo;  // libpq conninfo or URI; a password comes from the user's own pgpass or
                         // service file
  std::string query = "select 1";
  bool operator==(const PostgresProbe&) const = default;
};
/// Up when a TCP connection is accepted.
struct TcpProbe {
  std::string host;
  std::uint16_t port = 0;
  bool operator==(const TcpProbe&) const = default;
};
/// Up when the response has the status (0: any 2xx) and, if given, contains the text.
struct HttpProbe {
  std::string url;  // http:// (https:// comes with the tls probe)
  int status = 0;
  std::string contains;
  bool operator==(const HttpProbe&) const = default;
};
/// Up when the command, run on the controller without a shell, exits 0.
struct CommandProbe {
  std::vector<std::string> argv;
  bool operator==(const CommandProbe&) const = default;
};

using ProbeSpec = std::variant<PostgresProbe, TcpProbe, HttpProbe, CommandProbe>;

/// Acknowledged writes through the service's own door, one table row each (reference: measurement,
/// "RPA").
struct LedgerSpec {
  double writes_per_second = 10;
  std::string table = "muster_ledger";  // created when absent; an identifier, never parsed as SQL
  bool operator==(const LedgerSpec&) const = default;
};

/// "postgres", "tcp", "http", "command"
std::string_view kind_of(const ProbeSpec& spec);
/// For people: "postgres host=lb-1 …: select 1". Passwords in a conninfo are masked.
std::string describe(const ProbeSpec& spec);

}  // namespace muster::catalogue
