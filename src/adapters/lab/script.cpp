#include "adapters/lab/script.hpp"

#include <fmt/format.h>
// Boost.Process v2 of 1.81 uses these three without including them.
#include <boost/optional.hpp>
#include <boost/type_traits/decay.hpp>
#include <boost/type_traits/is_convertible.hpp>

#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/stdio.hpp>
#include <memory>

namespace muster::lab {
namespace {

namespace asio = boost::asio;
namespace process = boost::process::v2;
using boost::system::error_code;

constexpr std::size_t kComplaintBytesMax = 8192;

/// Reads one pipe to its end, a line at a time.
class Lines {
 public:
  Lines(asio::io_context& context, std::function<void(std::string_view)> on_line)
      : pipe(context), on_line_(std::move(on_line)) {}

  void read() {
    asio::async_read_until(pipe, asio::dynamic_buffer(text_, kLineBytesMax), '\n',
                           [this](error_code failed, std::size_t size) { got(failed, size); });
  }

  asio::readable_pipe pipe;

 private:
  void got(error_code failed, std::size_t size) {
    if (failed == asio::error::not_found)
      size = text_.size();  // a line beyond the limit: in pieces
    if (failed && failed != asio::error::not_found) {
      if (!text_.empty()) on_line_(text_);
      return;
    }
    std::string_view line{text_.data(), size};
    if (line.ends_with('\n')) line.remove_suffix(1);
    on_line_(line);
    text_.erase(0, size);
    read();
  }

  std::string text_;
  std::function<void(std::string_view)> on_line_;
};

/// The command leads a process group, so that all that it started can be told to end. It inherits
/// none of our files (v2 leaks even its own pipes): what it leaves behind would keep our end of
/// them open for ever.
struct OwnGroup {
  template <class Launcher, class Path>
  error_code on_exec_setup(Launcher&, const Path&, const char* const*&) const {
    if (::setpgid(0, 0) == 0 && ::close_range(3, ~0u, CLOSE_RANGE_CLOEXEC) == 0 &&
        ::prctl(PR_SET_PDEATHSIG, SIGTERM) == 0) {
      return {};
    }
    return error_code{errno, boost::system::system_category()};
  }
};

void keep_end(std::string& text, std::string_view line) {
  text.append(line).push_back('\n');
  if (text.size() > kComplaintBytesMax) text.erase(0, text.size() - kComplaintBytesMax);
}

}  // namespace

Result<Ended> run_command(const std::vector<std::string>& argv,
                          const std::function<void(std::string_view)>& on_line) {
  asio::io_context context{1};
  Ended ended;
  Lines out{context, on_line};
  Lines complaints{context, [&](std::string_view line) { keep_end(ended.complaint, line); }};
  asio::signal_set signals{context, SIGINT, SIGTERM};

  std::unique_ptr<process::process> child;
  try {
    const std::vector<std::string> arguments{argv.begin() + 1, argv.end()};
    child = std::make_unique<process::process>(
        context, argv.front(), arguments,
        process::process_stdio{nullptr, out.pipe, complaints.pipe}, OwnGroup{});
  } catch (const boost::system::system_error& failed) {
    return Error{fmt::format("{} could not be started: {}", argv.front(), failed.code().message())};
  }
  signals.async_wait([&](error_code failed, int) {
    if (failed) return;
    ended.interrupted = true;
    ::kill(-child->id(), SIGTERM);
  });
  child->async_wait([&](error_code, int code) {
    ended.exit_code = code;
    signals.cancel();
  });
  out.read();
  complaints.read();
  context.run();
  while (!ended.complaint.empty() && ended.complaint.back() == '\n') ended.complaint.pop_back();
  return ended;
}

}  // namespace muster::lab
