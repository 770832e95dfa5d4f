// A question that opens what it needs and closes it again: nothing is kept between two of them.
#pragma once
#include <functional>
#include <memory>
#include <utility>

#include "adapters/probes/slot.hpp"

namespace muster::probes {

/// Its own asynchronous operations hold it, so it outlives them; abort() ends them.
class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  virtual ~Exchange() = default;
  virtual void begin() = 0;
  /// Closes everything at once.
  virtual void abort() = 0;

  void run(Slot::Done done) {
    done_ = std::move(done);
    begin();
  }
  void forget() {
    done_ = nullptr;
    abort();
  }

 protected:
  /// The first answer counts.
  void finish(Answer answer) {
    if (!done_) return;
    const auto done = std::exchange(done_, nullptr);
    abort();
    done(std::move(answer));
  }

  template <class E>
  std::shared_ptr<E> self_as() {
    return std::static_pointer_cast<E>(shared_from_this());
  }

 private:
  Slot::Done done_;
};

/// A slot that begins a fresh exchange for every question.
class FreshSlot : public Slot {
 public:
  using Make = std::function<std::shared_ptr<Exchange>()>;
  explicit FreshSlot(Make make) : make_{std::move(make)} {}
  ~FreshSlot() override { drop(); }

  void ask(std::uint64_t, Done done) override {
    current_ = make_();
    // A copy: begin() may answer at once, and the answer may put the next exchange into current_.
    const auto exchange = current_;
    exchange->run(std::move(done));
  }
  Answer give_up() override {
    drop();
    return {measure::Outcome::unknown, "no answer in time", ""};
  }

 private:
  void drop() {
    if (const auto exchange = std::exchange(current_, nullptr)) exchange->forget();
  }
  Make make_;
  std::shared_ptr<Exchange> current_;
};

}  // namespace muster::probes
