// The opened store file: its lock, its connection, and what happens to it when a write fails.
// Synchronous; the worker thread's.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "adapters/sqlite/lock_file.hpp"
#include "adapters/sqlite/store.hpp"
#include "adapters/sqlite/tables.hpp"

namespace muster::sqlite {

struct Outcome {
  ports::Commit commit = ports::Commit::durable;
  std::string why;
};

class Record {
 public:
  static Result<std::unique_ptr<Record>> open(const std::filesystem::path& folder,
                                              const StoreOptions& options);
  ~Record();

  /// One transaction for all; when there is no room for all of them, one each.
  std::vector<Outcome> commit(const std::vector<const ports::Batch*>& batches);
  Result<std::uint64_t> hold(const ports::LogId& log);
  Result<void> erase(const ports::Erasure& what);
  /// When due; an error poisons.
  void checkpoint_if_due();

  /// Reads, also when poisoned: what must be undone is still wanted.
  template <class F>
  auto read(F f) -> Result<decltype(f(std::declval<Tables&>()))> {
    try {
      return f(tables_);
    } catch (const SqlError& e) {
      return Error{"the store cannot be read: " + e.what};
    }
  }
  void release(const ports::LogId& log, std::uint64_t epoch) { tables_.release(log, epoch); }

 private:
  Record(LockFile lock, std::unique_ptr<Database> db)
      : lock_(std::move(lock)), db_(std::move(db)), tables_(*db_) {}
  std::vector<Outcome> transaction(const std::vector<const ports::Batch*>& batches);
  void check_writable();
  void poison(const std::string& why);

  LockFile lock_;
  std::unique_ptr<Database> db_;  ///< stays where it is: SQLite's hook points at it
  Tables tables_;
  std::string poisoned_;  ///< why; empty while writing is safe
};

}  // namespace muster::sqlite
