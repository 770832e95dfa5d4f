// Entries as events, as they become durable: nothing is lost, nothing comes twice.
#include "api/log_feed.hpp"

#include "tests/catch.hpp"
#include "tests/journal/loop.hpp"
#include "tests/sim/store.hpp"

namespace muster::api {
namespace {

const ports::LogId kLog = "run/r1";

struct Feeds {
  muster::test::Loop loop;
  std::shared_ptr<sim::Disk> disk = std::make_shared<sim::Disk>();
  sim::Store inner{disk, [this](Duration d, std::function<void()> f) { loop.after(d, f); }};
  WatchedStore store{inner};
  std::uint64_t epoch = 0;

  Feeds() {
    epoch = loop.answer<Result<std::uint64_t>>(
                    [&](auto done) { store.hold(kLog, std::chrono::seconds{60}, done); })
                .value();
  }
  void commit(std::vector<std::string> entries, ports::LogId log = kLog) {
    ports::Batch batch;
    batch.log = log;
    batch.epoch = epoch;
    batch.before = disk->tip(log);
    batch.entries = std::move(entries);
    store.commit(std::move(batch), [](ports::Commit commit, const std::string& why) {
      INFO(why);
      CHECK(commit == ports::Commit::durable);
    });
  }
};

/// What a client would have taken so far.
struct Reader {
  std::shared_ptr<Feed> feed;
  std::string heard = {};
  int pieces = 0;
  void ask() {
    feed->next([this](std::string piece) {
      heard += piece;
      ++pieces;
      if (!piece.empty()) ask();
    });
  }
};

TEST_CASE("an event has its place in the log, and the entry's bytes") {
  CHECK(event_of(kLog, {4, R"({"a":"ü"})"}) == "id: run/r1:4\ndata: {\"a\":\"ü\"}\n\n");
  CHECK(event_of("workspace", {0, "a\nb"}) == "id: workspace:0\nevent: damaged\ndata: YQpi\n\n");
  CHECK(event_of(kLog, {1, "\xff"}) == "id: run/r1:1\nevent: damaged\ndata: /w==\n\n");
}

TEST_CASE("an event's id is read of its own log alone") {
  CHECK(seq_of("run/r1:17", kLog) == 17);
  for (const auto* wrong : {"run/r1:", "run/r1:x", "run/r1:1x", "run/r1:-1", "run/r2:1", "17", "",
                            "run/r1:99999999999999999999", "run/r1:9007199254740992"})
    CHECK_FALSE(seq_of(wrong, kLog));
}

TEST_CASE("what was there and what comes is told once, in order") {
  Feeds feeds;
  feeds.commit({"{\"n\":0}", "{\"n\":1}"});
  feeds.loop.drain();
  Reader reader{log_feed(feeds.store, kLog, 1)};
  reader.ask();
  feeds.loop.drain();
  CHECK(reader.heard == event_of(kLog, {1, "{\"n\":1}"}));
  // While it reads, and while it waits.
  feeds.commit({"{\"n\":2}"});
  feeds.loop.drain();
  feeds.commit({"{\"n\":3}", "{\"n\":4}"});
  feeds.loop.drain();
  std::string expected;
  for (std::uint64_t n = 1; n < 5; ++n)
    expected += event_of(kLog, {n, "{\"n\":" + std::to_string(n) + "}"});
  CHECK(reader.heard == expected);
}

TEST_CASE("an entry that becomes durable while the end is being read is not missed") {
  Feeds feeds;
  Reader reader{log_feed(feeds.store, kLog, 0)};
  reader.ask();                 // asks the store ...
  feeds.commit({"{\"n\":0}"});  // ... which answers "nothing" before this lands, or after
  feeds.loop.drain();
  CHECK(reader.heard == event_of(kLog, {0, "{\"n\":0}"}));
}

TEST_CASE("who does not take what there is, is given no more, and it waits in the store") {
  Feeds feeds;
  std::string piece;
  const auto feed = log_feed(feeds.store, kLog, 0);
  feeds.commit({std::string(60'000, 'a')});
  feed->next([&](std::string given) { piece = std::move(given); });
  feeds.loop.drain();
  CHECK(piece.size() > 60'000);
  for (int i = 0; i < 100; ++i) {
    feeds.commit({std::string(60'000, 'b')});
    feeds.loop.drain();
  }
  CHECK(piece.size() < 61'000);
  feed->next([&](std::string given) { piece = std::move(given); });
  feeds.loop.drain();
  CHECK(piece.size() < 300'000);
  CHECK(piece.find("id: run/r1:1\n") == 0);
}

TEST_CASE("what grows elsewhere, and who has gone, is not told") {
  Feeds feeds;
  int told = 0;
  auto watch = feeds.store.watch(kLog, [&] { ++told; });
  feeds.commit({"{}"});
  feeds.loop.drain();
  CHECK(told == 1);
  watch.reset();
  feeds.commit({"{}"});
  feeds.loop.drain();
  CHECK(told == 1);
}

TEST_CASE("a store that fails ends the feed: the client comes again") {
  struct Broken final : ports::Store {
    void commit(ports::Batch, ports::OnCommit) override {}
    void tip(ports::LogId, ports::OnAnswer<ports::Tip>) override {}
    void entries(ports::LogId, std::uint64_t, std::size_t,
                 ports::OnAnswer<std::vector<ports::Stored>> answer) override {
      later = [answer] { answer(Error{"the disk is gone"}); };
    }
    void scan(std::string, std::string, std::size_t,
              ports::OnAnswer<std::vector<ports::Row>>) override {}
    void put_blob(std::string, ports::OnAnswer<Digest>) override {}
    void blob(Digest, ports::OnAnswer<std::string>) override {}
    void erase(ports::Erasure, ports::OnAnswer<void>) override {}
    void hold(ports::LogId, Duration, ports::OnAnswer<std::uint64_t>) override {}
    void release(ports::LogId, std::uint64_t, ports::OnAnswer<void>) override {}
    std::function<void()> later;
  } broken;
  WatchedStore store{broken};
  Reader reader{log_feed(store, kLog, 0)};
  reader.ask();
  broken.later();
  CHECK(reader.pieces == 1);
  CHECK(reader.heard.empty());
}

}  // namespace
}  // namespace muster::api
