#include "adapters/sqlite/lock_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include "base/text.hpp"

namespace muster::sqlite {
namespace {

constexpr std::size_t kHolderBytesMax = 512;
constexpr std::size_t kCommandBytesMax = 224;

std::string file_start(const std::string& path, std::size_t bytes_max) {
  std::ifstream in{path, std::ios::binary};
  std::string text(bytes_max, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return text;
}

/// This process, for the reader of the lock. Muster never has a secret in its arguments.
std::string self() {
  std::string command = file_start("/proc/self/cmdline", kCommandBytesMax);
  while (!command.empty() && command.back() == '\0') command.pop_back();
  std::replace(command.begin(), command.end(), '\0', ' ');
  return fmt::format("pid {} ({})", getpid(), printable(command));
}

}  // namespace

std::string LockFile::holder(const std::string& path) {
  return printable(trimmed(file_start(path, kHolderBytesMax)));
}

Result<LockFile> LockFile::take(const std::string& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return Error{fmt::format("the lock '{}' cannot be opened: {}", path, std::strerror(errno))};
  LockFile lock{fd};
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK)
      return Error{fmt::format("the lock '{}' cannot be taken: {}", path, std::strerror(errno))};
    const auto who = holder(path);
    return Error{fmt::format("the store is held by {}", who.empty() ? "another process" : who),
                 "wait until it is done, or ask it: muster show, muster abort"};
  }
  // Only for the reader: on a full disk the lock is held all the same, and the record can be read
  // to heal.
  const std::string text = self() + "\n";
  if (ftruncate(fd, 0) == 0) [[maybe_unused]]
    const auto written = pwrite(fd, text.data(), text.size(), 0);
  return lock;
}

void LockFile::note(const std::string& path, const std::string& text) {
  const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return;
  const std::string all = self() + ", " + text + "\n";
  if (ftruncate(fd, 0) == 0) [[maybe_unused]]
    const auto written = pwrite(fd, all.data(), std::min(all.size(), kHolderBytesMax), 0);
  close(fd);
}

void LockFile::forget(const std::string& path) {
  [[maybe_unused]] const int emptied = truncate(path.c_str(), 0);
}

LockFile::LockFile(LockFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

LockFile::~LockFile() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace muster::sqlite
