// What may be removed of a record, and what must not be.
#include <functional>

#include "journal/citations.hpp"
#include "journal/kinds.hpp"
#include "journal/pruned_log.hpp"
#include "journal/retention_plan.hpp"
#include "tests/catch.hpp"
#include "tests/journal/records.hpp"

using namespace muster;
using namespace muster::journal;
using namespace std::chrono_literals;

namespace {

constexpr Duration kDay = 24h;

/// A workspace's log, told in days.
class Workspace {
 public:
  RetentionLog log;

  TreeHead run(int day, const std::string& id, const std::string& drill, const std::string& result,
               const std::string& state = "clean") {
    const TreeHead head{7, sha256(id)};
    opened(day, id, drill);
    auto& e = next(day, kinds::kRunClosed);
    e.run = id;
    e.drill = drill;
    e.outcome = result;
    e.data = Json{{"state", state}, {"size", head.size}, {"root", hex(head.root)}};
    log.add(e);
    return head;
  }
  void opened(int day, const std::string& id, const std::string& drill) {
    auto& e = next(day, kinds::kRunOpened);
    e.run = id;
    e.drill = drill;
    log.add(e);
  }
  void hold(const std::string& run, const std::string& drill, bool placed = true) {
    auto& e = next(900, placed ? kinds::kLegalHoldPlaced : kinds::kLegalHoldReleased);
    e.data = legal_hold_data(run, drill, "the case of Smith");
    log.add(e);
  }
  void pruned(const std::string& run, const TreeHead& head, bool whole = true) {
    Pruned p;
    p.run = run;
    p.whole = whole;
    p.rule = "keep 100d";
    p.head = head;
    auto& e = next(901, kinds::kRecordPruned);
    e.data = pruned_data(p, 3);
    log.add(e);
  }
  /// "run:what" of what may go, then "run=why" of what is kept.
  std::string plan(int day, std::optional<int> keep, std::optional<int> samples = {}) const {
    RetentionRule rule;
    if (keep) rule.keep = {std::to_string(*keep) + "d", *keep * kDay};
    if (samples) rule.samples = {std::to_string(*samples) + "d", *samples * kDay};
    const auto plan = plan_retention(log, rule, at(day));
    std::string out;
    const auto add = [&](const std::string& word) { out += (out.empty() ? "" : " ") + word; };
    for (const auto& r : plan.removals)
      add(r.run + ":" + (r.whole ? "run" : "samples") + (r.declared ? " again" : ""));
    for (const auto& k : plan.kept) add(k.run + "=" + k.why);
    return out;
  }
  std::string problems() const {
    std::string out;
    for (const auto& p : log.problems()) out += (out.empty() ? "" : "; ") + p.text;
    return out;
  }

 private:
  static WallTime at(int day) { return wall_time(1'700'000'000'000'000'000) + day * kDay; }
  Entry& next(int day, std::string_view action) {
    entry_ = {};
    entry_.seq = seq_++;
    entry_.ts = at(day);
    entry_.action = action;
    entry_.actor.principal = "unix:ana";
    return entry_;
  }
  Entry entry_;
  std::uint64_t seq_ = 0;
};

}  // namespace

TEST_CASE("what is past its time goes, but for what a drill's last dates rest on") {
  Workspace w;
  w.run(1, "r1", "orders", "PASS");
  w.run(2, "r2", "orders", "FAIL");
  w.run(3, "r3", "orders", "PASS");
  w.run(4, "r4", "orders", "FAIL");
  w.run(5, "r5", "orders", "ABORTED");
  w.run(6, "r6", "billing", "INVALID");
  w.run(190, "r7", "billing", "INCONCLUSIVE");
  CHECK(w.plan(200, {}) == "");
  CHECK(w.plan(200, 300) == "");
  CHECK(w.plan(102, 100) == "r1:run");
  CHECK(w.plan(200, 100) ==
        "r1:run r2:run r5:run r6:run r3=it is the last one of orders that passed "
        "r4=it is the last test of orders");
  CHECK(w.plan(200, 197, 100) ==
        "r1:run r2:run r5:samples r6:samples r3=it is the last one of orders that passed "
        "r4=it is the last test of orders");
}

TEST_CASE("what is open or not proven undone is never removed") {
  Workspace w;
  w.opened(1, "r1", "orders");
  w.run(2, "r2", "orders", "ABORTED", "dirty");
  CHECK(w.plan(5000, 100) == "r2=it is not proven undone: `muster recover`");
}

