#include "adapters/sqlite/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>

namespace muster::sqlite {
namespace {

[[noreturn]] void fail(sqlite3* db, int code) {
  const std::string text = db ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  throw SqlError{db ? sqlite3_extended_errcode(db) : code, db ? sqlite3_system_errno(db) : 0,
                 fmt::format("{} (SQLite {})", text, code)};
}

}  // namespace

bool SqlError::no_room() const {
  if ((code & 0xff) == SQLITE_FULL) return true;
  // SQLite calls a used-up quota an I/O error.
  return code == SQLITE_IOERR_WRITE && (system_errno == EDQUOT || system_errno == ENOSPC);
}

Statement::Statement(Database& db, const char* sql) : db_(db.handle()) {
  sqlite3_stmt* s = nullptr;
  if (const int code = sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &s, nullptr))
    fail(db_, code);
  statement_.reset(s);
}

void Statement::Finalize::operator()(sqlite3_stmt* s) const {
  sqlite3_finalize(s);
}

bool Statement::next() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) {
    const SqlError problem{sqlite3_extended_errcode(db_), sqlite3_system_errno(db_),
                           fmt::format("{} (SQLite {})", sqlite3_errmsg(db_), code)};
    sqlite3_reset(statement_.get());
    throw problem;
  }
  // Reset at once: a statement that is still running would keep its transaction open.
  sqlite3_reset(statement_.get());
  return false;
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
}

void Statement::bind(int i, std::int64_t value) {
  if (const int code = sqlite3_bind_int64(statement_.get(), i, value)) fail(db_, code);
}

void Statement::bind(int i, std::string_view text) {
  if (const int code = sqlite3_bind_text64(statement_.get(), i, text.data(), text.size(),
                                           SQLITE_TRANSIENT, SQLITE_UTF8))
    fail(db_, code);
}

void Statement::bind(int i, const Blob& blob) {
  // A null pointer would bind NULL, an empty blob is not that.
  const char* data = blob.bytes.empty() ? "" : blob.bytes.data();
  if (const int code =
          sqlite3_bind_blob64(statement_.get(), i, data, blob.bytes.size(), SQLITE_TRANSIENT))
    fail(db_, code);
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return data ? std::string(static_cast<const char*>(data), static_cast<std::size_t>(size))
              : std::string{};
}

void Database::Close::operator()(sqlite3* db) const {
  sqlite3_close_v2(db);
}

Database::Database(const std::string& path) {
  sqlite3* db = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  db_.reset(db);
  if (code) fail(code);
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, 2'000);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  // Exclusive: no shared-memory file, and no second connection (which SQLite 3.40's WAL reset
  // cannot bear). No automatic checkpoints: SQLite ignores their errors, and an fsync that failed
  // unnoticed loses data.
  exec(
      "PRAGMA locking_mode=EXCLUSIVE; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
      "PRAGMA wal_autocheckpoint=0");
  sqlite3_wal_hook(
      db,
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<Database*>(self)->wal_pages_ = pages;
        return SQLITE_OK;
      },
      this);
}

void Database::fail(int code) const {
  sqlite::fail(db_.get(), code);
}

void Database::exec(const std::string& sql) {
  if (const int code = sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr)) fail(code);
}

std::int64_t Database::integer(const char* sql) {
  Statement s{*this, sql};
  return s.next() ? s.integer(0) : 0;
}

std::string Database::text(const char* sql) {
  Statement s{*this, sql};
  return s.next() ? s.bytes(0) : std::string{};
}

std::string Database::damage(int steps_max) {
  int left = steps_max;
  sqlite3_progress_handler(
      handle(), 1'000, [](void* steps) { return --*static_cast<int*>(steps) < 0 ? 1 : 0; }, &left);
  std::string said;
  try {
    said = text("PRAGMA quick_check(1)");
  } catch (const SqlError& e) {
    said = (e.code & 0xff) == SQLITE_INTERRUPT ? "ok" : e.what;
  }
  sqlite3_progress_handler(handle(), 0, nullptr, nullptr);
  return said == "ok" ? std::string{} : said;
}

bool Database::in_transaction() const {
  return sqlite3_get_autocommit(handle()) == 0;
}

void Database::rollback() noexcept {
  if (in_transaction()) sqlite3_exec(handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

bool Database::file_has_moved() const {
  int moved = 0;
  sqlite3_file_control(handle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return moved != 0;
}

void Database::checkpoint() {
  wal_pages_ = 0;
  if (const int code =
          sqlite3_wal_checkpoint_v2(handle(), "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr))
    fail(code);
}

void Database::checkpoint_whole() {
  wal_pages_ = 0;
  if (const int code =
          sqlite3_wal_checkpoint_v2(handle(), "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr))
    fail(code);
}

void Database::abandon() noexcept {
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

}  // namespace muster::sqlite
