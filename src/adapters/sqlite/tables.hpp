// What the store's calls mean in SQL, synchronously. Used by the worker thread alone; throws
// SqlError.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/sqlite/database.hpp"
#include "ports/store.hpp"

namespace muster::sqlite {

/// Why a batch does not land.
struct Refusal {
  ports::Commit as;
  std::string why;
};

class Tables {
 public:
  explicit Tables(Database& db);

  /// Inside a transaction that the caller ends: the batch's writes, or nothing and why. A batch
  /// without a log is blobs alone. An SqlError leaves it to the caller to roll back.
  std::optional<Refusal> apply(const ports::Batch& batch);

  /// Inside a transaction that permits it (schema.hpp) and that the caller ends.
  void erase(const ports::Erasure& what);

  ports::Tip tip(const ports::LogId& log);
  std::vector<ports::Stored> entries(const ports::LogId& log, std::uint64_t from,
                                     std::size_t bytes_max);
  std::vector<ports::Row> scan(const std::string& prefix, const std::string& after,
                               std::size_t rows_max);
  std::optional<std::string> blob(const Digest& name);
  /// Raises the log's epoch by one and makes it the one that writes.
  std::uint64_t hold(const ports::LogId& log);
  /// Of a hold of this connection; nullopt when it does not hold the log.
  std::optional<std::uint64_t> held(const ports::LogId& log) const;
  void release(const ports::LogId& log, std::uint64_t epoch);

 private:
  std::optional<Refusal> obstacle(const ports::Batch& batch);
  std::optional<std::string> row(const std::string& key);
  void append(const ports::Batch& batch);

  Statement tip_, append_, extend_, entries_, row_, put_, erase_, scan_, put_blob_, blob_, hold_,
      erase_entries_, erase_blob_;
  /// Who dies holds nothing any more, and the file's lock says that there is no other: memory is
  /// enough.
  std::map<ports::LogId, std::uint64_t> held_;
};

}  // namespace muster::sqlite
