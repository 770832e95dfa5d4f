#include "adapters/sqlite/record.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "adapters/sqlite/schema.hpp"
#include "adapters/sqlite/state_folder.hpp"

namespace muster::sqlite {
namespace {

using ports::Commit;

constexpr int kCheckpointPages = 1'000;
constexpr std::uint64_t kPageBytes = 4'096;

/// The file with its rights, made before SQLite sees it (which would ask the umask), and its name
/// durable.
Result<void> make_private_file(const std::filesystem::path& folder, const std::string& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return Error{fmt::format("the store '{}' cannot be opened: {}", path, std::strerror(errno))};
  struct stat is {};
  const bool ours =
      fstat(fd, &is) == 0 && S_ISREG(is.st_mode) && is.st_uid == geteuid() && fchmod(fd, 0600) == 0;
  close(fd);
  if (!ours) return Error{fmt::format("the store '{}' is no file of the user who runs this", path)};
  const int dir = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool durable = dir >= 0 && fsync(dir) == 0;
  if (dir >= 0) close(dir);
  if (!durable)
    return Error{fmt::format("the folder '{}' cannot be made durable", folder.string())};
  return {};
}

/// Looks before it writes: another program's database is left as it is.
Result<void> prepare(Database& db, const std::string& path, const StoreOptions& options) {
  const auto application = db.integer("PRAGMA application_id");
  const auto version = db.integer("PRAGMA user_version");
  const bool fresh =
      application == 0 && version == 0 && db.integer("SELECT count(*) FROM sqlite_schema") == 0;
  if (!fresh && application != kApplicationId)
    return Error{fmt::format("'{}' is a database, but no store of Muster", path), "move it away"};
  if (!fresh && version != kSchemaVersion)
    return Error{
        fmt::format("the store '{}' has version {}, expected {}", path, version, kSchemaVersion),
        "use the muster that wrote it"};
  if (db.text("PRAGMA journal_mode=WAL") != "wal")
    return Error{fmt::format("the store '{}' cannot use a write-ahead log here", path),
                 "put the state folder on a local disk"};
  db.exec("PRAGMA synchronous=FULL");
  db.exec(fmt::format("PRAGMA max_page_count={}", options.bytes_max / kPageBytes));
  if (fresh)
    db.exec(fmt::format(
        "BEGIN IMMEDIATE; PRAGMA application_id={}; PRAGMA user_version={}; {} {} COMMIT",
        kApplicationId, kSchemaVersion, kSchema, kRemovalRefused));
  if (const auto damage = db.damage(options.check_steps_max); !damage.empty())
    return Error{fmt::format("the store '{}' is damaged: {}", path, damage),
                 "keep a copy of the folder, then recover what is readable with sqlite3 .recover"};
  return {};
}

}  // namespace

Result<std::unique_ptr<Record>> Record::open(const std::filesystem::path& folder,
                                             const StoreOptions& options) {
  if (const auto made = make_private_folder(folder); !made) return made.error();
  auto lock = LockFile::take(folder / kLockFile);
  if (!lock) return lock.error();
  const std::string path = folder / kStoreFile;
  if (const auto made = make_private_file(folder, path); !made) return made.error();
  try {
    auto db = std::make_unique<Database>(path);
    if (const auto ready = prepare(*db, path, options); !ready) return ready.error();
    return std::unique_ptr<Record>{new Record{std::move(*lock), std::move(db)}};
  } catch (const SqlError& e) {
    return Error{fmt::format("the store '{}' cannot be opened: {}", path, e.what)};
  }
}

Record::~Record() = default;

void Record::poison(const std::string& why) {
  if (!poisoned_.empty()) return;
  poisoned_ = why + "; the store must be opened again";
  db_->rollback();
  db_->abandon();
}

void Record::check_writable() {
  // Writing on into a file that somebody deleted looks like success and leaves no record.
  if (poisoned_.empty() && db_->file_has_moved())
    poison("the store's file was deleted or replaced");
}

std::vector<Outcome> Record::commit(const std::vector<const ports::Batch*>& batches) {
  check_writable();
  std::vector<Outcome> outcomes(batches.size(), Outcome{Commit::failed, poisoned_});
  if (!poisoned_.empty()) return outcomes;
  try {
    return transaction(batches);
  } catch (const SqlError& e) {
    db_->rollback();
    if (!e.no_room()) poison(e.what);
    for (auto& o : outcomes)
      o = Outcome{poisoned_.empty() ? Commit::full : Commit::failed,
                  poisoned_.empty() ? e.what : poisoned_};
  }
  if (!poisoned_.empty() || batches.size() == 1) return outcomes;
  // A large one among them must not keep a small one from being written: it may say that a fault is
  // undone.
  for (std::size_t i = 0; i < batches.size(); ++i) outcomes[i] = commit({batches[i]}).front();
  return outcomes;
}

std::vector<Outcome> Record::transaction(const std::vector<const ports::Batch*>& batches) {
  std::vector<Outcome> outcomes;
  db_->exec("BEGIN IMMEDIATE");
  for (const ports::Batch* batch : batches) {
    db_->exec("SAVEPOINT batch");
    if (auto refused = tables_.apply(*batch)) {
      db_->exec("ROLLBACK TO batch");
      outcomes.push_back(Outcome{refused->as, std::move(refused->why)});
    } else {
      outcomes.push_back({});
    }
    db_->exec("RELEASE batch");
  }
  db_->exec("COMMIT");
  return outcomes;
}

Result<std::uint64_t> Record::hold(const ports::LogId& log) {
  check_writable();
  if (const auto epoch = tables_.held(log)) return *epoch;
  if (!poisoned_.empty()) return Error{"the log cannot be held: " + poisoned_};
  try {
    return tables_.hold(log);
  } catch (const SqlError& e) {
    db_->rollback();
    if (!e.no_room()) poison(e.what);
    return Error{"the log cannot be held: " + e.what};
  }
}

Result<void> Record::erase(const ports::Erasure& what) {
  check_writable();
  if (!poisoned_.empty()) return Error{"nothing was removed: " + poisoned_};
  for (const auto& log : what.logs)
    if (tables_.held(log))
      return Error{fmt::format("nothing was removed: the log '{}' is being written", log)};
  try {
    // What is removed is overwritten, in the file and in the write-ahead log beside it.
    db_->exec("PRAGMA secure_delete=ON");
    db_->exec(std::string{"BEGIN IMMEDIATE;"} + kRemovalPermitted);
    tables_.erase(what);
    db_->exec(std::string{kRemovalRefused} + "COMMIT");
    // Pages that were split earlier keep copies of what stood in them: all are written anew.
    if (what.thorough) db_->exec("VACUUM");
    db_->checkpoint_whole();
    return {};
  } catch (const SqlError& e) {
    db_->rollback();
    if (!e.no_room()) poison(e.what);
    return Error{"it is not certain that all was removed: " + e.what,
                 "the same command once more goes on with it"};
  }
}

void Record::checkpoint_if_due() {
  if (!poisoned_.empty() || db_->wal_pages() < kCheckpointPages) return;
  try {
    db_->checkpoint();
  } catch (const SqlError& e) {
    if (!e.no_room()) poison(e.what);
  }
}

}  // namespace muster::sqlite
