// `muster metrics`: figures of this workspace for Prometheus, with or without a server.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "cli/exit.hpp"
#include "cli/history_commands.hpp"
#include "cli/metrics_text.hpp"
#include "cli/terminal.hpp"

namespace muster::cli {

namespace {

/// The collector must never read half of it.
Result<> write_whole(const std::filesystem::path& file, const std::string& text) {
  const auto failed = [&](const char* what) {
    return Error{fmt::format("{} {}: {}", file.string(), what, std::strerror(errno)),
                 "the folder must be there, and this user must be allowed to write in it"};
  };
  const auto part = file.string() + fmt::format(".{}", getpid());
  const int fd = open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (fd < 0) return failed("cannot be written");
  std::size_t done = 0;
  while (done < text.size()) {
    const auto n = write(fd, text.data() + done, text.size() - done);
    if (n <= 0) break;
    done += static_cast<std::size_t>(n);
  }
  // Readable for the collector, whatever this process' umask is.
  const bool whole = done == text.size() && fchmod(fd, 0644) == 0;
  if (close(fd) == 0 && whole && rename(part.c_str(), file.c_str()) == 0) return {};
  auto error = failed("could not be written");
  unlink(part.c_str());
  return error;
}

int metrics(const Where& where, const std::string& file) {
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  auto session = Session::open_to_read(*workspace);
  if (!session) return complain(session.error(), kFail);
  auto text = metrics_of(**session);
  if (!text) return complain(text.error(), kFail);
  if (!file.empty()) {
    const auto written = write_whole(file, *text);
    return written ? kOk : complain(written.error(), kFail);
  }
  text->pop_back();  // say() ends the last line itself
  say(*text);
  return kOk;
}

}  // namespace

void add_metrics(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "metrics", "Figures of this workspace in Prometheus' text format (docs/metrics.md)");
  auto file = std::make_shared<std::string>();
  command
      ->add_option("--textfile", *file,
                   "Writes them to this file, whole or not at all, for node_exporter's textfile "
                   "collector")
      ->type_name("FILE");
  command->callback([&where, &code, file] { code = metrics(where, *file); });
}

}  // namespace muster::cli
