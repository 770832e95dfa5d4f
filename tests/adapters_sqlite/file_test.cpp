// What is SQLite's own: the file, who may open it, and what happens when the disk does not do its
// part.
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapters/sqlite/lock_file.hpp"
#include "tests/adapters_sqlite/worlds.hpp"
#include "tests/catch.hpp"

using namespace muster;
using ports::Commit;
using ports::Tip;
using test::a_batch;
using test::kLog;
using test::SqliteWorld;
namespace fs = std::filesystem;

namespace {

void sql(const std::string& file, const std::string& text) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
  REQUIRE(sqlite3_exec(db, text.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_close(db) == SQLITE_OK);
}

/// What the second one is told.
std::string refusal(const fs::path& folder) {
  auto store = sqlite::Store::open(folder, [](const std::function<void()>&) {});
  return store ? "" : to_string(store.error());
}

}  // namespace

TEST_CASE("the file and its log are the owner's alone") {
  SqliteWorld w;
  REQUIRE(w.hold(kLog));
  for (const char* suffix : {"", "-wal"}) {
    struct stat is {};
    REQUIRE(stat((w.file() + suffix).c_str(), &is) == 0);
    CHECK((is.st_mode & 0777) == 0600);
  }
  CHECK_FALSE(fs::exists(w.file() + "-shm"));  // one connection
}

TEST_CASE("a second opener is told who holds the store") {
  SqliteWorld w;
  CHECK(refusal(w.folder()).find("held by pid " + std::to_string(getpid()) + " (") !=
        std::string::npos);
  // And which run goes on, once there is one; the next one replaces the first.
  const auto lock = (w.folder() / sqlite::kLockFile).string();
  sqlite::LockFile::note(lock, "run 20261122-211505-3f9a0c of orders");
  sqlite::LockFile::note(lock, "run 20261122-220000-aaaaaa of orders");
  const auto refused = refusal(w.folder());
  CHECK(refused.find("held by pid " + std::to_string(getpid()) + " (") != std::string::npos);
  CHECK(refused.find("), run 20261122-220000-aaaaaa of orders") != std::string::npos);
  CHECK(refused.find("3f9a0c") == std::string::npos);
  w.close();
  CHECK(refusal(w.folder()).empty());
}

