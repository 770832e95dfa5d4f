#include "adapters/shell/falling_process.hpp"

namespace muster::shell {
namespace {

class FallingProcess final : public ports::RemoteProcess {
 public:
  FallingProcess(ports::ProcessEvents events, OpensshStart openssh)
      : events_{std::move(events)}, openssh_{std::move(openssh)} {}

  void start(ports::Transport& transport, const ports::HostAddress& host, std::string command) {
    // Copies: when it falls, the same events are given to the other client.
    ports::ProcessEvents events = events_;
    events.ended = [this](const ports::ProcessEnd& end) { ended(end); };
    process_ = transport.start(host, std::move(command), std::move(events));
  }

  void send(std::string bytes) override { process_->send(std::move(bytes)); }

 private:
  void ended(const ports::ProcessEnd& end) {
    // Its receiver may destroy this object, and with it the function that is running.
    const auto report = events_.ended;
    if (!end.needs_openssh) return report(end);
    auto started = openssh_(end.why, std::move(events_));
    if (!started) return report({-1, end.why + "; and: " + to_string(started.error()), false});
    process_ = std::move(*started);
  }

  ports::ProcessEvents events_;
  OpensshStart openssh_;
  std::unique_ptr<ports::RemoteProcess> process_;
};

}  // namespace

std::unique_ptr<ports::RemoteProcess> start_or_fall(ports::Transport& transport,
                                                    const ports::HostAddress& host,
                                                    std::string command,
                                                    ports::ProcessEvents events,
                                                    OpensshStart openssh) {
  auto made = std::make_unique<FallingProcess>(std::move(events), std::move(openssh));
  made->start(transport, host, std::move(command));
  return made;
}

}  // namespace muster::shell
