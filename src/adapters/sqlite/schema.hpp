// The tables of a store; docs/store.md describes them for strangers. A change raises
// kSchemaVersion.
#pragma once
#include <cstdint>

namespace muster::sqlite {

inline constexpr std::int64_t kApplicationId = 0x4d555354;  // "MUST"
inline constexpr std::int64_t kSchemaVersion = 1;

// The triggers are no protection against an owner who means it (the chain and its witnesses are);
// they keep a stray statement from doing what cannot be undone.
inline constexpr const char* kSchema = R"sql(
CREATE TABLE logs (
  log   TEXT PRIMARY KEY,
  size  INTEGER NOT NULL,
  last  BLOB NOT NULL,
  epoch INTEGER NOT NULL
) STRICT;
CREATE TABLE entries (
  log   TEXT NOT NULL,
  seq   INTEGER NOT NULL,
  entry BLOB NOT NULL,
  PRIMARY KEY (log, seq)
) STRICT;
CREATE TABLE rows (
  key   TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE blobs (
  digest TEXT PRIMARY KEY,
  bytes  BLOB NOT NULL
) STRICT;
CREATE TRIGGER entries_stay_as_they_are BEFORE UPDATE ON entries
  BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER blobs_stay_as_they_are BEFORE UPDATE ON blobs
  BEGIN SELECT RAISE(ABORT, 'blobs are never changed'); END;
)sql";

// Taken off and put back within the one transaction that removes what was declared so.
inline constexpr const char* kRemovalRefused = R"sql(
CREATE TRIGGER entries_stay BEFORE DELETE ON entries
  BEGIN SELECT RAISE(ABORT, 'entries are never removed'); END;
CREATE TRIGGER blobs_stay BEFORE DELETE ON blobs
  BEGIN SELECT RAISE(ABORT, 'blobs are never removed'); END;
)sql";
inline constexpr const char* kRemovalPermitted = R"sql(
DROP TRIGGER IF EXISTS entries_stay;
DROP TRIGGER IF EXISTS blobs_stay;
)sql";

}  // namespace muster::sqlite
