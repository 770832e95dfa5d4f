#include "adapters/shell/real_shell.hpp"

#include <signal.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <map>

#include "adapters/shell/channel.hpp"
#include "adapters/shell/child.hpp"
#include "adapters/shell/command.hpp"
#include "adapters/shell/control_folder.hpp"
#include "adapters/shell/falling_process.hpp"

namespace muster::shell {
namespace asio = boost::asio;

struct RealShell::Impl : std::enable_shared_from_this<Impl> {
  Impl(asio::io_context& i, ports::Clock& c, Options o)
      : io{i}, clock{c}, options{std::move(o)}, patience{i} {}

  /// The ways in to one host. Renewals wait behind nothing: a slow inject would cost the lease.
  struct Host {
    ports::HostAddress address;
    std::unique_ptr<Channel> calls, renewals;
    std::vector<std::unique_ptr<Channel>> jobs;
    bool opened = false;  // an ssh master may run
    bool fell = false;    // the system's ssh serves it in place of the transport
  };

  asio::io_context& io;
  ports::Clock& clock;
  Options options;
  PasswordTries tries;
  std::map<std::string, Host> hosts;
  bool closed = false;
  bool own_control_dir = false;
  asio::steady_timer patience;
  std::vector<std::unique_ptr<Child>> ending;  // `ssh -O exit`

  Result<std::string> control_dir() {
    if (options.control_dir.empty()) {
      remove_dead_control_folders();
      auto made = make_control_folder();
      if (!made) return made;
      options.control_dir = *made;
      own_control_dir = true;
    }
    return options.control_dir;
  }

  using Started = Result<std::unique_ptr<ports::RemoteProcess>>;

  Started start_openssh(const ports::HostAddress& address, const SudoDialogue* sudo,
                        ports::ProcessEvents events) {
    const auto dir = control_dir();
    if (!dir) return dir.error();
    auto argv =
        ssh_command(address, options.ssh, *dir, options.connect_within, options.master_idle, sudo);
    if (!argv) return argv.error();
    // An ssh to a jump host has not our BatchMode: without a terminal it would open a window.
    argv->insert(argv->begin(), "SSH_ASKPASS_REQUIRE=never");
    hosts[channel_key(address)].opened = true;
    return Child::start(io, *argv, std::move(events));
  }

  Started start(const ports::HostAddress& address, const SudoDialogue* sudo,
                ports::ProcessEvents events) {
    if (address.connection == ports::Connection::local) {
      const auto argv = local_command(address, options.sh, options.local_target_dir, sudo);
      if (!argv) return argv.error();
      return Child::start(io, *argv, std::move(events));
    }
    if (address.connection == ports::Connection::openssh || options.transport == nullptr)
      return start_openssh(address, sudo, std::move(events));
    auto command = remote_command(address, sudo);
    if (!command) return command.error();
    return start_or_fall(*options.transport, address, std::move(*command), std::move(events),
                         [this, address, sudo](const std::string& why, ports::ProcessEvents on) {
                           auto& host = hosts[channel_key(address)];
                           if (!host.fell && options.notice) options.notice(address.name, why);
                           host.fell = true;
                           return start_openssh(address, sudo, std::move(on));
                         });
  }

  Channel* channel_for(const ports::Call& call) {
    Host& host = hosts[channel_key(call.host)];
    host.address = call.host;
    auto& kept = call.verb == ports::Verb::renew ? host.renewals : host.calls;
    if (!call.long_job && kept) return kept.get();
    if (call.long_job) {
      const auto free =
          std::ranges::find_if(host.jobs, [](const auto& job) { return job->idle(); });
      if (free != host.jobs.end()) return free->get();
    }
    auto made = std::make_unique<Channel>(
        io, clock, call.host,
        [this, address = call.host](const SudoDialogue* sudo, ports::ProcessEvents events) {
          return start(address, sudo, std::move(events));
        },
        options.connect_within, tries);
    Channel* channel = made.get();
    if (call.long_job)
      host.jobs.push_back(std::move(made));
    else
      kept = std::move(made);
    return channel;
  }

  void refuse(const ports::Call& call, const std::string& why,
              std::function<void(ports::Answer)> done) {
    ports::Answer answer;
    answer.said = ports::Said::could_not;
    answer.output = call.host.name + ": not sent: " + why;
    answer.sent = answer.done = clock.now();
    asio::post(io, [done = std::move(done), answer] { done(answer); });
  }

  void remove_control_dir() {
    if (!own_control_dir) return;
    std::error_code ignored;
    std::filesystem::remove_all(options.control_dir, ignored);
    own_control_dir = false;
  }

  void end_masters() {
    std::map<std::string, std::vector<std::string>>
        commands;  // one a connection, however many users of sudo
    for (const auto& [key, host] : hosts)
      if (host.opened)
        commands[way_key(host.address)] =
            ssh_exit_command(host.address, options.ssh, options.control_dir);
    for (const auto& [key, argv] : commands) {
      Child::Events events;
      events.out = events.err = [](std::string_view) {};
      events.ended = [this](const ports::ProcessEnd&) {
        if (--running == 0) patience.cancel();
      };
      ++running;
      ending.push_back(Child::start(io, argv, std::move(events)));
    }
  }
  int running = 0;
};

RealShell::RealShell(asio::io_context& io, ports::Clock& clock, Options options)
    : impl_{std::make_shared<Impl>(io, clock, std::move(options))} {
  // A far end that dies while it is written to must not end Muster.
  ::signal(SIGPIPE, SIG_IGN);
}

RealShell::~RealShell() {
  impl_->hosts.clear();
  impl_->ending.clear();
  impl_->remove_control_dir();
}

void RealShell::call(ports::Call call, std::function<void(ports::Answer)> done) {
  if (impl_->closed) return impl_->refuse(call, "Muster closes its connections", std::move(done));
  if (call.within <= Duration::zero())
    return impl_->refuse(call, "no time limit was given", std::move(done));
  impl_->channel_for(call)->call(std::move(call), std::move(done));
}

void RealShell::shutdown(std::function<void()> done) {
  impl_->closed = true;
  impl_->end_masters();
  impl_->hosts.clear();
  impl_->patience.expires_after(std::chrono::seconds{impl_->running > 0 ? 2 : 0});
  impl_->patience.async_wait([impl = impl_, done = std::move(done)](boost::system::error_code) {
    impl->ending.clear();
    impl->remove_control_dir();
    done();
  });
}

}  // namespace muster::shell
