// One question to a service or host, as a file asks it: still with `${…}` in it. What a probe sends
// and how it reads the answer is the catalogue's and the adapters' business.
#pragma once
#include <optional>
#include <string>
#include <variant>

#include "model/command.hpp"

namespace muster::model {

/// Up: the query (else: the connection) succeeds; a first column that says `f` is down.
struct PostgresProbe {
  Text conninfo;  ///< libpq's, or service=…
  std::optional<Text> query;
};
/// Up: the connection is accepted.
struct TcpProbe {
  Text address;  ///< "host:port"
};
/// Up: the status is `status` (nothing: any 2xx), and the body holds `contains` (empty: whatever).
struct HttpProbe {
  Text url;
  std::optional<int> status;
  std::string contains;
};
/// Up: exit 0.
struct CommandProbe {
  Command command;
  std::optional<Located<std::string>> on_host;  ///< A slot; nothing: on the controller.
};

using Probe = std::variant<PostgresProbe, TcpProbe, HttpProbe, CommandProbe>;

/// "postgres", "tcp", "http", "command": also the key in the file.
std::string_view kind(const Probe& probe);

}  // namespace muster::model
