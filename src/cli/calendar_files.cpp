#include "cli/calendar_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace muster::cli {

namespace {

/// At most one byte more than a calendar may have: whoever parses it refuses that.
std::string read_some(int fd, std::string& trouble) {
  std::string bytes(schedule::FreezeCalendar::kBytesMax + 1, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const auto got = ::read(fd, bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) trouble = std::strerror(errno);
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
  }
  bytes.resize(size);
  return bytes;
}

schedule::CalendarFile read_one(const std::filesystem::path& path,
                                const model::Calendar& calendar) {
  schedule::CalendarFile file;
  file.name = *calendar.name;
  file.fresh_for = calendar.fresh_for;
  // Not blocking: of a pipe nobody may ever write to.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat status {};
  if (fd < 0 || ::fstat(fd, &status) != 0) {
    file.trouble = path.string() + ": " + std::strerror(errno);
  } else if (!S_ISREG(status.st_mode)) {
    file.trouble = path.string() + " is no file";
  } else {
    auto bytes = read_some(fd, file.trouble);
    if (file.trouble.empty()) file.bytes = std::move(bytes);
    file.modified = WallTime{std::chrono::seconds{status.st_mtim.tv_sec} +
                             std::chrono::nanoseconds{status.st_mtim.tv_nsec}};
  }
  if (fd >= 0) ::close(fd);
  return file;
}

}  // namespace

std::vector<schedule::CalendarFile> read_calendar_files(
    const std::filesystem::path& workspace, std::span<const model::Calendar> calendars) {
  std::vector<schedule::CalendarFile> files;
  for (const auto& calendar : calendars)
    files.push_back(read_one(workspace / *calendar.file, calendar));
  return files;
}

}  // namespace muster::cli
