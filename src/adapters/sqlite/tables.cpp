#include "adapters/sqlite/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/text.hpp"

namespace muster::sqlite {
namespace {

using ports::Commit;

std::int64_t signed_of(std::uint64_t n) {
  return static_cast<std::int64_t>(
      std::min<std::uint64_t>(n, std::numeric_limits<std::int64_t>::max()));
}

}  // namespace

Tables::Tables(Database& db)
    : tip_(db, "SELECT size, last FROM logs WHERE log = ?1"),
      append_(db, "INSERT INTO entries (log, seq, entry) VALUES (?1, ?2, ?3)"),
      extend_(db, "UPDATE logs SET size = ?2, last = ?3 WHERE log = ?1"),
      entries_(db, "SELECT seq, entry FROM entries WHERE log = ?1 AND seq >= ?2 ORDER BY seq"),
      row_(db, "SELECT value FROM rows WHERE key = ?1"),
      put_(db,
           "INSERT INTO rows (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = "
           "?2"),
      erase_(db, "DELETE FROM rows WHERE key = ?1"),
      scan_(db, "SELECT key, value FROM rows WHERE key > ?1 AND key >= ?2 ORDER BY key LIMIT ?3"),
      put_blob_(
          db, "INSERT INTO blobs (digest, bytes) VALUES (?1, ?2) ON CONFLICT (digest) DO NOTHING"),
      blob_(db, "SELECT bytes FROM blobs WHERE digest = ?1"),
      hold_(db,
            "INSERT INTO logs (log, size, last, epoch) VALUES (?1, 0, zeroblob(32), 1)"
            " ON CONFLICT (log) DO UPDATE SET epoch = epoch + 1 RETURNING epoch"),
      erase_entries_(db, "DELETE FROM entries WHERE log = ?1"),
      erase_blob_(db, "DELETE FROM blobs WHERE digest = ?1") {}

std::optional<Refusal> Tables::apply(const ports::Batch& batch) {
  if (!batch.log.empty())
    if (auto why_not = obstacle(batch)) return why_not;
  for (const auto& bytes : batch.blobs) put_blob_.run(hex(sha256(bytes)), Blob{bytes});
  if (!batch.entries.empty()) append(batch);
  for (const auto& p : batch.puts)
    if (p.to)
      put_.run(p.key, Blob{*p.to});
    else
      erase_.run(p.key);
  return std::nullopt;
}

std::optional<Refusal> Tables::obstacle(const ports::Batch& batch) {
  if (held(batch.log) != batch.epoch)
    return Refusal{Commit::fenced,
                   fmt::format("the log '{}' is not held at epoch {}", batch.log, batch.epoch)};
  if (const auto now = tip(batch.log); now != batch.before)
    return Refusal{Commit::conflict, fmt::format("the log '{}' has {} entries, expected {}",
                                                 batch.log, now.size, batch.before.size)};
  for (const auto& g : batch.guards)
    if (row(g.key) != g.was)
      return Refusal{Commit::conflict,
                     fmt::format("the row '{}' is not as expected", printable(g.key))};
  return std::nullopt;
}

void Tables::append(const ports::Batch& batch) {
  const ports::Tip after = ports::extended(batch.before, batch.entries);
  std::uint64_t seq = batch.before.size;
  for (const auto& entry : batch.entries) append_.run(batch.log, signed_of(seq++), Blob{entry});
  extend_.run(batch.log, signed_of(after.size), Blob{view(after.last)});
}

void Tables::erase(const ports::Erasure& what) {
  for (const auto& log : what.logs) erase_entries_.run(log);
  for (const auto& blob : what.blobs) erase_blob_.run(hex(blob));
  for (const auto& row : what.rows) erase_.run(row);
}

ports::Tip Tables::tip(const ports::LogId& log) {
  ports::Tip t;
  if (!tip_.run(log)) return t;
  t.size = static_cast<std::uint64_t>(tip_.integer(0));
  const std::string last = tip_.bytes(1);
  std::copy_n(last.begin(), std::min(last.size(), t.last.bytes.size()), t.last.bytes.begin());
  tip_.reset();
  return t;
}

std::vector<ports::Stored> Tables::entries(const ports::LogId& log, std::uint64_t from,
                                           std::size_t bytes_max) {
  std::vector<ports::Stored> found;
  std::size_t bytes = 0;
  for (bool more = entries_.run(log, signed_of(from)); more; more = entries_.next()) {
    ports::Stored e{static_cast<std::uint64_t>(entries_.integer(0)), entries_.bytes(1)};
    bytes += e.bytes.size();
    if (!found.empty() && bytes > bytes_max) break;
    found.push_back(std::move(e));
  }
  entries_.reset();
  return found;
}

std::optional<std::string> Tables::row(const std::string& key) {
  if (!row_.run(key)) return std::nullopt;
  std::string value = row_.bytes(0);
  row_.reset();
  return value;
}

std::vector<ports::Row> Tables::scan(const std::string& prefix, const std::string& after,
                                     std::size_t rows_max) {
  std::vector<ports::Row> found;
  for (bool more = scan_.run(after, prefix, signed_of(rows_max)); more; more = scan_.next()) {
    ports::Row r{scan_.bytes(0), scan_.bytes(1)};
    if (!r.key.starts_with(prefix)) break;
    found.push_back(std::move(r));
  }
  scan_.reset();
  return found;
}

std::optional<std::string> Tables::blob(const Digest& name) {
  if (!blob_.run(hex(name))) return std::nullopt;
  std::string bytes = blob_.bytes(0);
  blob_.reset();
  return bytes;
}

std::uint64_t Tables::hold(const ports::LogId& log) {
  hold_.run(log);
  const auto epoch = static_cast<std::uint64_t>(hold_.integer(0));
  hold_.reset();
  return held_[log] = epoch;
}

std::optional<std::uint64_t> Tables::held(const ports::LogId& log) const {
  const auto at = held_.find(log);
  if (at == held_.end()) return std::nullopt;
  return at->second;
}

void Tables::release(const ports::LogId& log, std::uint64_t epoch) {
  if (held(log) == epoch) held_.erase(log);
}

}  // namespace muster::sqlite
