#include "adapters/probes/ledger_table.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace muster::probes {
namespace {

bool is_identifier(std::string_view name) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  const auto follows = [&](char c) { return plain(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= 63 && plain(name[0]) &&
         std::all_of(name.begin(), name.end(), follows);
}

}  // namespace

Result<LedgerSql> ledger_sql(std::string_view table) {
  auto parts = split(table, '.');
  if (parts.size() > 2 || !std::all_of(parts.begin(), parts.end(), is_identifier))
    return Error{"'" + bounded(printable(table), 80) + "' cannot be the ledger's table",
                 "expected NAME or SCHEMA.NAME of a-z, 0-9 and _"};
  // PQescapeIdentifier needs a connection for its encoding; of these characters it would only add
  // the quotes.
  for (auto& part : parts) part = '"' + part + '"';
  const auto name = joined(parts, ".");
  return LedgerSql{
      "create table if not exists " + name +
          " (n bigint not null, run text not null, mac text not null,"
          " at timestamptz not null default clock_timestamp())",
      "insert into " + name + " (n, run, mac) values ($1::bigint, $2::text, $3::text)",
      "select n, mac, count(*) from " + name + " where run = $1::text group by n, mac",
  };
}

std::string ledger_mac(std::string_view key, std::string_view run, std::uint64_t n) {
  return hex(hmac_sha256(key, std::string{run} + std::to_string(n)));
}

}  // namespace muster::probes
