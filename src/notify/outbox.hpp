// Tells people, at least once. A notice is durable in the workspace's log before it is sent; it is
// tried again with back-off, and given up after a day; what a process that ended left queued, the
// next one that holds the store sends. Nothing here holds up a run: everything is said to it and
// left to it.
//
// One a process, for all of its runs. Thread: the engine's. What it is not: a record of the runs;
// an event whose notice could not be written is said to `complain`, and lost.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "journal/writer.hpp"
#include "notify/of_schedule.hpp"
#include "notify/queue.hpp"
#include "notify/route.hpp"
#include "ports/clock.hpp"
#include "ports/messenger.hpp"

namespace muster::notify {

class Outbox {
 public:
  struct Around {
    ports::Clock& clock;
    ports::Messenger& messenger;
    /// Appends to the workspace's log; its answer comes later, never from inside the call.
    std::function<void(journal::Draft, journal::OnWritten)> write;
    std::function<void(const std::string&)> complain;              ///< For people; may be empty.
    std::function<std::string(std::string)> without_secrets = {};  ///< May be empty.
  };
  /// Everything in `around` must outlive it.
  Outbox(model::Notifications notifications, Around around);
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  /// One entry of the workspace's log as it was; before start().
  Result<> load(const journal::Entry& entry);
  /// Goes on with what is queued.
  void start();

  /// Queues it for every channel that its routes name, unless that was done before.
  void tell(Notice notice, std::optional<Duration> ahead = std::nullopt);

  void announce(const Occurrence& occurrence, Duration ahead);
  /// What became of that announcement; `nobody` when no route wants it, or it was not made.
  Announced announced(const std::string& drill, const std::string& nominal, Duration ahead) const;

  /// Tries once more what was given up or waits; "" for all of it. How many deliveries that are.
  std::size_t retry(const std::string& id);

  /// Deliveries that are neither made nor given up, and entries that are not durable yet.
  std::size_t waiting() const;
  /// The same, but for what waits for a later attempt.
  std::size_t under_way() const;
  const Queue& queue() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace muster::notify
