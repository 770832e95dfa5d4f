#include "journal/writer.hpp"

#include "journal/logs.hpp"
#include "journal/reader.hpp"
#include "journal/verify.hpp"
#include "tests/catch.hpp"
#include "tests/journal/loop.hpp"
#include "tests/journal/records.hpp"
#include "tests/sim/store.hpp"

using namespace muster;
using namespace muster::journal;
using ports::Commit;
using sim::Fault;
using test::a_draft;
using test::a_run;

namespace {

const std::string kRun = a_run().run;

/// A runner with one writer on a simulated disk. The first write on the disk is the hold.
struct Runner {
  explicit Runner(std::map<std::uint64_t, Fault> faults = {},
                  std::shared_ptr<sim::Disk> on = std::make_shared<sim::Disk>(),
                  Writes writes = Writes::stand_alone)
      : disk(std::move(on)) {
    sim::StorePlan plan;
    plan.faults = std::move(faults);
    plan.on_kill = [this] { writer.reset(); };
    store.emplace(
        disk, [this](Duration d, std::function<void()> f) { loop.after(d, std::move(f)); }, plan);
    writer.emplace(*store, run_log(kRun), a_run(), writes);
    writer->open(std::chrono::seconds{30}, [this](const Result<ports::Tip>& tip) { opened = tip; });
    loop.drain();
  }

  /// Hands over a write of `count` entries; its answer will be in `written` under `name`.
  void write(const std::string& name, int count = 1, Write w = {}) {
    for (int i = 0; i < count; ++i) w.drafts.push_back(a_draft(kinds::kStepStarted, name));
    REQUIRE(writer->write(std::move(w), [this, name](const Written& answer) {
      written[name] = answer;
      order += name;
    }));
  }
  std::string outcome(const std::string& name) const {
    const auto at = written.find(name);
    return at == written.end() ? "none" : std::string{to_string(at->second.commit)};
  }
  const std::vector<std::string>& log() { return disk->logs[run_log(kRun)].entries; }
  bool intact() { return verify(log(), kRun, {}, disk->tip(run_log(kRun))).intact(); }

  test::Loop loop;
  std::shared_ptr<sim::Disk> disk;
  std::optional<sim::Store> store;
  std::optional<Writer> writer;
  Result<ports::Tip> opened = Error{"not opened"};
  std::map<std::string, Written> written;
  std::string order;
};

Write claiming(const std::string& key, const std::string& who) {
  Write w;
  w.guards.push_back({key, std::nullopt});
  w.puts.push_back({key, who});
  return w;
}

}  // namespace

TEST_CASE("writes that wait share one commit, and each learns its own place") {
  Runner r;
  REQUIRE(r.opened);
  r.write("a", 2);  // goes alone: nothing is in flight
  r.write("b");
  r.write("c", 3);
  CHECK(r.order.empty());  // never from inside the call
  r.loop.drain();
  CHECK(r.order == "abc");
  CHECK(r.disk->writes == 3);  // hold, a, b + c
  CHECK(r.written["a"].first_seq == 0);
  CHECK(r.written["b"].first_seq == 2);
  CHECK(r.written["c"].first_seq == 3);
  CHECK(r.log().size() == 6);
  CHECK(r.intact());
}

TEST_CASE("the next writer goes on at a higher epoch where the last one ended") {
  auto disk = std::make_shared<sim::Disk>();
  {
    Runner first({}, disk);
    first.write("a", 2);
    first.loop.drain();
  }
  Runner second({}, disk);
  CHECK(second.opened->size == 2);
  CHECK(second.writer->epoch() == 2);
  second.write("b");
  second.loop.drain();
  CHECK(second.written["b"].first_seq == 2);
  CHECK(second.intact());
}

TEST_CASE("each way a commit can end has one consequence") {
  struct Row {
    Fault fault;  // of the second write on the disk: the commit of a
    const char* a;
    const char* b;  // handed over after a was answered
    std::size_t entries;
  };
  for (const auto& row :
       {Row{Fault::full, "full", "durable", 1}, Row{Fault::conflict, "conflict", "durable", 1},
        Row{Fault::failed, "failed", "failed", 0},
        Row{Fault::unknown_landed, "durable", "durable", 2},
        Row{Fault::unknown_lost, "durable", "durable", 2},
        Row{Fault::killed_before, "none", "none", 0},
        Row{Fault::killed_after, "none", "none", 1}}) {
    CAPTURE(row.a, row.entries);
    Runner r{{{2, row.fault}}};
    r.write("a");
    r.loop.drain();
    if (r.writer) r.write("b");
    r.loop.drain();
    CHECK(r.outcome("a") == row.a);
    CHECK(r.outcome("b") == row.b);
    CHECK(r.log().size() == row.entries);
    CHECK(r.intact());
  }
}

