#include "journal/key_history.hpp"

#include "journal/checkpoint_rule.hpp"
#include "tests/catch.hpp"
#include "tests/journal/signed_log.hpp"

using namespace muster;
using namespace muster::journal;
using test::SignedLog;

namespace {

std::vector<std::uint64_t> places(const std::vector<KeyProblem>& problems) {
  std::vector<std::uint64_t> out;
  for (const auto& p : problems) out.push_back(p.seq);
  return out;
}
using Places = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("keys follow one another by signatures, and each signs its own sizes") {
  const auto first = *SigningKey::make(), second = *SigningKey::make();
  SignedLog log;
  log.add(kinds::kRunOpened);
  log.make_key(first);    // entry 1
  log.checkpoint(first);  // 2, of size 2
  log.add(kinds::kRunClosed);
  log.rotate(first, second);  // 4, signs size 4
  log.checkpoint(second);     // 5, of size 5
  const auto folded = log.folded();
  CHECK(folded.problems().empty());
  const auto& keys = folded.keys();
  CHECK(keys.name() == SignedLog::kName);
  REQUIRE(keys.terms().size() == 2);
  CHECK(keys.at(1) == nullptr);
  CHECK(keys.at(2)->key == first.public_key());
  CHECK(keys.at(4)->key == first.public_key());
  CHECK(keys.at(5)->key == second.public_key());
  CHECK(keys.current()->key == second.public_key());
  CHECK(keys.vouches_for_all_after(first.public_key()) == true);
  CHECK(keys.vouches_for_all_after(second.public_key()) == true);
  CHECK_FALSE(keys.vouches_for_all_after(SigningKey::make()->public_key()).has_value());
  // Checkpoints: of size 2, the change of keys at 4, of size 5.
  REQUIRE(folded.signed_logs().at(kWorkspaceLog).size() == 3);
  CHECK(folded.newest(kWorkspaceLog)->checkpoint.head.size == 5);
  CHECK(folded.newest(run_log("1")) == nullptr);
  CHECK(folded.unsigned_entries() == 0);
  for (const auto& c : folded.signed_logs().at(kWorkspaceLog))
    CHECK(keys.signer(*read_note(c.note)) != nullptr);
}

TEST_CASE("what is not signed as it must be is found, with its entry") {
  const auto key = *SigningKey::make(), other = *SigningKey::make();
  struct Row {
    const char* what;
    std::function<void(SignedLog&)> then;
    Places found;
    bool vouched;
  };
  const std::vector<Row> rows{
      {"nothing", [](SignedLog&) {}, {}, true},
      {"a checkpoint by another key", [&](SignedLog& l) { l.checkpoint(other); }, {2}, true},
      {"a second first key", [&](SignedLog& l) { l.make_key(other); }, {2}, false},
      {"a change that the new key signs itself",
       [&](SignedLog& l) { l.rotate(other, other); },
       {2},
       false},
      {"the old key after the change",
       [&](SignedLog& l) {
         l.rotate(key, other);
         l.checkpoint(key);
       },
       {3},
       true},
      {"a checkpoint of what comes later",
       [&](SignedLog& l) {
         l.checkpoint(key, kWorkspaceLog, {9, sha256("x")});
       },
       {2},
       true},
      {"a change of keys copied from elsewhere",
       [&](SignedLog& l) {
         l.rotate(key, other);
         const auto data = read_entry(l.entries.back())->data;
         l.entries.pop_back();
         l.add(kinds::kRunOpened);
         l.add(kinds::kKeyRotated, data);
       },
       {3},
       false},
      {"no note at all",
       [](SignedLog& l) {
         l.add(kinds::kCheckpoint, {{"log", "workspace"}});
       },
       {2},
       true}};
  for (const auto& row : rows) {
    CAPTURE(row.what);
    SignedLog log;
    log.add(kinds::kRunOpened);
    log.make_key(key);
    row.then(log);
    const auto folded = log.folded();
    CHECK(places(folded.problems()) == row.found);
    CHECK(folded.keys().vouches_for_all_after(key.public_key()) == row.vouched);
  }
}

TEST_CASE("an entry says the size and root that are signed, and nothing else") {
  const auto key = *SigningKey::make();
  SignedLog log;
  log.make_key(key);
  const auto note = *signed_checkpoint({SignedLog::kName, log.head(), {}}, key);
  auto data = checkpoint_data(kWorkspaceLog, log.head(), note);
  data["size"] = 7;
  log.add(kinds::kCheckpoint, data);
  CHECK(places(log.folded().problems()) == Places{1});
}

TEST_CASE("entries that no checkpoint covers are counted") {
  const auto key = *SigningKey::make();
  SignedLog log;
  log.make_key(key);
  CHECK(log.folded().unsigned_entries() == 1);
  log.checkpoint(key);
  CHECK(log.folded().unsigned_entries() == 0);
  log.add(kinds::kRunOpened);
  log.checkpoint(key, run_log("1"), {3, sha256("x")});
  CHECK(log.folded().unsigned_entries() == 1);
  CHECK(log.folded().newest(run_log("1"))->checkpoint.head.size == 3);
}

TEST_CASE("a log is signed every 256 entries, and a minute after the first unsigned one") {
  const auto at = [](int seconds) { return instant(0) + std::chrono::seconds{seconds}; };
  CheckpointRule rule;
  CHECK_FALSE(rule.due(at(1'000)));
  CHECK_FALSE(rule.wake().has_value());
  rule.appended(1, at(10));
  rule.appended(1, at(40));
  CHECK(rule.wake() == at(70));
  CHECK_FALSE(rule.due(at(69)));
  CHECK(rule.due(at(70)));
  rule.begun();
  CHECK_FALSE(rule.due(at(70)));
  rule.appended(255, at(80));
  CHECK_FALSE(rule.due(at(80)));
  rule.appended(1, at(80));
  CHECK(rule.due(at(80)));
}
