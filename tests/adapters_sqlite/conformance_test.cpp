// What ports/store.hpp promises, asked of every store.
#include <functional>
#include <string>
#include <vector>

#include "tests/adapters_sqlite/worlds.hpp"
#include "tests/catch.hpp"

using namespace muster;
using ports::Commit;
using ports::Tip;
using test::a_batch;
using test::kLog;
using test::World;

namespace {

std::unique_ptr<World> a_world(const std::string& kind) {
  if (kind == "sqlite") return std::make_unique<test::SqliteWorld>();
  return std::make_unique<test::SimulatedWorld>();
}

std::string keys(const Result<std::vector<ports::Row>>& rows) {
  std::string out;
  for (const auto& r : *rows) out += (out.empty() ? "" : " ") + r.key + "=" + r.value;
  return out;
}

}  // namespace

TEST_CASE("a log grows only from where it ends, by whom it is held") {
  const std::string kind = GENERATE(as<std::string>{}, "sqlite", "simulated");
  CAPTURE(kind);
  const auto w = a_world(kind);
  CHECK(*w->tip(kLog) == Tip{});
  CHECK(w->commit(a_batch(kLog, 0, {}, {"e0"})).commit == Commit::fenced);
  REQUIRE(*w->hold(kLog) == 1);
  CHECK(w->commit(a_batch(kLog, 1, {}, {"e0", "e1"})).commit == Commit::durable);
  const Tip tip = *w->tip(kLog);
  CHECK(tip == Tip{2, ports::leaf_hash("e1")});

  struct Row {
    const char* what;
    ports::Batch batch;
    Commit is;
  };
  for (const auto& row :
       {Row{"from too early", a_batch(kLog, 1, {}, {"x"}), Commit::conflict},
        Row{"from another last entry", a_batch(kLog, 1, {2, sha256("x")}, {"x"}), Commit::conflict},
        Row{"at an older epoch", a_batch(kLog, 0, tip, {"x"}), Commit::fenced},
        Row{"at a newer epoch", a_batch(kLog, 2, tip, {"x"}), Commit::fenced},
        Row{"another log", a_batch("run/2", 1, {}, {"x"}), Commit::fenced},
        Row{"an empty entry", a_batch(kLog, 1, tip, {""}), Commit::full},
        Row{"too large an entry", a_batch(kLog, 1, tip, {std::string(65'536, 'x')}), Commit::full},
        Row{"too many entries", a_batch(kLog, 1, tip, std::vector<std::string>(1'025, "x")),
            Commit::full}}) {
    CAPTURE(row.what);
    const auto answer = w->commit(row.batch);
    CHECK(answer.commit == row.is);
    CHECK_FALSE(answer.why.empty());
    CHECK(*w->tip(kLog) == tip);
  }
  CHECK(w->commit(a_batch(kLog, 1, tip, {std::string(65'535, 'x')})).commit == Commit::durable);
}

TEST_CASE("entries are read in order, within a budget, and are still there after a restart") {
  const std::string kind = GENERATE(as<std::string>{}, "sqlite", "simulated");
  CAPTURE(kind);
  const auto w = a_world(kind);
  REQUIRE(w->hold(kLog));
  const std::string with_nul{"e\0\xff", 3};
  REQUIRE(w->commit(a_batch(kLog, 1, {}, {"aaaa", with_nul, "cccc"})).commit == Commit::durable);
  w->reopen();
  struct Row {
    std::uint64_t from;
    std::size_t bytes_max;
    std::vector<std::string> are;
  };
  for (const auto& row :
       {Row{0, 100, {"aaaa", with_nul, "cccc"}}, Row{0, 7, {"aaaa", with_nul}}, Row{0, 0, {"aaaa"}},
        Row{1, 1, {with_nul}}, Row{2, 100, {"cccc"}}, Row{3, 100, {}}, Row{~0ull, 100, {}}}) {
    CAPTURE(row.from, row.bytes_max);
    std::vector<std::string> got;
    const auto stored = w->entries(kLog, row.from, row.bytes_max);
    REQUIRE(stored);
    for (const auto& e : *stored) {
      CHECK(e.seq == row.from + got.size());
      got.push_back(e.bytes);
    }
    CHECK(got == row.are);
  }
  CHECK(w->entries("run/none", 0)->empty());
}

TEST_CASE("a batch lands with its rows and blobs, or not at all") {
  const std::string kind = GENERATE(as<std::string>{}, "sqlite", "simulated");
  CAPTURE(kind);
  const auto w = a_world(kind);
  REQUIRE(w->hold(kLog));
  auto first = a_batch(kLog, 1, {}, {"e0"});
  first.guards = {{"claim/db-1", std::nullopt}};
  first.puts = {{"claim/db-1", "1"}, {"note", std::string{"\0x", 2}}};
  first.blobs = {"evidence"};
  REQUIRE(w->commit(first).commit == Commit::durable);
  const Tip tip = *w->tip(kLog);

  auto rival = a_batch(kLog, 1, tip, {"e1"});
  rival.guards = {{"claim/db-1", std::nullopt}};
  rival.puts = {{"claim/db-1", "2"}, {"claim/db-2", "2"}};
  rival.blobs = {"rival's evidence"};
  CHECK(w->commit(rival).commit == Commit::conflict);
  CHECK(*w->tip(kLog) == tip);
  CHECK(keys(w->scan("claim/")) == "claim/db-1=1");
  CHECK_FALSE(w->blob(sha256("rival's evidence")));
  CHECK(*w->blob(sha256("evidence")) == "evidence");

  auto change = a_batch(kLog, 1, tip, {"e1"});
  change.guards = {{"claim/db-1", "1"}, {"claim/db-2", std::nullopt}};
  change.puts = {{"claim/db-1", std::nullopt}, {"claim/db-2", ""}};
  CHECK(w->commit(change).commit == Commit::durable);
  CHECK(keys(w->scan("claim/")) == "claim/db-2=");
  w->reopen();
  CHECK(keys(w->scan("claim/")) == "claim/db-2=");
  CHECK(w->scan("note")->front().value == std::string("\0x", 2));
}

TEST_CASE("batches that are handed over together are judged one by one, in order") {
  const std::string kind = GENERATE(as<std::string>{}, "sqlite", "simulated");
  CAPTURE(kind);
  const auto w = a_world(kind);
  REQUIRE(w->hold(kLog));
  REQUIRE(w->hold("workspace"));
  std::string order;
  const auto told = [&](const char* name) {
    return [&order, name](Commit c, const std::string&) {
      order += std::string{name} + ":" + std::string{to_string(c)} + " ";
    };
  };
  const Tip after_a{1, ports::leaf_hash("a")};
  w->store().commit(a_batch(kLog, 1, {}, {"a"}), told("a"));
  w->store().commit(a_batch(kLog, 1, {}, {"b"}), told("b"));
  w->store().commit(a_batch("workspace", 1, {}, {"c"}), told("c"));
  w->store().commit(a_batch(kLog, 1, after_a, {"d"}), told("d"));
  CHECK(order.empty());  // never from inside the call
  CHECK(*w->tip(kLog) == Tip{2, ports::leaf_hash("d")});
  CHECK(order == "a:durable b:conflict c:durable d:durable ");
}

TEST_CASE("rows are scanned by prefix, in the order of their bytes, in pages") {
  const std::string kind = GENERATE(as<std::string>{}, "sqlite", "simulated");
  CAPTURE(kind);
  const auto w = a_world(kind);
  REQUIRE(w->hold(kLog));
  auto b = a_batch(kLog, 1, {}, {});
  for (const char* key : {"a/2", "a/10", "a/1", "a0", "a", "b/1", "a/%"})
    b.puts.push_back({key, "v"});
  REQUIRE(w->commit(b).commit == Commit::durable);
  CHECK(keys(w->scan("a/")) == "a/%=v a/1=v a/10=v a/2=v");
  CHECK(keys(w->scan("a/", "a/1")) == "a/10=v a/2=v");
  CHECK(keys(w->scan("a/", "a/1", 1)) == "a/10=v");
  CHECK(keys(w->scan("a/", "a/2")).empty());
  CHECK(keys(w->scan("", "", 2)) == "a=v a/%=v");
  CHECK(keys(w->scan("c")).empty());
}

TEST_CASE("a blob is what its name says") {
  const std::string kind = GENERATE(as<std::string>{}, "sqlite", "simulated");
  CAPTURE(kind);
  const auto w = a_world(kind);
  const std::string large(3u << 20, '\xfe');
  CHECK(*w->put_blob("") == sha256(""));
  CHECK(*w->put_blob(large) == sha256(large));
  CHECK(*w->put_blob(large) == sha256(large));
  w->reopen();
  CHECK(*w->blob(sha256("")) == "");
  CHECK((*w->blob(sha256(large)) == large));
  CHECK_FALSE(w->blob(sha256("never kept")));
  CHECK_FALSE(w->put_blob(std::string((64u << 20) + 1, 'x')));
}

TEST_CASE("every new hold has a higher epoch and ends the one before") {
  const std::string kind = GENERATE(as<std::string>{}, "sqlite", "simulated");
  CAPTURE(kind);
  const auto w = a_world(kind);
  CHECK(*w->hold(kLog) == 1);
  CHECK(*w->hold(kLog) == 1);  // renewed
  CHECK(*w->hold("run/2") == 1);
  w->reopen();
  CHECK(w->commit(a_batch(kLog, 1, {}, {"late"})).commit == Commit::fenced);
  CHECK(*w->hold(kLog) == 2);
  CHECK(w->commit(a_batch(kLog, 1, {}, {"late"})).commit == Commit::fenced);
  CHECK(w->commit(a_batch(kLog, 2, {}, {"new"})).commit == Commit::durable);
  CHECK(w->release(kLog, 1));  // not ours any more: does nothing
  CHECK(w->commit(a_batch(kLog, 2, *w->tip(kLog), {"newer"})).commit == Commit::durable);
  CHECK(w->release(kLog, 2));
  CHECK(w->commit(a_batch(kLog, 2, *w->tip(kLog), {"after"})).commit == Commit::fenced);
  CHECK(*w->hold(kLog) == 3);
}

TEST_CASE("what is erased is gone; the log keeps its tip, and the rest stays as it is") {
  const std::string kind = GENERATE(as<std::string>{}, "sqlite", "simulated");
  CAPTURE(kind);
  const auto w = a_world(kind);
  REQUIRE(w->hold(kLog));
  REQUIRE(w->hold("run/2"));
  auto batch = a_batch(kLog, 1, {}, {"e0", "e1"});
  batch.blobs = {"samples", "plan"};
  batch.puts = {{"row/1", "goes"}, {"row/2", "stays"}};
  REQUIRE(w->commit(batch).commit == Commit::durable);
  REQUIRE(w->commit(a_batch("run/2", 1, {}, {"other"})).commit == Commit::durable);
  const Tip tip = *w->tip(kLog);
  const ports::Erasure all{
      {kLog, "run/none"}, {sha256("samples"), sha256("never kept")}, {"row/1", "row/none"}};

  const auto refused = w->erase(all);  // it is being written
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what.find("being written") != std::string::npos);
  CHECK(w->entries(kLog, 0)->size() == 2);
  CHECK(w->blob(sha256("samples")));

  REQUIRE(w->release(kLog, 1));
  for (const bool again : {false, true}) {
    CAPTURE(again);
    CHECK(w->erase(all));
    CHECK(w->entries(kLog, 0)->empty());
    CHECK_FALSE(w->blob(sha256("samples")));
    CHECK(*w->tip(kLog) == tip);
    CHECK(*w->blob(sha256("plan")) == "plan");
    CHECK(w->entries("run/2", 0)->size() == 1);
    const auto rows = *w->scan("row/", "", 9);
    REQUIRE(rows.size() == 1);
    CHECK(rows.front().key == "row/2");
    w->reopen();
  }
  // It is never begun anew: what comes after it comes after what was there.
  REQUIRE(*w->hold(kLog) == 2);
  CHECK(w->commit(a_batch(kLog, 2, {}, {"new"})).commit == Commit::conflict);
  REQUIRE(w->commit(a_batch(kLog, 2, tip, {"new"})).commit == Commit::durable);
  REQUIRE(w->entries(kLog, 0)->size() == 1);
  CHECK(w->entries(kLog, 0)->front().seq == 2);
}
