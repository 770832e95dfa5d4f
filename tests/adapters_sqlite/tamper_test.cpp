// An owner of the machine with the sqlite3 shell, against the chain. What is within the log is
// found; a tail that is cut off cleanly is not, without somebody who has seen it.
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "journal/logs.hpp"
#include "journal/reader.hpp"
#include "journal/verify.hpp"
#include "journal/writer.hpp"
#include "tests/adapters_sqlite/worlds.hpp"
#include "tests/catch.hpp"
#include "tests/journal/records.hpp"

using namespace muster;
using namespace muster::journal;
using test::SqliteWorld;

namespace {

const std::string kRun = test::a_run().run;
const ports::LogId kRunLog = run_log(kRun);

/// A store with eight entries, written the way the engine writes them.
void fill(SqliteWorld& w) {
  Writer writer{w.store(), kRunLog, test::a_run(), Writes::build_on};
  int left = 8;
  writer.open(std::chrono::seconds{30}, [](const Result<ports::Tip>& tip) { REQUIRE(tip); });
  for (int i = 0; i < 8; ++i) {
    Write one;
    one.drafts.push_back(test::a_draft(kinds::kStepStarted, "step-" + std::to_string(i)));
    REQUIRE(writer.write(one, [&](const Written& written) {
      CHECK(written.commit == ports::Commit::durable);
      --left;
    }));
  }
  w.loop.until([&] { return left == 0; });
}

Verified verified(SqliteWorld& w, std::optional<Witness> witness = {}) {
  Verifier verifier{kRun, witness};
  bool done = false;
  read_log(
      w.store(), kRunLog, [&](const ports::Stored& e) { verifier.add(e.bytes); },
      [&](const Result<std::uint64_t>& end) {
        REQUIRE(end);
        done = true;
      });
  w.loop.until([&] { return done; });
  return verifier.finish(*w.tip(kRunLog));
}

std::string said(const Verified& v) {
  std::string out;
  for (const auto& f : v.findings)
    out +=
        (out.empty() ? "" : ", ") + std::string{to_string(f.damage)} + "@" + std::to_string(f.seq);
  return out;
}

void tamper(SqliteWorld& w, const std::string& statements) {
  w.close();
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(w.file().c_str(), &db) == SQLITE_OK);
  const std::string text =
      "DROP TRIGGER entries_stay; DROP TRIGGER entries_stay_as_they_are;" + statements;
  char* problem = nullptr;
  sqlite3_exec(db, text.c_str(), nullptr, nullptr, &problem);
  const std::string told = problem ? problem : "";
  sqlite3_free(problem);
  sqlite3_close(db);
  REQUIRE(told == "");
  w.reopen();
}

}  // namespace

TEST_CASE("tampering with the store's file is found") {
  struct Row {
    const char* what;
    const char* statements;
    const char* found;
  };
  for (const auto& row :
       {Row{"nothing", "", ""},
        Row{"edit",
            "UPDATE entries SET entry = CAST(replace(CAST(entry AS TEXT), 'uid', 'gid') AS BLOB) "
            "WHERE seq = 3",
            "edited@3"},
        Row{"delete", "DELETE FROM entries WHERE seq = 3", "missing@3, tip differs@7"},
        Row{"delete and close the gap",
            "DELETE FROM entries WHERE seq = 3; UPDATE entries SET seq = seq - 1 WHERE seq > 3;"
            "UPDATE logs SET size = 7",
            "missing@3"},
        Row{"insert",
            "UPDATE entries SET seq = -1 - seq WHERE seq > 3; UPDATE entries SET seq = -seq WHERE "
            "seq < 0;"
            "INSERT INTO entries SELECT log, 4, entry FROM entries WHERE seq = 2; UPDATE logs SET "
            "size = 9",
            "extra@2"},
        Row{"reorder",
            "UPDATE entries SET seq = 99 WHERE seq = 2; UPDATE entries SET seq = 2 WHERE seq = 3;"
            "UPDATE entries SET seq = 3 WHERE seq = 99",
            "out of order@2"},
        Row{"the tail, leaving the tip", "DELETE FROM entries WHERE seq > 5", "tip differs@6"},
        Row{"all of them", "DELETE FROM entries", "tip differs@0"}}) {
    CAPTURE(row.what);
    SqliteWorld w;
    fill(w);
    const Witness kept{8, verified(w).root};
    tamper(w, row.statements);
    CHECK(said(verified(w)) == row.found);
    CHECK(verified(w, kept).witnessed == (row.found[0] == '\0'));
  }
}

