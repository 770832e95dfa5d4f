// An outbox in a process of its own: virtual time, a log that outlives it, receivers that do as
// they are told.
#pragma once
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "journal/kinds.hpp"
#include "journal/run_state.hpp"
#include "notify/outbox.hpp"
#include "tests/sim/timeline.hpp"

namespace muster::notify::test {

class Clock final : public ports::Clock {
 public:
  explicit Clock(sim::Timeline& timeline) : timeline_{timeline} {}
  Instant now() const override { return timeline_.now(); }
  WallTime wall() const override { return timeline_.wall(); }
  Timer at(Instant when, std::function<void()> fn) override {
    return timeline_.at(when, std::move(fn));
  }
  void cancel(Timer timer) override { timeline_.cancel(timer); }

 private:
  sim::Timeline& timeline_;
};

/// What other sides do, and what they got; a channel is told by its command's first word.
class Receivers final : public ports::Messenger {
 public:
  explicit Receivers(sim::Timeline& timeline) : timeline_{timeline} {}
  std::set<std::string> down;  ///< These refuse.
  Duration takes = std::chrono::milliseconds{50};
  std::vector<std::string> got;  ///< "channel id", in order, also what came twice
  std::map<std::string, unsigned> at_once, most_at_once;
  bool dead = false;  ///< The process: no answer reaches it any more.

  void send(ports::Message message, std::function<void(const ports::Told&)> done) override {
    const auto& command = std::get<ports::LocalCommand>(message.what);
    const auto channel = command.argv.front();
    most_at_once[channel] = std::max(most_at_once[channel], ++at_once[channel]);
    timeline_.after(takes, [this, channel, input = command.input, done = std::move(done)] {
      --at_once[channel];
      const bool good = !down.contains(channel);
      if (good) got.push_back(channel + " " + Json::parse(input).at("id").get<std::string>());
      if (!dead) done({good, good ? "" : "connection refused"});
    });
  }

 private:
  sim::Timeline& timeline_;
};

struct World {
  sim::Timeline timeline;
  Clock clock{timeline};
  std::vector<journal::Entry> log;
  bool log_is_full = false;
  std::vector<std::string> complaints;
  model::Notifications notifications;

  World() {
    for (const auto* name : {"ops", "pager"}) {
      model::Channel channel;
      channel.name = {name, {}};
      channel.kind = model::Channel::Kind::command;
      channel.argv = {name};
      notifications.channels.push_back(channel);
    }
    route({NoticeOf::verdict, NoticeOf::start}, {"ops"});
    route({NoticeOf::verdict, NoticeOf::before}, {"pager"});
    notifications.routes.back().at = {std::chrono::hours{24}, std::chrono::minutes{15}};
  }
  void route(std::vector<NoticeOf> events, const std::vector<std::string>& to) {
    model::NoticeRoute route;
    route.events = std::move(events);
    for (const auto& name : to) route.to.push_back({name, {}});
    notifications.routes.push_back(std::move(route));
  }
  std::size_t count(std::string_view kind) const {
    return static_cast<std::size_t>(
        std::count_if(log.begin(), log.end(), [&](const auto& e) { return e.action == kind; }));
  }
};

/// A process: its outbox, and what its messages meet.
struct Process {
  World& world;
  Receivers receivers{world.timeline};
  Outbox outbox;

  explicit Process(World& w)
      : world{w},
        outbox{w.notifications,
               {w.clock, receivers,
                [&w](journal::Draft draft, const journal::OnWritten& answer) {
                  w.timeline.after(std::chrono::milliseconds{2}, [&w, draft, answer] {
                    if (w.log_is_full) return answer({ports::Commit::full, "no room", 0, {}});
                    w.log.push_back(journal::entry_of(draft, {}));
                    w.log.back().seq = w.log.size() - 1;
                    answer({ports::Commit::durable, "", w.log.size() - 1, {}});
                  });
                },
                [&w](const std::string& line) { w.complaints.push_back(line); }}} {
    for (const auto& entry : w.log) REQUIRE(outbox.load(entry));
    outbox.start();
  }
};

inline Notice a_notice(const std::string& id, NoticeOf event = NoticeOf::start) {
  Notice n;
  n.id = id;
  n.event = event;
  n.drill = "orders-loss";
  n.headline = "something happened";
  n.at = wall_time(1'795'382'105'000'000'000);
  return n;
}

}  // namespace muster::notify::test
