// A file in memory, by which a child is given bytes, or gives them back: nobody has to read or
// write while it runs.
#pragma once
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <string_view>

namespace muster::local {

class MemoryFile {
 public:
  /// Its number is above those that a child is given (0 to 4): no dup2 closes another one's.
  explicit MemoryFile(std::string_view bytes = {}) {
    const int made = ::memfd_create("muster", MFD_CLOEXEC);
    fd_ = made < 0 ? -1 : ::fcntl(made, F_DUPFD_CLOEXEC, 10);
    if (made >= 0) ::close(made);
    while (fd_ >= 0 && !bytes.empty()) {
      const auto n = ::write(fd_, bytes.data(), bytes.size());
      if (n <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    good_ = fd_ >= 0 && ::lseek(fd_, 0, SEEK_SET) == 0;
  }
  ~MemoryFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  bool good() const { return good_; }
  int fd() const { return fd_; }
  /// At most `bytes_max` from its beginning.
  std::string read(std::size_t bytes_max) const {
    std::string bytes(bytes_max, '\0');
    const auto n = ::pread(fd_, bytes.data(), bytes.size(), 0);
    bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return bytes;
  }

 private:
  int fd_ = -1;
  bool good_ = false;
};

}  // namespace muster::local
