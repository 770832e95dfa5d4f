#include "adapters/sqlite/lock_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <thread>
#include <utility>

#include "base/text.hpp"

namespace muster::sqlite {
namespace {

constexpr std::size_t kHolderBytesMax = 512;
constexpr std::size_t kCommandBytesMax = 224;
constexpr std::chrono::milliseconds kLookAgain{50};
/// Whoever looks who holds it has it for a moment, and is not who wrote into it.
constexpr std::chrono::milliseconds kLooksMost{200};

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

std::string written_in(const std::string& path) {
  return printable(trimmed(file_start(path, kHolderBytesMax)));
}

}  // namespace

bool Holder::answers() const {
  return who.find("), run ") != who.npos || serves();
}

bool Holder::serves() const {
  return who.find("), muster serve") != who.npos;
}

bool Holder::is_this_process() const {
  return is == Is::somebody && who.starts_with(fmt::format("pid {} (", getpid()));
}

Holder LockFile::look(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return {errno == ENOENT ? Holder::Is::nobody : Holder::Is::not_known, {}};
  Holder holder;
  if (flock(fd, LOCK_SH | LOCK_NB) == 0)
    holder.is = Holder::Is::nobody;
  else if (errno == EWOULDBLOCK)
    holder = {Holder::Is::somebody, written_in(path)};
  close(fd);
  return holder;
}

Result<LockFile> LockFile::take(const std::string& path, std::chrono::milliseconds most) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return Error{fmt::format("the lock '{}' cannot be opened: {}", path, std::strerror(errno))};
  LockFile lock{fd};
  for (std::chrono::milliseconds waited{}; flock(fd, LOCK_EX | LOCK_NB) != 0;
       waited += kLookAgain) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK)
      return Error{fmt::format("the lock '{}' cannot be taken: {}", path, std::strerror(errno))};
    const Holder holder{Holder::Is::somebody, written_in(path)};
    const auto until =
        holder.answers() || holder.is_this_process() ? std::min(most, kLooksMost) : most;
    if (waited < until) {
      std::this_thread::sleep_for(kLookAgain);
      continue;
    }
    return Error{
        fmt::format("the store is held by {}", holder.who.empty() ? "another process" : holder.who),
        holder.serves()
            ? "ask it: muster show, muster abort; what needs the store for itself (muster "
              "recover) needs that server ended first: it reverts what runs, and "
              "recovers what is left when it is started again"
        : holder.answers() ? "wait until it is done, or ask it: muster show, muster abort"
                           : "wait until it is done, then try again"};
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
