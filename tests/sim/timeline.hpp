// Virtual time: everything that will happen, ordered by (time, order of asking). Nothing sleeps.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "ports/clock.hpp"

namespace muster::sim {

class Timeline {
 public:
  Instant now() const { return now_; }
  /// The controller's wall clock runs along, from 2026-01-01 on, as far as nobody sets it.
  WallTime wall() const {
    return WallTime{now_.time_since_epoch()} + std::chrono::hours{24 * 20454} + wall_set_by_;
  }
  void set_wall_by(Duration jump) { wall_set_by_ += jump; }
  std::uint64_t at(Instant when, std::function<void()> fn) {
    const Key key{std::max(when, now_), ++order_};
    events_.emplace(key, std::move(fn));
    by_id_.emplace(order_, key.first);
    return order_;
  }
  std::uint64_t after(Duration d, std::function<void()> fn) { return at(now_ + d, std::move(fn)); }
  void cancel(std::uint64_t id) {
    if (const auto node = by_id_.extract(id)) events_.erase({node.mapped(), id});
  }
  /// Runs the next event, if it is due by `until`.
  bool step(Instant until) {
    if (events_.empty() || events_.begin()->first.first > until) return false;
    auto node = events_.extract(events_.begin());
    now_ = node.key().first;
    by_id_.erase(node.key().second);
    ++ran_;
    node.mapped()();
    return true;
  }
  /// Lets that much time go by.
  void pass(Duration d) {
    const Instant until = now_ + d;
    while (step(until)) {
    }
    now_ = until;
  }
  std::uint64_t ran() const { return ran_; }

 private:
  using Key = std::pair<Instant, std::uint64_t>;
  Instant now_ = instant(1'000'000'000'000);
  Duration wall_set_by_{};
  std::uint64_t order_ = 0, ran_ = 0;
  std::map<Key, std::function<void()>> events_;
  std::map<std::uint64_t, Instant> by_id_;
};

}  // namespace muster::sim
