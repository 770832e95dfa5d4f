#include "journal/verify.hpp"

#include <algorithm>

#include "tests/catch.hpp"
#include "tests/journal/records.hpp"

using namespace muster;
using namespace muster::journal;
using test::a_draft;
using test::a_log;
using test::a_run;

namespace {

using Log = std::vector<std::string>;

std::string with_step(const std::string& entry, const std::string& step) {
  auto e = *parse_json(entry);
  e["step"] = step;
  return *canonical_json(e);
}

std::string with_seq(const std::string& entry, int seq) {
  auto e = *parse_json(entry);
  e["seq"] = seq;
  return *canonical_json(e);
}

Witness witness_of(const Log& log) {
  Tree tree;
  for (const auto& e : log) tree.add(leaf_hash(e));
  return {tree.size(), tree.root()};
}

Log first(const Log& log, long count) {
  return {log.begin(), log.begin() + count};
}

/// "edited@3, missing@5": what was found, in a form for tables.
std::string said(const Verified& v) {
  std::string out;
  for (const auto& f : v.findings)
    out +=
        (out.empty() ? "" : ", ") + std::string{to_string(f.damage)} + "@" + std::to_string(f.seq);
  return out;
}

}  // namespace

TEST_CASE("damage within a log is found and named without a witness") {
  const Log good = a_log(8);
  struct Row {
    const char* what;
    std::function<void(Log&)> harm;
    const char* found;
  };
  const std::vector<Row> rows{
      {"nothing", [](Log&) {}, ""},
      {"edit", [](Log& l) { l[3] = with_step(l[3], "another"); }, "edited@3"},
      {"edit of the first", [](Log& l) { l[0] = with_step(l[0], "another"); }, "edited@0"},
      {"edit to no JSON", [](Log& l) { l[3].pop_back(); }, "unreadable@3, edited@3"},
      {"delete", [](Log& l) { l.erase(l.begin() + 3); }, "missing@3"},
      {"delete of several", [](Log& l) { l.erase(l.begin() + 2, l.begin() + 5); }, "missing@2"},
      {"delete of the first", [](Log& l) { l.erase(l.begin()); }, "missing@0"},
      {"delete, renumbered",
       [](Log& l) {
         l.erase(l.begin() + 3);
         for (int i = 3; i < 7; ++i)
           l[static_cast<std::size_t>(i)] = with_seq(l[static_cast<std::size_t>(i)], i);
       },
       "edited@2, edited@3, edited@4, edited@5"},
      {"insert of a copy", [](Log& l) { l.insert(l.begin() + 4, l[2]); }, "extra@2"},
      {"insert of a forgery", [](Log& l) { l.insert(l.begin() + 4, with_step(l[3], "forged")); },
       "extra@3"},
      {"insert at the end", [](Log& l) { l.push_back(with_seq(l[7], 8)); }, "edited@7"},
      {"reorder", [](Log& l) { std::swap(l[2], l[3]); }, "out of order@2"},
      {"reorder far", [](Log& l) { std::rotate(l.begin() + 2, l.begin() + 3, l.begin() + 6); },
       "out of order@2"},
      {"another run's entry",
       [](Log& l) { l[7] = *seal(a_draft(kinds::kRequest), a_run("other"), 7, leaf_hash(l[6])); },
       "foreign@7"},
      {"an unknown kind",
       [](Log& l) { l.push_back(*seal(a_draft("quux"), a_run(), 8, leaf_hash(l[7]))); },
       "unknown kind@8"},
      {"an epoch that was over",
       [](Log& l) {
         auto late = a_run();
         late.epoch = 0;
         l.push_back(*seal(a_draft(kinds::kRequest), late, 8, leaf_hash(l[7])));
       },
       "stale epoch@8"}};
  for (const auto& row : rows) {
    CAPTURE(row.what);
    Log log = good;
    row.harm(log);
    const auto verified = verify(log, a_run().run);
    CHECK(said(verified) == row.found);
    CHECK(verified.intact() == (row.found[0] == '\0'));
    CHECK_FALSE(verified.witnessed);
    if (log != good)
      CHECK_FALSE(verify(log, a_run().run, witness_of(good)).root == witness_of(good).root);
  }
}

TEST_CASE("what a log alone cannot show, a witness does") {
  const Log good = a_log(8);
  const Witness kept = witness_of(good);
  struct Row {
    const char* what;
    Log log;
    const char* found;
  };
  auto rewritten_run = a_run();
  rewritten_run.actor.principal = "unix:mallory";
  auto last_edited = good;
  last_edited[7] = with_step(last_edited[7], "another");
  for (const auto& row :
       {Row{"as it was", good, ""}, Row{"the end cut off", first(good, 6), "truncated@6"},
        Row{"all of it gone", {}, "truncated@0"},
        Row{"the last one edited", last_edited, "forked@0"},
        Row{"a whole new chain", a_log(8, rewritten_run), "forked@0"},
        Row{"a longer new chain", a_log(9, rewritten_run), "forked@0"}}) {
    CAPTURE(row.what);
    CHECK(
        verify(row.log, a_run().run).intact());  // UNWITNESSED: consistent in itself, and no proof
    const auto verified = verify(row.log, a_run().run, kept);
    CHECK(said(verified) == row.found);
    CHECK(verified.witnessed == verified.intact());
  }
}

TEST_CASE("a witness covers what it has seen; the rest is said to be uncovered") {
  const Log log = a_log(8);
  const auto verified = verify(log, a_run().run, witness_of(first(log, 5)));
  CHECK(verified.intact());
  CHECK(verified.witnessed);
  CHECK(verified.unwitnessed == 3);
  CHECK(verify(log, a_run().run).unwitnessed == 8);
  CHECK(verify(log, a_run().run, Witness{0, sha256("")}).witnessed);
}

TEST_CASE("the store's own tip must agree") {
  const Log log = a_log(3);
  CHECK(verify(log, a_run().run, {}, ports::Tip{3, leaf_hash(log[2])}).intact());
  CHECK(said(verify(first(log, 2), a_run().run, {}, ports::Tip{3, leaf_hash(log[2])})) ==
        "tip differs@2");
  CHECK(verify({}, std::nullopt, {}, ports::Tip{}).intact());
}

TEST_CASE("a log of nothing but damage has a bounded report") {
  const Log log(500, "junk");
  const auto verified = verify(log, std::nullopt);
  CHECK(verified.findings.size() == Verifier::kFindingsMax);
  CHECK(verified.findings_count == 500);
}