TEST_CASE("who holds the lock is waited for unless it is there for long") {
  using Is = sqlite::Holder::Is;
  using std::chrono::milliseconds;
  using std::chrono::steady_clock;
  SqliteWorld w;
  const auto lock = (w.folder() / sqlite::kLockFile).string();
  CHECK(sqlite::LockFile::look(lock).is_this_process());
  CHECK(sqlite::LockFile::look((w.folder() / "none").string()).is == Is::nobody);
  w.close();
  CHECK(sqlite::LockFile::look(lock).is == Is::nobody);  // whatever was left in it
  // The lock is as good as another process's when another one is written in it.
  const int other = open(lock.c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(flock(other, LOCK_EX | LOCK_NB) == 0);
  const auto written = [&](const std::string& text) {
    REQUIRE(ftruncate(other, 0) == 0);
    REQUIRE(pwrite(other, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
  };
  const auto refused = [&](milliseconds most) {
    const auto taken = sqlite::LockFile::take(lock, most);
    return taken ? std::string{} : to_string(taken.error());
  };
  written("pid 1 (muster run orders), run 20261122-211505-3f9a0c of orders\n");
  CHECK(sqlite::LockFile::look(lock).answers());
  auto begun = steady_clock::now();
  CHECK(refused(milliseconds{60'000}).find("ask it: muster show, muster abort") !=
        std::string::npos);
  CHECK(steady_clock::now() - begun < milliseconds{20'000});
  written("pid 1 (muster serve), muster serve\n");
  CHECK(refused(milliseconds{0}).find("needs that server ended first") != std::string::npos);
  written("pid 1 (muster sweep --revert)\n");
  CHECK_FALSE(sqlite::LockFile::look(lock).answers());
  begun = steady_clock::now();
  const auto said = refused(milliseconds{600});
  CHECK(steady_clock::now() - begun >= milliseconds{600});
  CHECK(said.find("held by pid 1 (muster sweep --revert)") != std::string::npos);
  CHECK(said.find("wait until it is done") != std::string::npos);
  CHECK(said.find("muster show") == std::string::npos);
  close(other);
  CHECK(refused(milliseconds{0}).empty());
}

TEST_CASE("what is no store of this muster is left alone") {
  struct Row {
    const char* harm;
    const char* told;
  };
  for (const auto& row : {Row{"PRAGMA application_id=7", "no store of Muster"},
                          Row{"PRAGMA user_version=2", "has version 2, expected 1"}}) {
    SqliteWorld w;
    w.close();
    sql(w.file(), row.harm);
    CHECK(refusal(w.folder()).find(row.told) != std::string::npos);
  }
  SqliteWorld w;
  w.close();
  fs::resize_file(w.file(), 0);
  sql(w.file(), "CREATE TABLE somebody_elses (x)");
  CHECK(refusal(w.folder()).find("no store of Muster") != std::string::npos);
  fs::resize_file(w.file(), 0);
  const int fd = open(w.file().c_str(), O_WRONLY | O_CLOEXEC);
  REQUIRE(write(fd, std::string(8'192, 'x').data(), 8'192) == 8'192);
  close(fd);
  CHECK(refusal(w.folder()).find("cannot be opened") != std::string::npos);
}

TEST_CASE("a damaged file is found when it is opened") {
  SqliteWorld w;
  REQUIRE(w.hold(kLog));
  REQUIRE(w.commit(a_batch(kLog, 1, {}, std::vector<std::string>(200, std::string(3'000, 'x'))))
              .commit == Commit::durable);
  w.close();
  // A page in the middle of the entries is another one's copy.
  std::string page(4'096, '\0');
  const int fd = open(w.file().c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(pwrite(fd, page.data(), page.size(), 4'096 * 60) == 4'096);
  close(fd);
  CHECK(refusal(w.folder()).find("is damaged") != std::string::npos);
}

TEST_CASE("entries and blobs are not changed by a stray statement") {
  SqliteWorld w;
  REQUIRE(w.hold(kLog));
  REQUIRE(w.commit(a_batch(kLog, 1, {}, {"e0"})).commit == Commit::durable);
  REQUIRE(w.put_blob("evidence"));
  w.close();
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(w.file().c_str(), &db) == SQLITE_OK);
  for (const char* stray : {"UPDATE entries SET entry = x'00'", "DELETE FROM entries",
                            "UPDATE blobs SET bytes = x'00'", "DELETE FROM blobs"}) {
    CAPTURE(stray);
    CHECK(sqlite3_exec(db, stray, nullptr, nullptr, nullptr) == SQLITE_CONSTRAINT);
  }
  sqlite3_close(db);
}

TEST_CASE("without room nothing is written, and what is small still fits") {
  SqliteWorld w{sqlite::StoreOptions{256u << 10, 1'000}};
  REQUIRE(w.hold(kLog));
  auto large = a_batch(kLog, 1, {}, {"e0"});
  large.blobs.push_back(std::string(1u << 20, 'x'));
  CHECK(w.commit(large).commit == Commit::full);
  CHECK(*w.tip(kLog) == Tip{});
  CHECK_FALSE(w.put_blob(std::string(1u << 20, 'x')));
  // Handed over together with one that does not fit.
  std::vector<Commit> outcomes;
  const auto told = [&](Commit c, const std::string&) { outcomes.push_back(c); };
  w.store().commit(large, told);
  w.store().commit(a_batch(kLog, 1, {}, {"small"}), told);
  w.loop.until([&] { return outcomes.size() == 2; });
  CHECK(outcomes == std::vector<Commit>{Commit::full, Commit::durable});
  CHECK(w.tip(kLog)->size == 1);
}

TEST_CASE("a file that was deleted under the store is no record") {
  SqliteWorld w;
  REQUIRE(w.hold(kLog));
  fs::rename(w.file(), w.file() + ".moved");
  const auto answer = w.commit(a_batch(kLog, 1, {}, {"e0"}));
  CHECK(answer.commit == Commit::failed);
  CHECK(answer.why.find("deleted or replaced") != std::string::npos);
  CHECK(w.commit(a_batch(kLog, 1, {}, {"e0"})).commit == Commit::failed);
  CHECK_FALSE(w.hold("run/2"));
}

TEST_CASE("an I/O error poisons the store; reading goes on; reopening heals") {
  SqliteWorld w;
  w.close();
  // In a child: a limit on the size of files makes write(2) fail with EFBIG, which is no want of
  // room.
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    w.reopen();
    bool ok = w.hold(kLog).has_value();
    ok = ok && w.commit(a_batch(kLog, 1, {}, {"e0"})).commit == Commit::durable;
    const rlimit most{100'000, 100'000};
    setrlimit(RLIMIT_FSIZE, &most);
    const Tip tip = *w.tip(kLog);
    auto large = a_batch(kLog, 1, tip, {"e1"});
    large.blobs.push_back(std::string(1u << 20, 'x'));
    ok = ok && w.commit(large).commit == Commit::failed;
    ok = ok && w.commit(a_batch(kLog, 1, tip, {"small"})).commit == Commit::failed;
    ok = ok && !w.put_blob("x") && !w.hold("run/2");
    ok = ok && w.entries(kLog, 0)->size() == 1;
    _exit(ok ? 0 : 1);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  w.reopen();
  CHECK(w.tip(kLog)->size == 1);
  CHECK(*w.hold(kLog) == 2);
  CHECK(w.commit(a_batch(kLog, 2, *w.tip(kLog), {"e1"})).commit == Commit::durable);
}

TEST_CASE("every acknowledged commit is there after a kill") {
  for (int round = 0; round < 5; ++round) {
    SqliteWorld w;
    w.close();
    int pipe_fds[2];
    REQUIRE(pipe(pipe_fds) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      w.reopen();
      const auto epoch = *w.hold(kLog);
      Tip tip;
      for (unsigned char n = 0;; ++n) {
        const std::vector<std::string> entries{"entry " + std::to_string(tip.size)};
        auto b = a_batch(kLog, epoch, tip, entries);
        b.puts = {{"last", entries[0]}};
        if (w.commit(b).commit != Commit::durable) _exit(1);
        tip = ports::extended(tip, entries);
        if (write(pipe_fds[1], &n, 1) != 1) _exit(1);
      }
    }
    close(pipe_fds[1]);
    // Killed at no particular place within the commit after the one that was acknowledged last.
    const std::uint64_t wanted = 20 + 7 * static_cast<std::uint64_t>(round);
    std::uint64_t acknowledged = 0;
    char byte = 0;
    while (acknowledged < wanted && read(pipe_fds[0], &byte, 1) == 1) ++acknowledged;
    kill(child, SIGKILL);
    while (read(pipe_fds[0], &byte, 1) == 1) ++acknowledged;
    close(pipe_fds[0]);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    w.reopen();
    const auto entries = w.entries(kLog, 0);
    REQUIRE(entries);
    CHECK(acknowledged >= wanted);
    CHECK(entries->size() >= acknowledged);
    CHECK(entries->size() <= acknowledged + 1);
    for (const auto& e : *entries) CHECK(e.bytes == "entry " + std::to_string(e.seq));
    CHECK(w.tip(kLog)->size == entries->size());
    CHECK(w.scan("last")->front().value == entries->back().bytes);
  }
}
