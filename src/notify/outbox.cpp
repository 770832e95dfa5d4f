#include "notify/outbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "journal/kinds.hpp"
#include "journal/run_state.hpp"
#include "notify/message.hpp"

namespace muster::notify {

namespace kinds = journal::kinds;

namespace {

/// A storm of events must not fill the log: what comes above it is said, and dropped.
constexpr std::size_t kWaitingMax = 2'000;

}  // namespace

struct Outbox::State : std::enable_shared_from_this<State> {
  using Key = std::pair<std::string, std::string>;  // id, channel

  State(model::Notifications n, Around a) : notifications{std::move(n)}, around{std::move(a)} {}

  /// What this process knows beside the record.
  struct Try {
    unsigned attempts = 0;
    Instant due{};
    bool in_flight = false;
  };

  model::Notifications notifications;
  Around around;
  Queue queue;
  std::map<Key, Try> tries;     // what is queued, durably
  std::set<std::string> known;  // ids that are queued, or are being written
  std::size_t writing = 0;
  std::optional<ports::Clock::Timer> timer;
  bool stopped = false;

  void complain(const std::string& text) {
    if (around.complain) around.complain(text);
  }

  /// Writes it, and calls `then` with whether it is durable.
  void write(std::string_view action, std::string_view outcome, Json data, const Notice& about,
             std::function<void(bool)> then) {
    journal::Draft draft;
    draft.drill = about.drill;
    draft.run = about.run;
    draft.action = action;
    draft.outcome = outcome;
    draft.data = std::move(data);
    draft.ts = around.clock.wall();
    draft.at = around.clock.now();
    ++writing;
    around.write(draft, [weak = weak_from_this(), draft,
                         then = std::move(then)](const journal::Written& written) {
      const auto self = weak.lock();
      if (!self) return;
      --self->writing;
      const bool durable = written.commit == ports::Commit::durable;
      if (durable)
        (void)self->queue.apply(journal::entry_of(draft, {}));
      else
        self->complain(fmt::format("WARNING: '{}' of {} could not be recorded: {}", draft.action,
                                   draft.data.value("id", ""), written.why));
      then(durable);
    });
  }

  void enqueue(Notice notice, std::optional<Duration> ahead) {
    notice = fit(std::move(notice), around.without_secrets);
    const auto channels = channels_for(notifications, notice, ahead);
    if (channels.empty() || known.contains(notice.id)) return;
    if (tries.size() + writing >= kWaitingMax)
      return complain(fmt::format("WARNING: nobody is told of {}: {} notices wait already",
                                  notice.id, kWaitingMax));
    known.insert(notice.id);
    const std::string id = notice.id;
    write(kinds::kNoticeQueued, "", queued_data(notice, channels), notice,
          [this, id, channels](bool good) {
            if (!good) return void(known.erase(id));
            for (const auto& channel : channels)
              tries[{id, channel}] = {0, around.clock.now(), false};
            pump();
          });
  }

  /// Sends what is due, one at a time to each channel, and wakes when the next one is.
  void pump() {
    if (stopped) return;
    std::set<std::string> busy;
    for (const auto& [key, one] : tries)
      if (one.in_flight) busy.insert(key.second);
    const Instant now = around.clock.now();
    std::map<std::string, std::pair<WallTime, Key>> first;  // the oldest of each channel
    std::optional<Instant> next;
    for (const auto& [key, one] : tries) {
      if (one.in_flight) continue;
      if (one.due > now) {
        next = next ? std::min(*next, one.due) : one.due;
      } else if (!busy.contains(key.second)) {
        const std::pair candidate{queue.find(key.first)->notice.at, key};
        const auto [it, added] = first.try_emplace(key.second, candidate);
        if (!added) it->second = std::min(it->second, candidate);
      }
    }
    if (timer) around.clock.cancel(*timer);
    timer.reset();
    if (next)
      timer = around.clock.at(*next, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->pump();
      });
    // One that cannot be sent at all is settled at once, and may have led here once more.
    for (const auto& [channel, one] : first)
      if (const auto it = tries.find(one.second); it != tries.end() && !it->second.in_flight)
        send(one.second);
  }

  void send(const Key& key) {
    auto& one = tries.at(key);
    ++one.attempts;
    const auto* channel = notifications.channel(key.second);
    if (!channel)
      return settle(key, {false, fmt::format("there is no channel {} any more", key.second)}, true);
    one.in_flight = true;
    around.messenger.send(message_of(*channel, queue.find(key.first)->notice),
                          [weak = weak_from_this(), key](const ports::Told& told) {
                            const auto self = weak.lock();
                            if (!self) return;
                            self->settle(key, told, false);
                            self->pump();
                          });
  }

