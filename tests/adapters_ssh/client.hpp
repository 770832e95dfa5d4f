// The engine's loop with a transport on it, and one process at a time to look at.
#pragma once
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>

#include "adapters/clock/asio_clock.hpp"
#include "adapters/ssh/ssh_transport.hpp"
#include "tests/adapters_ssh/sshd.hpp"

namespace muster::test {

/// What one process said and how it ended.
struct Seen {
  bool ready = false;
  std::string out, err;
  std::optional<ports::ProcessEnd> end;
  std::unique_ptr<ports::RemoteProcess> process;
};

class Client {
 public:
  explicit Client(ssh::Options options = {}) : transport{io, clock, std::move(options)} {}

  std::shared_ptr<Seen> start(const ports::HostAddress& host, std::string command) {
    auto seen = std::make_shared<Seen>();
    ports::ProcessEvents events;
    events.ready = [at = seen.get()] { at->ready = true; };
    events.out = [at = seen.get()](std::string_view b) { at->out += b; };
    events.err = [at = seen.get()](std::string_view b) { at->err += b; };
    events.ended = [at = seen.get()](const ports::ProcessEnd& end) { at->end = end; };
    seen->process = transport.start(host, std::move(command), std::move(events));
    return seen;
  }

  template <class Condition>
  bool until(Condition condition, Duration within = std::chrono::seconds{30}) {
    bool late = false;
    const auto timer = clock.at(clock.now() + within, [&] { late = true; });
    io.restart();
    while (!condition() && !late) io.run_one();
    clock.cancel(timer);
    return condition();
  }

  Seen run(const ports::HostAddress& host, const std::string& command,
           Duration within = std::chrono::seconds{30}) {
    const auto seen = start(host, command);
    until([&] { return seen->end.has_value(); }, within);
    if (!seen->end) seen->end = ports::ProcessEnd{-1, "the test saw no end", false};
    return std::move(*seen);
  }

  void pass(Duration time) {
    bool over = false;
    until([&] { return over; }, time);
  }

  boost::asio::io_context io{1};
  clock::AsioClock clock{io};
  ssh::SshTransport transport;
};

/// "" when `text` contains `part`, else the text: what a failing test should show.
inline std::string unless_contains(const std::string& text, const std::string& part) {
  return text.find(part) == std::string::npos ? "no '" + part + "' in: " + text : "";
}

}  // namespace muster::test
