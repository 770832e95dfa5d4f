// A Unix domain socket as a file: listening on it and connecting to it. Everything is CLOEXEC, so
// that no child process keeps a socket open; Asio's own accept() would not be.
#pragma once
#include <filesystem>
#include <optional>
#include <utility>

#include "base/result.hpp"

namespace muster::http {

/// Owns a file descriptor.
class Fd {
 public:
  explicit Fd(int fd = -1) : fd_{fd} {}
  Fd(Fd&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd();
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  bool good() const { return fd_ >= 0; }

 private:
  int fd_;
};

/// A socket that listens, non-blocking, with a file of mode 0600 from its first moment on. Replaces
/// a file that nobody listens on; who calls holds the store's lock, so nobody else does the same.
Result<Fd> listen_on(const std::filesystem::path& socket);

/// nullopt: no file, or nobody listens.
Result<std::optional<Fd>> connect_to(const std::filesystem::path& socket);

}  // namespace muster::http
