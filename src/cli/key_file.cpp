#include "cli/key_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace muster::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kKeyFileBytesMax = 4'096;

/// While it is written. What somebody left there who was killed is no key yet, and is removed.
constexpr const char* kNewSuffix = ".new";

/// Closes at the end.
struct File {
  int fd;
  ~File() {
    if (fd >= 0) close(fd);
  }
};

Error failed(const fs::path& file, std::string_view what) {
  return Error{
      fmt::format("the key {} cannot be {}: {}", file.string(), what, std::strerror(errno))};
}

bool make_entries_durable(const fs::path& folder) {
  const File dir{open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  return dir.fd >= 0 && fsync(dir.fd) == 0;
}

}  // namespace

Result<std::optional<SigningKey>> read_key(const fs::path& path) {
  const File file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  if (file.fd < 0 && errno == ENOENT) return std::optional<SigningKey>{};
  struct stat is {};
  if (file.fd < 0 || fstat(file.fd, &is) != 0) return failed(path, "read");
  if (!S_ISREG(is.st_mode) || is.st_uid != geteuid() || (is.st_mode & 077) != 0)
    return Error{fmt::format("the key {} is open to others, or not a file of yours", path.string()),
                 "whoever could read it can sign in your name: `muster audit key rotate`, after "
                 "`chmod 600`"};
  std::string pem(kKeyFileBytesMax, '\0');
  const auto size = read(file.fd, pem.data(), pem.size());
  if (size < 0) return failed(path, "read");
  if (size == 0) return std::optional<SigningKey>{};
  pem.resize(static_cast<std::size_t>(size));
  auto key = SigningKey::from_pem(pem);
  explicit_bzero(pem.data(), pem.size());
  if (!key) return Error{fmt::format("{}: {}", path.string(), key.error().what)};
  return std::optional<SigningKey>{std::move(*key)};
}

Result<SigningKey> make_key(const fs::path& path) {
  const auto there = read_key(path);
  if (!there) return there.error();
  if (*there) return Error{fmt::format("there is a key in {} already", path.string())};
  auto key = SigningKey::make();
  if (!key) return key;
  auto pem = key->to_pem();
  if (!pem) return pem.error();
  const auto made = fs::path{path.string() + kNewSuffix};
  unlink(made.c_str());
  const File file{open(made.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
  const bool good = file.fd >= 0 &&
                    write(file.fd, pem->data(), pem->size()) == static_cast<ssize_t>(pem->size()) &&
                    fsync(file.fd) == 0 && rename(made.c_str(), path.c_str()) == 0 &&
                    make_entries_durable(path.parent_path());
  const auto problem = failed(path, "written");
  explicit_bzero(pem->data(), pem->size());
  if (good) return key;
  if (file.fd >= 0) unlink(made.c_str());
  return problem;
}

Result<SigningKey> key_of(const fs::path& folder, const PublicKey& wanted) {
  const auto current = read_key(folder / kKeyFile);
  if (current && *current && (*current)->public_key() == wanted) return **current;
  const auto next = read_key(folder / kNextKeyFile);
  if (next && *next && (*next)->public_key() == wanted) {
    std::error_code ec;
    fs::rename(folder / kNextKeyFile, folder / kKeyFile, ec);
    if (ec || !make_entries_durable(folder)) return failed(folder / kKeyFile, "replaced");
    return **next;
  }
  if (!current) return current.error();
  return Error{
      fmt::format("the private key that signs this record is not in {}: {}",
                  (folder / kKeyFile).string(), *current ? "another one is" : "there is none"),
      "put it back, or `muster audit key new`: the record then says that nobody vouches "
      "for the new one"};
}

}  // namespace muster::cli