TEST_CASE("a tail that was cut off cleanly is undetectable without a witness, and found with one") {
  SqliteWorld w;
  fill(w);
  const Witness kept{8, verified(w).root};
  const std::string last = hex(leaf_hash(w.entries(kRunLog, 5)->front().bytes));
  tamper(w, "DELETE FROM entries WHERE seq > 5; UPDATE logs SET size = 6, last = x'" + last + "'");
  CHECK(verified(w).intact());
  CHECK_FALSE(verified(w).witnessed);
  CHECK(said(verified(w, kept)) == "truncated@6");
}

TEST_CASE("a blob that is not what its name says is not handed out") {
  SqliteWorld w;
  const auto name = w.put_blob("evidence");
  REQUIRE(name);
  tamper(w, "DROP TRIGGER blobs_stay_as_they_are; UPDATE blobs SET bytes = x'00'");
  const auto bytes = w.blob(*name);
  REQUIRE_FALSE(bytes);
  CHECK(bytes.error().what.find("damaged") != std::string::npos);
}

TEST_CASE(
    "what is erased is overwritten in the files, and a stray statement still removes nothing") {
  SqliteWorld w;
  fill(w);
  const std::string words = "a sentence that stands in one blob alone";
  const auto name = w.put_blob(words);
  REQUIRE(name);
  const auto stands_in_files = [&](const std::string& text) {
    for (const auto& file : std::filesystem::directory_iterator{w.folder()}) {
      std::ifstream in{file.path(), std::ios::binary};
      const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
      if (bytes.find(text) != std::string::npos) return true;
    }
    return false;
  };
  CHECK(stands_in_files(words));
  CHECK(stands_in_files("step-3"));
  REQUIRE(w.hold(kRunLog));
  REQUIRE(w.release(kRunLog, *w.hold(kRunLog)));
  REQUIRE(w.erase({{kRunLog}, {*name}}));
  CHECK_FALSE(stands_in_files(words));
  CHECK_FALSE(stands_in_files("step-3"));

  // Rows of a table that grows are moved from page to page: no copy is left there either.
  REQUIRE(w.hold("workspace"));
  for (int i = 0; i < 200; ++i) {
    ports::Batch batch;
    batch.log = "workspace";
    batch.epoch = *w.hold("workspace");
    batch.before = *w.tip("workspace");
    batch.puts = {{"person/" + std::to_string((i * 7919) % 200),
                   "somebody " + std::to_string(i) + std::string(100, '.')}};
    REQUIRE(w.commit(batch).commit == ports::Commit::durable);
  }
  ports::Erasure persons;
  persons.thorough = true;
  for (int i = 0; i < 200; i += 2)
    persons.rows.push_back("person/" + std::to_string((i * 7919) % 200));
  REQUIRE(w.erase(persons));
  for (int i = 0; i < 200; ++i) {
    INFO(i);
    CHECK(stands_in_files("somebody " + std::to_string(i) + ".") == (i % 2 == 1));
  }

  const auto kept = w.put_blob("kept");
  REQUIRE(kept);
  w.close();
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(w.file().c_str(), &db) == SQLITE_OK);
  CHECK(sqlite3_exec(db, "DELETE FROM blobs", nullptr, nullptr, nullptr) != SQLITE_OK);
  sqlite3_close(db);
  w.reopen();
  CHECK(w.blob(*kept));
}