TEST_CASE("nothing under a legal hold is removed, until it is released") {
  for (const bool of_drill : {false, true}) {
    CAPTURE(of_drill);
    Workspace w;
    w.run(1, "r1", "orders", "ABORTED");
    w.run(2, "r2", "orders", "ABORTED");
    w.run(3, "r3", "billing", "ABORTED");
    const std::string run = of_drill ? "" : "r1", drill = of_drill ? "orders" : "";
    w.hold(run, drill);
    const std::string why = "=a legal hold since 2026-05-02: the case of Smith";
    CHECK(w.plan(2000, 100) ==
          (of_drill ? "r3:run r1" + why + " r2" + why : "r2:run r3:run r1" + why));
    w.hold("r2", "", false);  // of something else: nothing
    CHECK(w.log.holds().size() == 1);
    w.hold(run, drill, false);
    CHECK(w.plan(2000, 100) == "r1:run r2:run r3:run");
  }
}

TEST_CASE("what was declared is gone on with; samples that went go with the rest later") {
  Workspace w;
  const auto r1 = w.run(1, "r1", "orders", "ABORTED");
  const auto r2 = w.run(2, "r2", "orders", "ABORTED");
  w.pruned("r1", r1);
  w.pruned("r2", r2, false);
  CHECK(w.problems() == "");
  CHECK(w.plan(50, 100, 40) == "r1:run again r2:samples again");
  CHECK(w.plan(200, 100, 40) == "r1:run again r2:run");
  w.hold("r2", "");
  CHECK(w.plan(200, 100, 40) == "r1:run again r2=a legal hold since 2026-05-02: the case of Smith");
  CHECK(w.plan(50, 100, 40) == "r1:run again");
  REQUIRE(w.log.pruned("r1"));
  CHECK(describe(*w.log.pruned("r1")) ==
        "removed on 2026-05-03 under the rule `keep 100d` by unix:ana; it had 7 entries, root " +
            hex(r1.root));
}

TEST_CASE("a removal that should not have been is found") {
  struct Row {
    const char* what;
    std::function<void(Workspace&)> story;
    const char* found;
  };
  const TreeHead head{7, sha256("r1")};
  for (const auto& row :
       {Row{"as it should be", [&](auto& w) { w.pruned("r1", head); }, ""},
        Row{"under a hold of the run",
            [&](auto& w) {
              w.hold("r1", "");
              w.pruned("r1", head);
            },
            "the record of run r1 went by workspace entry 3, though a legal hold kept it "
            "(entry 2: the case of Smith)"},
        Row{"its samples under a hold of the drill",
            [&](auto& w) {
              w.hold("", "orders");
              w.pruned("r1", head, false);
            },
            "the samples of run r1 went by workspace entry 3, though a legal hold kept it "
            "(entry 2: the case of Smith)"},
        Row{"another root",
            [&](auto& w) {
              w.pruned("r1", {7, sha256("x")});
            },
            "the record of run r1 went by workspace entry 2, which says another size or root "
            "than run.closed did"},
        Row{"one that nobody opened", [&](auto& w) { w.pruned("r9", head); },
            "the record of run r9 went by workspace entry 2, and no such run was ever opened"},
        Row{"one that is open",
            [&](auto& w) {
              w.opened(3, "r2", "orders");
              w.pruned("r2", head);
            },
            "the record of run r2 went by workspace entry 3, while it was open, or not proven "
            "undone"}}) {
    CAPTURE(row.what);
    Workspace w;
    w.run(1, "r1", "orders", "ABORTED");
    row.story(w);
    CHECK(w.problems() == row.found);
  }
}

TEST_CASE("of a log that was removed, size and root are held against what others say") {
  const TreeHead head{7, sha256("r1")};
  struct Row {
    const char* what;
    TreeHead claimed;
    bool witness;
    const char* found;
    bool witnessed;
  };
  for (const auto& row : {Row{"all of it, by a witness", head, true, "", true},
                          Row{"all of it, by the store alone", head, false, "", false},
                          Row{"an earlier part of it", {5, sha256("x")}, true, "", false},
                          Row{"another root", {7, sha256("x")}, true, "forked", false},
                          Row{"more", {8, sha256("x")}, true, "truncated", false}}) {
    CAPTURE(row.what);
    PrunedVerifier v{head};
    v.claim({row.claimed, "somebody", row.witness});
    const auto verified = v.finish(ports::Tip{7, {}});
    CHECK(verified.size == 7);
    CHECK(verified.witnessed == row.witnessed);
    CHECK((verified.findings.empty() ? "" : to_string(verified.findings.front().damage)) ==
          row.found);
  }
  PrunedVerifier v{head};
  CHECK(v.finish(ports::Tip{6, {}}).findings.front().damage == Damage::tip_differs);
}

TEST_CASE("what bytes cite is every digest in quotes") {
  const auto a = hex(sha256("a")), b = hex(sha256("b"));
  std::set<Digest> cited;
  add_cited("{\"x\":\"" + a + "\",\"y\":[\"" + b + "\"],\"short\":\"" + a.substr(1) +
                "\",\"in text\":\"see " + hex(sha256("c")) + "\"}",
            cited);
  CHECK(cited == std::set<Digest>{sha256("a"), sha256("b")});
  add_cited("\"" + a, cited);
  add_cited("", cited);
  CHECK(cited.size() == 2);
}
