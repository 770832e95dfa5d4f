// A SQLite connection and its statements, as little as Muster needs of them. Errors are thrown as
// SqlError and end in store.cpp. One thread.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace muster::sqlite {

struct SqlError {
  int code;          ///< SQLite's extended result code
  int system_errno;  ///< of the file operation that failed, else 0
  std::string what;
  /// Nothing was written for want of room; a smaller write may succeed.
  bool no_room() const;
};

class Database;

/// Binds as a BLOB; a plain string_view binds as TEXT.
struct Blob {
  std::string_view bytes;
};

/// Prepared once, run often. Bind from 1, read columns from 0.
class Statement {
 public:
  Statement(Database& db, const char* sql);

  /// Forgets the last run and binds anew: run(a, b) binds 1 and 2, and steps once.
  template <class... Values>
  bool run(const Values&... values) {
    reset();
    int i = 0;
    (bind(++i, values), ...);
    return next();
  }
  /// The next row; false when there is none.
  bool next();
  void reset();

  std::int64_t integer(int column) const;
  std::string bytes(int column) const;

 private:
  void bind(int i, std::int64_t value);
  void bind(int i, std::string_view text);
  void bind(int i, const Blob& blob);

  struct Finalize {
    void operator()(sqlite3_stmt* s) const;
  };
  sqlite3* db_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class Database {
 public:
  /// Opens a file that is there, for this connection alone.
  explicit Database(const std::string& path);

  void exec(const std::string& sql);
  std::int64_t integer(const char* sql);
  std::string text(const char* sql);
  /// quick_check, given up after `steps_max` x 1,000 virtual machine instructions. "" = whole or
  /// given up.
  std::string damage(int steps_max);

  bool in_transaction() const;
  /// Undoes an open transaction, if there is one; never throws.
  void rollback() noexcept;
  /// Deleted or replaced under us: what is written now nobody would find.
  bool file_has_moved() const;
  int wal_pages() const { return wal_pages_; }
  /// Moves what the write-ahead log holds into the database file.
  void checkpoint();
  /// The same, all of it, and empties the write-ahead log.
  void checkpoint_whole();
  /// After a failed write: leave the files as they are when closing.
  void abandon() noexcept;

  sqlite3* handle() const { return db_.get(); }
  [[noreturn]] void fail(int code) const;

 private:
  struct Close {
    void operator()(sqlite3* db) const;
  };
  std::unique_ptr<sqlite3, Close> db_;
  int wal_pages_ = 0;
};

}  // namespace muster::sqlite