TEST_CASE("a commit that is lost again and again is given up") {
  std::map<std::uint64_t, Fault> always;
  for (std::uint64_t n = 2; n < 20; ++n) always[n] = Fault::unknown_lost;
  Runner r{always};
  r.write("a");
  r.loop.drain();
  CHECK(r.outcome("a") == "failed");
  CHECK(r.log().empty());
}

TEST_CASE("of writes that share a commit, only the one that is refused is") {
  Runner r;
  r.write("a");
  r.loop.drain();
  r.disk->rows["claim/db-1"] = "another run";
  r.write("b");  // in flight; the rest waits together
  r.write("c");
  r.write("d", 1, claiming("claim/db-1", kRun));
  r.write("e", 1, claiming("claim/db-2", kRun));
  r.loop.drain();
  CHECK(r.order == "abcde");
  CHECK(r.outcome("c") == "durable");
  CHECK(r.outcome("d") == "conflict");
  CHECK(r.outcome("e") == "durable");
  CHECK(r.disk->rows["claim/db-1"] == "another run");
  CHECK(r.disk->rows["claim/db-2"] == kRun);
  CHECK(r.intact());
}

TEST_CASE("what was built on a write that is refused is refused as well") {
  for (const bool together : {false, true}) {
    CAPTURE(together);
    // The commit of "lost", which may share one with what follows it.
    Runner r{{{together ? 3 : 2, Fault::full}, {4, Fault::full}},
             std::make_shared<sim::Disk>(),
             Writes::build_on};
    if (together) r.write("first");
    r.write("lost");
    r.write("built on it");
    r.loop.drain();
    r.write("later");
    r.loop.drain();
    CHECK(r.outcome("lost") == "full");
    CHECK(r.outcome("built on it") == "full");
    CHECK(r.outcome("later") == "full");
    CHECK(r.log().size() == (together ? 1 : 0));
    CHECK(r.intact());
  }
}

TEST_CASE("two writes that want one row never share a commit") {
  Runner r;
  r.write("a");
  r.write("b", 1, claiming("claim/db-1", "b"));
  r.write("c", 1, claiming("claim/db-1", "c"));
  r.loop.drain();
  CHECK(r.outcome("b") == "durable");
  CHECK(r.outcome("c") == "conflict");
  CHECK(r.disk->rows["claim/db-1"] == "b");
}

TEST_CASE("who was overtaken writes no more") {
  auto disk = std::make_shared<sim::Disk>();
  Runner old({}, disk);
  Runner taken_over({}, disk);
  taken_over.write("new");
  taken_over.loop.drain();
  old.write("late");
  old.loop.drain();
  old.write("later");
  old.loop.drain();
  CHECK(old.outcome("late") == "fenced");
  CHECK(old.outcome("later") == "fenced");
  CHECK(disk->logs[run_log(kRun)].entries.size() == 1);
}

TEST_CASE("drafts that cannot be sealed are refused before anything is queued") {
  Runner r;
  Write none;
  CHECK_FALSE(r.writer->write(none, [](const Written&) { FAIL("answered"); }));
  Write fraction;
  fraction.drafts.push_back(a_draft(kinds::kMeasured));
  fraction.drafts.back().data["rta"] = 0.5;
  CHECK_FALSE(r.writer->write(fraction, [](const Written&) { FAIL("answered"); }));
  Write many;
  many.drafts.assign(257, a_draft(kinds::kRequest));
  CHECK_FALSE(r.writer->write(many, [](const Written&) { FAIL("answered"); }));
  r.loop.drain();
  CHECK(r.disk->writes == 1);
}

TEST_CASE("a writer that is gone answers nobody") {
  Runner r;
  r.write("a");
  r.writer.reset();
  r.loop.drain();
  CHECK(r.outcome("a") == "none");
}

TEST_CASE("an answer may write, and may end the writer") {
  Runner r;
  Write w;
  w.drafts.push_back(a_draft(kinds::kStepStarted, "a"));
  REQUIRE(r.writer->write(w, [&](const Written&) { r.write("b"); }));
  r.loop.drain();
  CHECK(r.outcome("b") == "durable");
  REQUIRE(r.writer->write(w, [&](const Written&) { r.writer.reset(); }));
  r.loop.drain();
  CHECK(r.log().size() == 3);
}

TEST_CASE("a log is read to its end, page by page") {
  Runner r;
  Write w;
  w.drafts.assign(256, a_draft(kinds::kSamplesSealed));
  for (auto& d : w.drafts) d.data["evidence"] = std::string(40'000, 'x');
  REQUIRE(r.writer->write(w, [](const Written&) {}));
  r.loop.drain();
  Verifier verifier{kRun};
  std::uint64_t next = 0;
  std::optional<Result<std::uint64_t>> end;
  read_log(
      *r.store, run_log(kRun),
      [&](const ports::Stored& e) {
        CHECK(e.seq == next++);
        verifier.add(e.bytes);
      },
      [&](const Result<std::uint64_t>& count) { end = count; });
  r.loop.drain();
  REQUIRE(end);
  CHECK(**end == 256);
  CHECK(verifier.finish().intact());
}
