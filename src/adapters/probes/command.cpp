#include "adapters/probes/command.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/optional.hpp>
// The headers of Process v2 in Boost 1.81 do not include all that they use: optional, type_traits.
#include <boost/type_traits.hpp>

#include <boost/process/v2.hpp>
#include <filesystem>

#include "adapters/probes/exchange.hpp"
#include "base/text.hpp"

namespace muster::probes {
namespace {

namespace process = boost::process::v2;
using boost::asio::posix::stream_descriptor;
using boost::system::error_code;

/// What the launcher calls in the child, between fork and exec.
struct OwnGroup {
  template <class Launcher, class Argv>
  error_code on_exec_setup(Launcher&, const std::filesystem::path&, Argv&&) const {
    ::setpgid(0, 0);
    // The launcher of Boost 1.81 leaves descriptors open that are not marked; none is the command's
    // business.
    ::close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
    return {};
  }
  /// The launcher would leave by exit(), and so run the controller's own destructors in the child.
  /// Any arguments: Boost 1.81 looks for five and passes four.
  template <class... Any>
  void on_exec_error(const Any&...) const {
    ::_exit(127);
  }
};

struct CommandLine {
  std::filesystem::path program;
  std::vector<std::string> arguments;
  Failure failure = Failure::status;
};

class CommandExchange : public Exchange {
 public:
  CommandExchange(boost::asio::io_context& io, std::shared_ptr<const CommandLine> line)
      : io_{io}, line_{std::move(line)}, output_{io}, child_{io.get_executor()} {}
  ~CommandExchange() override { kill_group(); }

  void begin() override {
    error_code ec;
    launch(ec);
    if (ec) return finish(refused_by(ec));
    read();
    child_->async_wait([self = self_as<CommandExchange>()](const error_code& wait_ec, int) {
      self->exited(wait_ec);
    });
  }
  void abort() override {
    kill_group();
    error_code ignored;
    output_.close(ignored);
  }

 private:
  void launch(error_code& ec) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
      ec = {errno, boost::system::system_category()};
      return;
    }
    output_.assign(ends[0], ec);
    output_.non_blocking(true, ec);
    process::default_process_launcher launcher;
    try {
      child_.emplace(launcher(io_.get_executor(), ec, line_->program, line_->arguments,
                              process::process_stdio{nullptr, ends[1], ends[1]}, OwnGroup{}));
    } catch (const boost::system::system_error& e) {  // no descriptor left for the process handle
      ec = e.code();
    }
    ::close(ends[1]);
    if (ec && launcher.pid > 0) {  // not run, or not to be watched: leave no zombie
      ::kill(launcher.pid, SIGKILL);
      ::waitpid(launcher.pid, nullptr, 0);
    } else if (!ec) {
      group_ = child_->id();
    }
  }

  /// Keeps the first bytes and drains the rest, or the command would wait for a reader.
  void read() {
    output_.async_wait(stream_descriptor::wait_read,
                       [self = self_as<CommandExchange>()](const error_code& ec) {
                         if (!ec && self->drain()) self->read();
                       });
  }
  /// False at the end of the output.
  bool drain() {
    std::array<char, 4096> buffer;
    for (int turns = 0; turns < 16; ++turns) {
      error_code ec;
      const auto n = output_.read_some(boost::asio::buffer(buffer), ec);
      if (ec) return ec == boost::asio::error::would_block;
      // A character more than is shown: that something was cut must be seen, and where.
      const auto room = kEvidenceBytesMax + 4 - std::min(said_.size(), kEvidenceBytesMax + 4);
      said_.append(buffer.data(), std::min(n, room));
    }
    return true;
  }

  void exited(const error_code& ec) {
    if (output_.is_open()) drain();
    const int status = child_->native_exit_code();
    group_ = 0;  // reaped: the number is no longer ours
    if (ec) return finish(refused_by(ec));
    Answer answer;
    answer.evidence = bounded(printable(said_), kEvidenceBytesMax);
    if (WIFSIGNALED(status))
      answer.why = "killed by signal " + std::to_string(WTERMSIG(status));
    else if (WEXITSTATUS(status) != 0)
      answer.why = line_->failure == Failure::said && !answer.evidence.empty()
                       ? split(answer.evidence, '\n').front()
                       : "exit " + std::to_string(WEXITSTATUS(status));
    else
      answer.outcome = measure::Outcome::ok;
    finish(std::move(answer));
  }

  Answer refused_by(const error_code& ec) const {
    return {measure::Outcome::failed, "not run: " + ec.message(), "", false};
  }
  void kill_group() {
    if (const auto group = std::exchange(group_, 0); group > 0) ::kill(-group, SIGKILL);
  }

  boost::asio::io_context& io_;
  const std::shared_ptr<const CommandLine> line_;
  stream_descriptor output_;
  std::optional<process::process> child_;
  pid_t group_ = 0;
  std::string said_;
};

}  // namespace

Result<std::optional<MakeSlot>> command_slots(const std::vector<std::string>& argv,
                                              Failure failure) {
  if (argv.empty() || argv.front().empty()) return Error{"a command probe needs a command"};
  const auto& name = argv.front();
  const auto program = name.find('/') != std::string::npos
                           ? std::filesystem::path{name}
                           : process::environment::find_executable(name);
  if (program.empty()) return Error{"no command '" + name + "' in the PATH"};
  const auto line = std::make_shared<const CommandLine>(
      CommandLine{program, {argv.begin() + 1, argv.end()}, failure});
  MakeSlot make = [line](boost::asio::io_context& io) {
    return std::make_unique<FreshSlot>(
        [&io, line] { return std::make_shared<CommandExchange>(io, line); });
  };
  return std::optional{std::move(make)};
}

Result<std::optional<MakeSlot>> prepare_command(const catalogue::ProbeSpec& probe, Names) {
  return command_slots(probe.list("argv"), Failure::status);
}

}  // namespace muster::probes
