// The locks of a run on its hosts: taken in sorted order, leased, given back. Whose a host is, the
// host decides (docs/protocol.md).
#include <fmt/format.h>

#include <memory>

#include "engine/hosts.hpp"
#include "engine/markers.hpp"
#include "engine/preflight.hpp"

namespace muster::engine {

using ports::Answer;
using ports::Said;
using ports::Verb;

/// A lock is leased too: a dead runner's hosts are free again after a while.
void Preflight::keep_locks() {
  if (stopped_) return;
  core_.at(core_.now() + core_.settings().relock_every, [this] { keep_locks(); });
  for (const auto& host : locked_)
    if (host != core_.plan().guardian)
      core_.call(lock_call(core_, host), false, [this, host](const Answer& answer) {
        if (stopped_ || answer.said != Said::exists) return;
        forget(host);
        on_lost_("the lock was lost: " +
                 locked_by(host, fields_of(answer.evidence), core_.settings().store));
      });
}

void Preflight::lock_next() {
  if (stopped_) return;
  if (to_lock_.empty()) {
    core_.at(core_.now() + core_.settings().relock_every, [this] { keep_locks(); });
    return done_({});
  }
  const std::string host = to_lock_.back();
  to_lock_.pop_back();
  // Noted before the answer: a lock whose answer was lost is given back too.
  locked_.push_back(host);
  locking_ = true;
  core_.call(lock_call(core_, host), false, [this, host](const Answer& answer) {
    locking_ = false;
    if (answer.said == Said::exists) locked_.pop_back();
    if (when_answered_) return std::exchange(when_answered_, nullptr)();
    if (answer.said == Said::yes) return lock_next();
    if (answer.said == Said::exists)
      return done_({locked_by(host, fields_of(answer.evidence), core_.settings().store)});
    done_({fmt::format("{} could not be locked: {}", host, told(answer))});
  });
}

void Preflight::adopt_locks() {
  for (const auto& [slot, hosts] : core_.state().targets)
    for (const auto& host : hosts)
      if (core_.state().hosts.contains(host)) locked_.push_back(host);
  if (core_.state().hosts.contains(core_.plan().guardian)) locked_.push_back(core_.plan().guardian);
}

void Preflight::unlock_all(std::function<void()> done) {
  stopped_ = true;
  if (locking_) {  // stopped in the middle: what that lock takes must be given back too
    when_answered_ = [this, done = std::move(done)] { unlock_all(done); };
    return;
  }
  auto left = std::make_shared<std::size_t>(locked_.size() + 1);
  auto one = std::make_shared<std::function<void()>>([left, done = std::move(done)] {
    if (--*left == 0) done();
  });
  for (const auto& host : locked_) {
    ports::Call call;
    call.host = core_.plan().hosts.at(host).address;
    call.verb = Verb::unlock;
    call.values["store"] = core_.settings().store;
    call.within = core_.settings().renew_every;
    core_.call(std::move(call), true, [one](const Answer&) { (*one)(); });
  }
  locked_.clear();
  (*one)();
}

}  // namespace muster::engine
