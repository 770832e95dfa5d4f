#include "adapters/probes/pg_options.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "base/text.hpp"

namespace muster::probes {
namespace {

PgOptions taken(PQconninfoOption* raw) {
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> owner{raw, ::PQconninfoFree};
  PgOptions options;
  for (auto* o = raw; o != nullptr && o->keyword != nullptr; ++o)
    if (o->val != nullptr && *o->val != '\0') options.emplace_back(o->keyword, o->val);
  return options;
}

std::string value_of(const PgOptions& options, std::string_view keyword, const char* variable) {
  for (const auto& [key, value] : options)
    if (key == keyword) return value;
  const char* set = variable != nullptr ? std::getenv(variable) : nullptr;
  return set != nullptr ? set : "";
}

void put(PgOptions& options, std::string_view keyword, std::string value) {
  std::erase_if(options, [&](const auto& o) { return o.first == keyword; });
  if (!value.empty()) options.emplace_back(keyword, std::move(value));
}

/// libpq reads service files only while it connects: let it, and ask what it understood.
PgOptions through_service(const std::string& conninfo) {
  const std::unique_ptr<PGconn, void (*)(PGconn*)> connection{::PQconnectStart(conninfo.c_str()),
                                                              ::PQfinish};
  PgOptions options = connection ? taken(::PQconninfo(connection.get())) : PgOptions{};
  put(options, "service", "");
  return options;
}

struct Hosts {
  std::vector<std::string> names, addresses, ports;
};

/// One entry a pair of host and address; a socket's folder has no address.
Result<std::optional<Hosts>> expanded(const std::vector<std::string>& hosts,
                                      const std::vector<std::string>& ports, Names names) {
  Hosts result;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const std::string& port = ports.size() == 1 ? ports[0] : ports[i];
    std::vector<std::string> addresses{""};
    if (!hosts[i].empty() && hosts[i][0] != '/' && hosts[i][0] != '@') {
      const auto found = addresses_of(hosts[i], names);
      if (!found) return found.error();
      if (!*found) return std::optional<Hosts>{};
      addresses = **found;
    }
    for (auto& address : addresses) {
      result.names.push_back(hosts[i]);
      result.addresses.push_back(std::move(address));
      result.ports.push_back(port);
    }
  }
  return std::optional{std::move(result)};
}

Result<std::optional<PgOptions>> pinned(PgOptions options, Names names) {
  const auto host = value_of(options, "host", "PGHOST");
  if (host.empty() || !value_of(options, "hostaddr", "PGHOSTADDR").empty())
    return std::optional{std::move(options)};
  const auto hosts = split(host, ',');
  const auto ports = split(value_of(options, "port", "PGPORT"), ',');
  if (ports.size() != 1 && ports.size() != hosts.size())
    return Error{"the conninfo has " + std::to_string(hosts.size()) + " hosts and " +
                     std::to_string(ports.size()) + " ports",
                 "give one port, or one for each host"};
  auto list = expanded(hosts, ports, names);
  if (!list) return list.error();
  if (!*list) return std::optional<PgOptions>{};
  const auto& addresses = (*list)->addresses;
  if (std::all_of(addresses.begin(), addresses.end(), [](const auto& a) { return a.empty(); }))
    return std::optional{std::move(options)};
  put(options, "host", joined((*list)->names, ","));
  put(options, "hostaddr", joined(addresses, ","));
  if (ports.size() > 1) put(options, "port", joined((*list)->ports, ","));
  return std::optional{std::move(options)};
}

}  // namespace

Result<std::optional<PgOptions>> pinned_options(const std::string& conninfo, Names names) {
  char* raw_error = nullptr;
  PQconninfoOption* raw = ::PQconninfoParse(conninfo.c_str(), &raw_error);
  const std::unique_ptr<char, void (*)(void*)> error{raw_error, ::PQfreemem};
  // libpq's message is not repeated: it quotes what it stumbled over, which may be a password.
  if (raw == nullptr)
    return Error{"the conninfo of a postgres probe is not one that libpq reads",
                 "expected 'host=… dbname=… user=…' or postgresql://…; try it with psql"};
  PgOptions options = taken(raw);
  if (!value_of(options, "service", "PGSERVICE").empty()) {
    if (names == Names::numeric_only) return std::optional<PgOptions>{};
    options = through_service(conninfo);
  }
  if (value_of(options, "application_name", "PGAPPNAME").empty())
    put(options, "fallback_application_name", "muster");
  return pinned(std::move(options), names);
}

}  // namespace muster::probes
