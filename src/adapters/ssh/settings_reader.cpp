#include "adapters/ssh/settings_reader.hpp"

#include <linux/close_range.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/optional.hpp>
// The headers of Process v2 in Boost 1.81 do not include all that they use: optional, type_traits.
#include <boost/type_traits.hpp>

#include <boost/process/v2/process.hpp>
#include <boost/process/v2/stdio.hpp>
#include <deque>
#include <map>
#include <optional>

#include "adapters/ssh/config_scope.hpp"
#include "base/text.hpp"

namespace muster::ssh {
namespace {
namespace asio = boost::asio;
namespace process = boost::process::v2;
using boost::system::error_code;

constexpr int kAtOnce = 16;
constexpr std::size_t kPrintedBytesMax = 64u << 10;

struct OwnGroup {
  template <class Launcher>
  process::error_code on_exec_setup(Launcher&, const process::filesystem::path&,
                                    const char* const*) {
    ::setsid();  // a Match exec may want to ask at our terminal
    ::close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
    ::signal(SIGPIPE, SIG_DFL);
    return {};
  }
};

/// One run of `ssh -G`. Kept alive by its operations.
struct Run : std::enable_shared_from_this<Run> {
  Run(asio::io_context& i, std::function<void(Result<std::string>)> d)
      : io{i}, out{i}, err{i}, limit{i}, done{std::move(d)} {}

  void start(const std::vector<std::string>& argv) {
    try {
      child.emplace(io, "/usr/bin/env", argv, process::process_stdio{nullptr, out, err},
                    OwnGroup{});
    } catch (const std::exception& e) {
      return end(Error{std::string{"ssh -G could not be started: "} + e.what(),
                       "Muster reads ssh_config with the system's ssh: install openssh-client"});
    }
    read(out, printed);
    read(err, complaints);
    limit.expires_after(std::chrono::seconds{10});
    limit.async_wait([self = shared_from_this()](error_code ec) {
      if (ec) return;
      ::kill(-self->child->id(), SIGKILL);
      self->end(Error{"ssh -G did not end within 10 s",
                      "does a Match exec or an Include of your ssh_config hang?"});
    });
    child->async_wait([self = shared_from_this()](error_code, int code) {
      self->status = code;
      self->maybe_end();
    });
  }

  void read(asio::readable_pipe& pipe, std::string& into) {
    asio::async_read(pipe, asio::dynamic_buffer(into, kPrintedBytesMax),
                     [self = shared_from_this()](error_code, std::size_t) {
                       --self->open;
                       self->maybe_end();
                     });
  }

  void maybe_end() {
    if (open > 0 || !status) return;
    if (*status == 0) return end(std::move(printed));
    end(Error{"ssh -G failed: " + bounded(printable(trimmed(complaints)), 1024),
              *status == 127
                  ? "Muster reads ssh_config with the system's ssh: install openssh-client"
                  : "correct your ssh_config, or ansible_ssh_common_args"});
  }

  void end(Result<std::string> result) {
    if (!done) return;
    limit.cancel();
    const auto tell = std::move(done);
    done = nullptr;
    asio::post(io, [tell, result = std::move(result)] { tell(result); });
  }

  asio::io_context& io;
  asio::readable_pipe out, err;
  asio::steady_timer limit;
  std::optional<process::process> child;
  std::string printed, complaints;
  int open = 2;
  std::optional<int> status;
  std::function<void(Result<std::string>)> done;
};

}  // namespace

struct SettingsReader::Impl : std::enable_shared_from_this<Impl> {
  struct Kept {
    std::optional<Result<Settings>> answer;
    std::vector<Done> waiting;
  };
  asio::io_context& io;
  std::vector<std::string> ssh;
  Surroundings around = surroundings();
  std::map<std::string, Kept> kept;
  std::map<std::string, bool> same_for_all;  // by the inventory's arguments
  std::deque<std::function<void()>> queue;
  int running = 0;

  Impl(asio::io_context& i, std::vector<std::string> s) : io{i}, ssh{std::move(s)} {}

  void pump() {
    while (running < kAtOnce && !queue.empty()) {
      ++running;
      const auto next = std::move(queue.front());
      queue.pop_front();
      next();
    }
  }

  void ask(const std::string& key, std::vector<std::string> argv) {
    queue.push_back([self = shared_from_this(), key, argv = std::move(argv)] {
      std::make_shared<Run>(self->io, [self, key](const Result<std::string>& printed) {
        --self->running;
        auto& one = self->kept[key];
        if (printed)
          one.answer = settings_from(*printed, self->around);
        else
          one.answer = printed.error();
        for (const auto& done : std::exchange(one.waiting, {})) done(*one.answer);
        self->pump();
      })->start(argv);
    });
    pump();
  }
};

SettingsReader::SettingsReader(asio::io_context& io, std::vector<std::string> ssh)
    : impl_{std::make_shared<Impl>(io, std::move(ssh))} {}

SettingsReader::~SettingsReader() {
  impl_->queue.clear();
}

void SettingsReader::get(const ports::HostAddress& host, Done done) {
  std::vector<std::string> argv = impl_->ssh;
  argv.push_back("-G");
  if (host.port != 0) argv.insert(argv.end(), {"-p", std::to_string(host.port)});
  if (!host.user.empty()) argv.insert(argv.end(), {"-l", host.user});
  if (!host.key_file.empty())
    argv.insert(argv.end(), {"-i", host.key_file, "-o", "IdentitiesOnly=yes"});
  argv.insert(argv.end(), host.ssh_args.begin(), host.ssh_args.end());
  argv.push_back("--");
  const auto args = joined(host.ssh_args, "\n");
  if (!impl_->same_for_all.contains(args)) {
    auto all = impl_->ssh;  // a stand-in's own arguments may name a file too
    all.insert(all.end(), host.ssh_args.begin(), host.ssh_args.end());
    impl_->same_for_all[args] = same_for_all_hosts(impl_->around.home, all);
  }
  const bool shared = impl_->same_for_all[args];
  auto key = joined(argv, "\n");
  if (!shared) key += "\n" + host.address;
  argv.push_back(host.address);

  // The answer for another host differs in one line.
  Done mine = [done = std::move(done), shared, address = host.address](const Result<Settings>& r) {
    if (!r || !shared) return done(r);
    Settings settings = *r;
    settings.host = address;
    std::ranges::transform(settings.host, settings.host.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    done(settings);
  };
  auto& kept = impl_->kept[key];
  if (kept.answer)
    return asio::post(impl_->io, [mine = std::move(mine), answer = *kept.answer] { mine(answer); });
  const bool first = kept.waiting.empty();
  kept.waiting.push_back(std::move(mine));
  if (first) impl_->ask(key, std::move(argv));
}

}  // namespace muster::ssh
