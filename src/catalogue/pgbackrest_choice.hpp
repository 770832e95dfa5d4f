// Which backups a restore step brings back, and up to which point.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "catalogue/pgbackrest_info.hpp"

namespace muster::catalogue::pgbackrest {

/// `to:`, read: "latest", an RFC 3339 time, "lsn:0/5000028", "name:before_upgrade".
struct Target {
  enum class Kind { latest, immediate, time, lsn, name } kind = Kind::latest;
  std::string text;            // as pgBackRest's --target wants it; "" for latest and immediate
  std::optional<WallTime> at;  // time
  std::uint64_t lsn = 0;       // lsn
  bool operator==(const Target&) const = default;
};
std::string_view name_of(Target::Kind kind);
Result<Target> parse_target(std::string_view to);
/// "0/5000028" as a number; nothing when it is none.
std::optional<std::uint64_t> parse_lsn(std::string_view text);

/// One restore of the step. `immediate` is the backup's own consistency point: with `to: latest`
/// the newest backup recovers to the end of the archive, while the oldest and a random one prove
/// that their own point can be restored (weeks of WAL would not prove more of them).
struct Round {
  Backup backup;
  std::string asked_for;  // "newest"; "oldest, random" when one backup is both
  Target target;
};

/// `wanted`: newest, oldest, random or labels. Backups with page errors, and those that ended after
/// the target, are passed over. `seed` decides `random`, which prefers what lies between.
Result<std::vector<Round>> choose(const Info& info, std::span<const std::string> wanted,
                                  const Target& to, std::uint64_t seed);

}  // namespace muster::catalogue::pgbackrest
