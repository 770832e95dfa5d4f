// The engine's thread, as small as tests of the record need it: what a store's worker posts, and
// virtual time for the simulated store. Nothing sleeps; waiting for a worker that does not answer
// fails after 30 s.
#pragma once
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

#include "base/time.hpp"

namespace muster::test {

class Loop {
 public:
  /// From any thread.
  void post(std::function<void()> f) {
    const std::lock_guard lock{mutex_};
    posted_.push_back(std::move(f));
    wake_.notify_one();
  }
  void after(Duration d, std::function<void()> f) { timed_[{now_ + d, ++order_}] = std::move(f); }

  /// Runs one thing; false when nothing was due and none was awaited.
  bool turn(bool wait) {
    std::function<void()> f;
    {
      std::unique_lock lock{mutex_};
      if (posted_.empty() && timed_.empty() && !wait) return false;
      if (timed_.empty() &&
          !wake_.wait_for(lock, std::chrono::seconds{30}, [&] { return !posted_.empty(); }))
        throw std::runtime_error{"an answer never came"};
      if (!posted_.empty()) {
        f = std::move(posted_.front());
        posted_.pop_front();
      }
    }
    if (!f) {
      const auto first = timed_.begin();
      now_ = first->first.first;
      f = std::move(first->second);
      timed_.erase(first);
    }
    f();
    return true;
  }

  /// Runs until `done`.
  void until(const std::function<bool()>& done) {
    while (!done()) turn(true);
  }
  /// Runs what is in virtual time and what was posted already.
  void drain() {
    while (turn(false)) {
    }
  }

  /// The answer to `ask(callback)`.
  template <class T, class Ask>
  T answer(Ask ask) {
    std::optional<T> got;
    ask([&got](const T& value) { got = value; });
    until([&] { return got.has_value(); });
    return std::move(*got);
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> posted_;
  std::map<std::pair<Duration, std::uint64_t>, std::function<void()>> timed_;
  Duration now_{};
  std::uint64_t order_ = 0;
};

}  // namespace muster::test
