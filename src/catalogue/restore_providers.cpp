// The explicit registry of restore providers.
#include "catalogue/fault.hpp"
#include "catalogue/pgbackrest_flow.hpp"
#include "catalogue/restore.hpp"
#include "embedded/muster_catalogue.hpp"

namespace muster::catalogue {
namespace {

std::vector<Parameter> pgbackrest_parameters() {
  using enum ParameterType;
  return {
      {"stanza", string, true, "", "the stanza in pgBackRest's configuration on the recovery host"},
      {"to", string, false, "latest",
       "latest, a time (RFC 3339), lsn:0/5000028 or name:RESTORE_POINT"},
      {"backups", list, false, "",
       "newest (when not given), oldest, random, or labels; one after the other"},
      {"cutoff", string, false, "",
       "start: WAL that the repository shows only later does not count"},
      {"validate", list, false, "",
       "checksum, structure, logical (when not given), {query: SQL that must return true}"},
      {"prove_detects", boolean, false, "false", "a damaged copy must fail the same validation"},
      {"age", string, false, "",
       "SQL that returns the time of the newest data, asked of the restored copy"},
      {"database", string, false, "",
       "the database for `age` and queries; not needed when there is only one"},
      {"system_id", string, false, "", "the system identifier that must come back"},
      {"promote", boolean, false, "false",
       "open the restored server to clients and leave it running"},
      {"keep", boolean, false, "false",
       "leave the last copy running, closed to clients, until `teardown`"},
      {"port", integer, false, "", "of the promoted server; 5432, or what service_config says"},
      {"listen", string, false, "",
       "addresses of the promoted server; *, or what service_config says"},
      {"allow", list, false, "",
       "clients of the promoted server: 'DATABASE USER NETWORK METHOD', as in pg_hba.conf"},
      {"service_config", path, false, "",
       "postgresql.conf on the recovery host for the promoted server, instead of port, listen and "
       "allow"},
      {"preload", list, false, "",
       "shared_preload_libraries that the copy may load; none when not given"},
      {"directory", path, false, "",
       "empty or absent directory; /var/lib/muster-restore/EFFECT when not given"},
      {"user", string, false, "postgres", "who owns and runs the restored server"},
      {"superuser", string, false, "postgres",
       "a role of the restored server that may do everything"},
      {"bin", path, false, "", "folder of PostgreSQL's programs, where it is unusual"},
      {"config", path, false, "",
       "pgBackRest's configuration file, where it is unusual (a clean room)"},
      {"repo", integer, false, "", "number of the repository, when there are several"},
      {"processes", integer, false, "",
       "parallel processes of the restore; pgBackRest's configuration decides when not given"},
      {"limit", duration, false, "4h",
       "longest time for a single phase (restore, recovery, one validation)"},
  };
}

std::vector<std::string> pgbackrest_phases(const Values& values) {
  std::vector<std::string> out{"precheck", "discover", "fingerprint", "restore", "start",
                               "ready",    "point",    "validate",    "promote", "remove"};
  // An answer that is not known yet may be yes.
  for (const auto& [parameter, phase] : std::map<std::string, std::string>{
           {"prove_detects", "damage"}, {"promote", "serve"}, {"keep", "leave"}})
    if (const auto it = values.find(parameter); it != values.end() && it->second != "false")
      out.push_back(phase);
  return out;
}

std::vector<std::string> pgbackrest_queries(const Values& values) {
  std::vector<std::string> out;
  for (auto& level : pgbackrest::read_wish(values).levels)
    if (!level.sql.empty()) out.push_back(std::move(level.sql));
  return out;
}

RestoreProvider pgbackrest_provider() {
  RestoreProvider provider;
  provider.name = "pgbackrest";
  provider.title = "PostgreSQL from a pgBackRest repository";
  provider.parameters = pgbackrest_parameters();
  provider.tools = {"pgbackrest", "setpriv", "setsid",    "getent", "readlink",
                    "find",       "awk",     "sha256sum", "df",     "dd"};
  std::string script;
  for (const auto part : {embedded::k_place_sh, embedded::k_postgres_sh,
                          embedded::k_postgres_checks_sh, embedded::k_pgbackrest_sh})
    script += part;
  provider.script = complete_script(script);
  provider.sha256 = sha256(provider.script);
  using enum AskedValue::Form;
  provider.asked = {{"seconds", number}, {"part", number},        {"moment", word},
                    {"repos", plain},    {"bytes", number},       {"version", word},
                    {"label", word},     {"expect_system", word}, {"kind", word},
                    {"target", plain},   {"last_wal", word},      {"level", word},
                    {"sql", query}};
  provider.phases = pgbackrest_phases;
  provider.queries = pgbackrest_queries;
  provider.flow = [](const Values& values, std::uint64_t seed) -> std::unique_ptr<RestoreFlow> {
    return std::make_unique<pgbackrest::Flow>(pgbackrest::read_wish(values), seed);
  };
  provider.check = pgbackrest::problems_of;
  return provider;
}

}  // namespace

const std::map<std::string, RestoreProvider>& restore_providers() {
  static const std::map<std::string, RestoreProvider> providers{
      {"pgbackrest", pgbackrest_provider()}};
  return providers;
}

}  // namespace muster::catalogue
