#include "adapters/ssh/ssh_transport.hpp"

#include <signal.h>

#include "adapters/ssh/session.hpp"

namespace muster::ssh {

struct SshTransport::Impl {
  Impl(boost::asio::io_context& io, ports::Clock& clock, const Options& o)
      : shared{std::make_shared<Shared>(
            io, clock, Limits{o.connect_within, o.silent_after, o.dead_after, o.idle, o.at_once, 8},
            o.ssh)} {}
  std::shared_ptr<Shared> shared;
};

SshTransport::SshTransport(boost::asio::io_context& io, ports::Clock& clock, Options options)
    : impl_{std::make_unique<Impl>(io, clock, options)} {
  static const int ready = ::libssh2_init(0);
  (void)ready;
  ::signal(SIGPIPE, SIG_IGN);
}

SshTransport::~SshTransport() {
  impl_->shared->workers.stop();
  impl_->shared->workers.join();
  for (const auto& [key, session] : std::exchange(impl_->shared->sessions, {})) session->leave();
  for (const auto& session : std::exchange(impl_->shared->retired, {})) session->leave();
}

std::unique_ptr<ports::RemoteProcess> SshTransport::start(const ports::HostAddress& host,
                                                          std::string command,
                                                          ports::ProcessEvents events) {
  Errand errand;
  errand.command = std::move(command);
  return impl_->shared->session_for(host, 0)->start(std::move(errand), std::move(events));
}

long SshTransport::memory() const {
  long bytes = 0;
  for (const auto& [key, session] : impl_->shared->sessions) bytes += session->memory();
  for (const auto& session : impl_->shared->retired) bytes += session->memory();
  return bytes;
}

}  // namespace muster::ssh
