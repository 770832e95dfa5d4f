// The embedded store: one SQLite file in the workspace's state folder, for one process
// (ports/store.hpp is the contract). WAL, synchronous=FULL; one connection on a thread of its own;
// what waits shares one transaction, a SAVEPOINT each. docs/store.md describes the file.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "ports/store.hpp"

namespace muster::sqlite {

struct StoreOptions {
  /// The file is not let grow above this; commits then answer `full`.
  std::uint64_t bytes_max = 64ull << 30;
  /// The check of the file at opening is given up after so many x 1,000 SQLite instructions (about
  /// 1 s).
  int check_steps_max = 50'000;
};

class Store final : public ports::Store {
 public:
  /// Hands a function to the engine's thread; called from the worker's.
  using Post = std::function<void(std::function<void()>)>;

  /// Makes folder (0700) and file (0600) if need be, and locks them. Blocks. Errors: another
  /// process holds it (and which), it belongs to another user, is no store, is of a newer muster,
  /// or is damaged.
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder, Post post,
                                             const StoreOptions& options = {});
  /// Finishes what was handed over, hands every answer to `post`, then closes and unlocks. Blocks.
  ~Store() override;

  void commit(ports::Batch batch, ports::OnCommit answer) override;
  void tip(ports::LogId log, ports::OnAnswer<ports::Tip> answer) override;
  void entries(ports::LogId log, std::uint64_t from, std::size_t bytes_max,
               ports::OnAnswer<std::vector<ports::Stored>> answer) override;
  void scan(std::string prefix, std::string after, std::size_t rows_max,
            ports::OnAnswer<std::vector<ports::Row>> answer) override;
  void put_blob(std::string bytes, ports::OnAnswer<Digest> answer) override;
  void blob(Digest name, ports::OnAnswer<std::string> answer) override;
  void erase(ports::Erasure what, ports::OnAnswer<void> answer) override;
  void hold(ports::LogId log, Duration ttl, ports::OnAnswer<std::uint64_t> answer) override;
  void release(ports::LogId log, std::uint64_t epoch, ports::OnAnswer<void> answer) override;

 private:
  class Worker;
  explicit Store(std::unique_ptr<Worker> worker);
  std::unique_ptr<Worker> worker_;
};

/// The file within the folder, and the lock beside it.
inline constexpr const char* kStoreFile = "store.db";
inline constexpr const char* kLockFile = "store.lock";

}  // namespace muster::sqlite
