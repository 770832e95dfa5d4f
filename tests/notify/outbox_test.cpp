// At least once, whatever dies in between; and nothing for ever.
#include "tests/catch.hpp"
#include "world.hpp"

namespace muster::notify::test {
namespace {

namespace kinds = journal::kinds;
using namespace std::chrono_literals;
using Got = std::vector<std::string>;

TEST_CASE("a notice is durable before it is sent, and goes to every channel of its routes") {
  World world;
  Process process{world};
  process.outbox.tell(a_notice("r/verdict", NoticeOf::verdict));
  CHECK(process.outbox.waiting() == 1);
  CHECK(process.receivers.at_once.empty());
  world.timeline.pass(2ms);
  CHECK(world.count(kinds::kNoticeQueued) == 1);
  world.timeline.pass(1s);
  CHECK(process.receivers.got == Got{"ops r/verdict", "pager r/verdict"});
  CHECK(world.count(kinds::kNoticeDelivered) == 2);
  CHECK(process.outbox.waiting() == 0);
  CHECK(process.outbox.queue().standing("r/verdict") == Announced::delivered);
}

TEST_CASE("the same event is told once, also by the next process") {
  World world;
  {
    Process process{world};
    process.outbox.tell(a_notice("r/start"));
    process.outbox.tell(a_notice("r/start"));
    world.timeline.pass(1s);
    process.outbox.tell(a_notice("r/start"));
    world.timeline.pass(1s);
    CHECK(process.receivers.got == Got{"ops r/start"});
  }
  Process next{world};
  next.outbox.tell(a_notice("r/start"));
  world.timeline.pass(1s);
  CHECK(next.receivers.got.empty());
}

TEST_CASE("nobody wants it: nothing is written") {
  World world;
  Process process{world};
  process.outbox.tell(a_notice("r/abort", NoticeOf::abort));
  world.timeline.pass(1s);
  CHECK(world.log.empty());
}

TEST_CASE("a receiver that is down is tried again, ever more seldom, and told when it is back") {
  World world;
  Process process{world};
  process.receivers.down = {"ops"};
  process.outbox.tell(a_notice("r/start"));
  world.timeline.pass(10min);
  CHECK(world.count(kinds::kNoticeFailed) ==
        1);  // the first one says why; a hundred more would not
  CHECK(world.log.back().outcome == kRetry);
  CHECK(process.outbox.queue().find("r/start")->to.at("ops").why == "connection refused");
  CHECK(process.outbox.under_way() == 0);
  CHECK(process.outbox.waiting() == 1);
  process.receivers.down.clear();
  world.timeline.pass(15min);
  CHECK(process.receivers.got == Got{"ops r/start"});
  CHECK(process.outbox.waiting() == 0);
}

TEST_CASE("after a day it is given up, and said") {
  World world;
  Process process{world};
  process.receivers.down = {"ops"};
  process.outbox.tell(a_notice("r/start"));
  world.timeline.pass(25h);
  CHECK(world.log.back().action == kinds::kNoticeFailed);
  CHECK(world.log.back().outcome == kGivenUp);
  CHECK(process.outbox.waiting() == 0);
  CHECK(process.outbox.queue().standing("r/start") == Announced::failed);
  CHECK(world.complaints.size() == 2);
  SECTION("by hand it begins anew") {
    process.receivers.down.clear();
    CHECK(process.outbox.retry("") == 1);
    world.timeline.pass(1s);
    CHECK(process.receivers.got == Got{"ops r/start"});
    CHECK(process.outbox.queue().standing("r/start") == Announced::delivered);
  }
}

TEST_CASE("by hand, while others of the same channel are under way: each is told once") {
  World world;
  {
    Process process{world};
    process.receivers.down = {"ops"};
    for (int i = 0; i < 3; ++i) process.outbox.tell(a_notice("r/" + std::to_string(i)));
    world.timeline.pass(1s);
  }
  Process next{world};
  CHECK(next.outbox.retry("") == 2);  // the first one is being sent already
  world.timeline.pass(5s);
  CHECK(next.receivers.got == Got{"ops r/0", "ops r/1", "ops r/2"});
  CHECK(next.outbox.waiting() == 0);
  CHECK(next.outbox.queue().standing("r/1") == Announced::delivered);
}

TEST_CASE("a channel that is down holds up no other one, nor a newer notice of its own") {
  World world;
  Process process{world};
  process.receivers.down = {"ops"};
  process.outbox.tell(a_notice("r/verdict", NoticeOf::verdict));
  world.timeline.pass(200ms);
  CHECK(process.receivers.got == Got{"pager r/verdict"});
  process.receivers.down.clear();
  process.outbox.tell(a_notice("r/start"));
  world.timeline.pass(200ms);
  CHECK(process.receivers.got == Got{"pager r/verdict", "ops r/start"});
}

TEST_CASE("one at a time to each channel, the oldest first") {
  World world;
  Process process{world};
  for (int i = 0; i < 5; ++i) process.outbox.tell(a_notice("r/" + std::to_string(i)));
  world.timeline.pass(2s);
  CHECK(process.receivers.got == Got{"ops r/0", "ops r/1", "ops r/2", "ops r/3", "ops r/4"});
  CHECK(process.receivers.most_at_once.at("ops") == 1);
}

TEST_CASE("a process that dies at any moment loses nothing that was queued; ids stay") {
  // Killed after each of these times: before the entry, in the middle of the delivery, after the
  // answer and before that is durable, and after all of it.
  for (const auto died_after : {1ms, 3ms, 30ms, 53ms, 54ms, 500ms}) {
    CAPTURE(died_after.count());
    World world;
    auto first = std::make_unique<Process>(world);
    first->outbox.tell(a_notice("r/start"));
    world.timeline.pass(died_after);
    const bool queued = world.count(kinds::kNoticeQueued) == 1;
    const auto got_before = first->receivers.got;
    first->receivers.dead = true;
    Process next{world};
    world.timeline.pass(5s);
    auto all = first->receivers.got;
    all.insert(all.end(), next.receivers.got.begin(), next.receivers.got.end());
    if (queued) CHECK(!all.empty());
    CHECK(all.size() <= 2);  // at least once, and the same id
    for (const auto& one : all) CHECK(one == "ops r/start");
    if (world.count(kinds::kNoticeDelivered) == 1 && died_after == 500ms)
      CHECK(next.receivers.got.empty());
  }
}

TEST_CASE("a log that takes nothing: it is said, nothing is sent, and it can be told again") {
  World world;
  Process process{world};
  world.log_is_full = true;
  process.outbox.announce({"orders-loss", "", "", {}, "2026-12-01 10:00", {}}, 24h);
  CHECK(process.outbox.announced("orders-loss", "2026-12-01 10:00", 24h) == Announced::pending);
  world.timeline.pass(1s);
  CHECK(process.outbox.announced("orders-loss", "2026-12-01 10:00", 24h) == Announced::nobody);
  CHECK(process.receivers.got.empty());
  REQUIRE(world.complaints.size() == 1);
  CHECK(world.complaints[0].find("no room") != std::string::npos);
}

TEST_CASE("the scheduler learns what became of an announcement") {
  World world;
  Process process{world};
  const Occurrence tuesday{"orders-loss",
                           "Orders",
                           "dba",
                           {"lab"},
                           "2026-12-01 10:00 Europe/Berlin",
                           wall_time(1'796'115'600'000'000'000)};
  const auto standing = [&](Duration ahead) {
    return process.outbox.announced("orders-loss", tuesday.nominal, ahead);
  };
  CHECK(standing(24h) == Announced::nobody);
  process.receivers.down = {"pager"};
  process.outbox.announce(tuesday, 24h);
  world.timeline.pass(1s);
  CHECK(standing(24h) == Announced::pending);
  process.receivers.down.clear();
  world.timeline.pass(1min);
  CHECK(standing(24h) == Announced::delivered);
  process.outbox.announce(tuesday, 48h);  // no route wants it so early
  CHECK(standing(48h) == Announced::nobody);
}

TEST_CASE("a channel that is no longer in the file is given up, not waited for") {
  World world;
  {
    Process process{world};
    process.receivers.down = {"ops"};
    process.outbox.tell(a_notice("r/start"));
    world.timeline.pass(1s);
    process.receivers.dead = true;
  }
  world.notifications.channels.erase(world.notifications.channels.begin());
  Process next{world};
  world.timeline.pass(1s);
  CHECK(world.log.back().outcome == kGivenUp);
  CHECK(next.outbox.waiting() == 0);
}

TEST_CASE("a damaged entry is an error, and no guess") {
  World world;
  Process process{world};
  journal::Draft draft;
  draft.action = kinds::kNoticeDelivered;
  draft.data = settled_data("r/none", "ops", 1, "");
  CHECK_FALSE(process.outbox.load(journal::entry_of(draft, {})));
  draft.action = kinds::kNoticeQueued;
  draft.data = Json{{"id", "x"}, {"to", {"ops"}}, {"notice", {{"id", 5}}}};
  CHECK_FALSE(process.outbox.load(journal::entry_of(draft, {})));
}

}  // namespace
}  // namespace muster::notify::test