  void settle(const Key& key, const ports::Told& told, bool for_good) {
    auto& one = tries.at(key);
    one.in_flight = false;
    const Notice& about = queue.find(key.first)->notice;
    const auto data = settled_data(key.first, key.second, one.attempts, told.said);
    if (told.good) {
      tries.erase(key);
      return write(kinds::kNoticeDelivered, "", data, about, [this](bool) { pump(); });
    }
    const Duration age = around.clock.wall() - queue.find(key.first)->to.at(key.second).queued;
    const auto wait = for_good ? std::nullopt : wait_after(one.attempts, age);
    if (!wait) {
      complain(fmt::format("WARNING: {} was not told of {}: {}", key.second, key.first, told.said));
      tries.erase(key);
      return write(kinds::kNoticeFailed, kGivenUp, data, about, [this](bool) { pump(); });
    }
    one.due = around.clock.now() + *wait;
    // The first one is recorded, so that `muster notify list` can say what is the matter; a hundred
    // more of them would say the same.
    if (one.attempts > 1) return;
    complain(fmt::format("{} could not be told of {} (it is tried again): {}", key.second,
                         key.first, told.said));
    write(kinds::kNoticeFailed, kRetry, data, about, [](bool) {});
  }
};

Outbox::Outbox(model::Notifications notifications, Around around)
    : state_{std::make_shared<State>(std::move(notifications), std::move(around))} {}

Outbox::~Outbox() {
  state_->stopped = true;
  if (state_->timer) state_->around.clock.cancel(*state_->timer);
}

Result<> Outbox::load(const journal::Entry& entry) {
  if (const auto applied = state_->queue.apply(entry); !applied) return applied;
  if (entry.action == kinds::kNoticeQueued) state_->known.insert(entry.data.value("id", ""));
  return {};
}

void Outbox::start() {
  auto& s = *state_;
  for (const auto& [id, item] : s.queue.items())
    for (const auto& [channel, told] : item.to)
      if (told.is == Delivery::queued) s.tries[{id, channel}] = {0, s.around.clock.now(), false};
  s.pump();
}

void Outbox::tell(Notice notice, std::optional<Duration> ahead) {
  state_->enqueue(std::move(notice), ahead);
}

void Outbox::announce(const Occurrence& occurrence, Duration ahead) {
  tell(announcement(occurrence, ahead, state_->around.clock.wall()), ahead);
}

Announced Outbox::announced(const std::string& drill, const std::string& nominal,
                            Duration ahead) const {
  const auto id = announcement_id(drill, nominal, ahead);
  const auto standing = state_->queue.standing(id);
  return standing == Announced::nobody && state_->known.contains(id) ? Announced::pending
                                                                     : standing;
}

std::size_t Outbox::retry(const std::string& id) {
  auto& s = *state_;
  std::size_t count = 0;
  for (const auto& [one, item] : s.queue.items()) {
    if (!id.empty() && one != id) continue;
    std::vector<std::string> again;
    for (const auto& [channel, told] : item.to) {
      if (told.is == Delivery::delivered) continue;
      const auto it = s.tries.find({one, channel});
      if (it != s.tries.end() && it->second.in_flight) continue;
      again.push_back(channel);
    }
    if (again.empty()) continue;
    count += again.size();
    // It is queued durably since long: this entry says that it begins anew, and stands in the log
    // before what comes of it. Nothing waits for it, or it would meet a delivery begun meanwhile.
    s.write(kinds::kNoticeQueued, "", queued_again_data(one, again), item.notice, [](bool) {});
    for (const auto& channel : again) s.tries[{one, channel}] = {0, s.around.clock.now(), false};
  }
  s.pump();
  return count;
}

std::size_t Outbox::waiting() const {
  return state_->tries.size() + state_->writing;
}

std::size_t Outbox::under_way() const {
  const Instant now = state_->around.clock.now();
  return state_->writing + static_cast<std::size_t>(std::count_if(
                               state_->tries.begin(), state_->tries.end(), [&](const auto& one) {
                                 return one.second.in_flight || one.second.due <= now;
                               }));
}

const Queue& Outbox::queue() const {
  return state_->queue;
}

}  // namespace muster::notify
