// Lets so many in at once; the others wait in order. Thread: the io_context's.
#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

namespace muster::ssh {

class Gate {
 public:
  Gate(boost::asio::io_context& io, int at_once);
  ~Gate();
  /// Calls `enter` once, later, with a ticket: dropping the last copy lets the next one in.
  void enter(std::function<void(std::shared_ptr<void> ticket)> enter);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace muster::ssh
