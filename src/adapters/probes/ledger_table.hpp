// The ledger's SQL and its proof of origin; what a stranger needs to check a read-back by hand.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace muster::probes {

/// SQLSTATE of a table that does not exist.
inline constexpr std::string_view kUndefinedTable = "42P01";

struct LedgerSql {
  std::string
      create;  // no parameters; no unique constraint: a write that was done twice must be seen
  std::string insert;  // $1 n, $2 run, $3 mac
  std::string select;  // $1 run; n, mac, count
};

/// `table`: NAME or SCHEMA.NAME, each [a-z_][a-z0-9_]*, at most 63 bytes. It is quoted all the
/// same.
Result<LedgerSql> ledger_sql(std::string_view table);

/// HMAC-SHA256(key, run || n in decimal), in hex.
std::string ledger_mac(std::string_view key, std::string_view run, std::uint64_t n);

}  // namespace muster::probes
