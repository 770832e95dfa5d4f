#include "adapters/ssh/gate.hpp"

#include <boost/asio/post.hpp>
#include <deque>

namespace muster::ssh {

struct Gate::State : std::enable_shared_from_this<State> {
  State(boost::asio::io_context& i, int n) : io{i}, room{n} {}

  void pump() {
    while (room > 0 && !waiting.empty()) {
      --room;
      const std::shared_ptr<void> ticket{nullptr, [self = shared_from_this()](void*) {
                                           ++self->room;
                                           self->pump();
                                         }};
      boost::asio::post(io, [next = std::move(waiting.front()), ticket] { next(ticket); });
      waiting.pop_front();
    }
  }

  boost::asio::io_context& io;
  int room;
  std::deque<std::function<void(std::shared_ptr<void>)>> waiting;
};

Gate::Gate(boost::asio::io_context& io, int at_once)
    : state_{std::make_shared<State>(io, at_once)} {}

Gate::~Gate() {
  state_->waiting.clear();
}

void Gate::enter(std::function<void(std::shared_ptr<void>)> enter) {
  state_->waiting.push_back(std::move(enter));
  state_->pump();
}

}  // namespace muster::ssh
