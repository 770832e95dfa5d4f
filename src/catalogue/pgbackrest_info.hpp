// What `pgbackrest info --output=json` says, as values. The command ends with status 0 even for a
// stanza that does not exist or a repository that refuses us: only `status` tells.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace muster::catalogue::pgbackrest {

/// A database of the stanza in one repository: several after an upgrade, or with several
/// repositories.
struct DatabaseKey {
  std::int64_t id = 0;
  std::int64_t repository = 0;
  auto operator<=>(const DatabaseKey&) const = default;
};

struct Backup {
  std::string label;
  std::string type;  // full, diff, incr
  DatabaseKey database;
  WallTime stopped{};       // its consistency point; whole seconds, the repository host's clock
  std::string lsn_stop;     // "0/5000050"; "" when an old backup does not say
  std::string wal_stop;     // last segment that it needs
  bool error = false;       // pages failed their checksum when it was taken
  std::uint64_t bytes = 0;  // of the restored database
};

struct Database {
  std::string system_id;  // decimal
  std::string version;    // major: "15"
};

struct Info {
  /// pgBackRest's: 0 ok, 1 no such stanza, 2 no valid backup, 3 stanza incomplete; others: could
  /// not tell.
  std::int64_t status = 99;
  std::string message;
  std::vector<Backup> backups;  // by time of their end, oldest first
  std::map<DatabaseKey, Database> databases;
  std::map<DatabaseKey, std::string> archive_max;  // newest WAL segment that the repository shows
  std::vector<std::int64_t> repositories;
};

/// At most 1 MiB and 10,000 backups; anything that is not as documented is an error.
Result<Info> parse_info(std::string_view json, std::string_view stanza);

}  // namespace muster::catalogue::pgbackrest
