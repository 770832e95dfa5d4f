// Both stores behind one face, so that one table of expectations serves them.
#pragma once
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "adapters/sqlite/store.hpp"
#include "tests/journal/loop.hpp"
#include "tests/sim/store.hpp"

namespace muster::test {

/// A folder that goes away with the test.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "muster-store-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error{"no scratch folder"};
    path_ = name;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct CommitAnswer {
  ports::Commit commit{};
  std::string why;
};

/// A store, waited for call by call.
class World {
 public:
  virtual ~World() = default;
  virtual ports::Store& store() = 0;
  /// The process ends and another one opens what it left.
  virtual void reopen() = 0;

  CommitAnswer commit(ports::Batch b) {
    return loop.answer<CommitAnswer>([&](auto done) {
      store().commit(std::move(b), [done](ports::Commit c, const std::string& why) {
        done({c, why});
      });
    });
  }
  Result<ports::Tip> tip(const ports::LogId& log) {
    return loop.answer<Result<ports::Tip>>([&](auto done) { store().tip(log, done); });
  }
  Result<std::vector<ports::Stored>> entries(const ports::LogId& log, std::uint64_t from,
                                             std::size_t bytes_max = 1u << 20) {
    return loop.answer<Result<std::vector<ports::Stored>>>(
        [&](auto done) { store().entries(log, from, bytes_max, done); });
  }
  Result<std::vector<ports::Row>> scan(const std::string& prefix, const std::string& after = {},
                                       std::size_t rows_max = 100) {
    return loop.answer<Result<std::vector<ports::Row>>>(
        [&](auto done) { store().scan(prefix, after, rows_max, done); });
  }
  Result<Digest> put_blob(std::string bytes) {
    return loop.answer<Result<Digest>>(
        [&](auto done) { store().put_blob(std::move(bytes), done); });
  }
  Result<std::string> blob(const Digest& name) {
    return loop.answer<Result<std::string>>([&](auto done) { store().blob(name, done); });
  }
  Result<void> erase(const ports::Erasure& what) {
    return loop.answer<Result<void>>([&](auto done) { store().erase(what, done); });
  }
  Result<std::uint64_t> hold(const ports::LogId& log) {
    return loop.answer<Result<std::uint64_t>>(
        [&](auto done) { store().hold(log, std::chrono::seconds{30}, done); });
  }
  Result<void> release(const ports::LogId& log, std::uint64_t epoch) {
    return loop.answer<Result<void>>([&](auto done) { store().release(log, epoch, done); });
  }

  Loop loop;
};

class SimulatedWorld final : public World {
 public:
  explicit SimulatedWorld(sim::StorePlan plan = {}) : plan_(std::move(plan)) { reopen(); }
  ports::Store& store() override { return *store_; }
  void reopen() override {
    store_.reset();
    store_ = std::make_unique<sim::Store>(
        disk, [this](Duration d, std::function<void()> f) { loop.after(d, std::move(f)); }, plan_);
  }
  std::shared_ptr<sim::Disk> disk = std::make_shared<sim::Disk>();

 private:
  sim::StorePlan plan_;
  std::unique_ptr<sim::Store> store_;
};

class SqliteWorld final : public World {
 public:
  explicit SqliteWorld(sqlite::StoreOptions options = {}) : options_(options) { reopen(); }
  ~SqliteWorld() override { store_.reset(); }
  ports::Store& store() override { return *store_; }
  void reopen() override {
    close();
    auto opened = sqlite::Store::open(
        folder(), [this](std::function<void()> f) { loop.post(std::move(f)); }, options_);
    if (!opened) throw std::runtime_error{to_string(opened.error())};
    store_ = std::move(*opened);
  }
  void close() { store_.reset(); }
  std::filesystem::path folder() const { return scratch_.path() / "state"; }
  std::string file() const { return folder() / sqlite::kStoreFile; }

 private:
  ScratchFolder scratch_;
  sqlite::StoreOptions options_;
  std::unique_ptr<sqlite::Store> store_;
};

inline const ports::LogId kLog = "run/1";

inline ports::Batch a_batch(const ports::LogId& log, std::uint64_t epoch, ports::Tip before,
                            std::vector<std::string> entries) {
  ports::Batch b;
  b.log = log;
  b.epoch = epoch;
  b.before = before;
  b.entries = std::move(entries);
  return b;
}

}  // namespace muster::test
