// A real sshd of the test's own on loopback: own host key, own port, own authorized_keys, the
// current user, gone with the object and with the test's process.
#pragma once
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "ports/shell.hpp"
#include "tests/child.hpp"

namespace muster::test {

namespace fs = std::filesystem;

/// A temporary folder, removed with the object.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  fs::path operator/(const std::string& name) const { return path / name; }
  fs::path path;
};

void write_file(const fs::path& file, const std::string& text);
/// Runs a program to its end; throws when it fails.
void run_program(const std::vector<std::string>& argv);
/// A child that dies with this process.
pid_t spawn(const std::vector<std::string>& argv, const fs::path& log);
void end_process(pid_t pid);
int free_port();

class Sshd {
 public:
  /// Says SKIPPED on stderr when it is not; ctest counts that.
  static bool installed();
  /// `more`: further lines of its sshd_config.
  explicit Sshd(std::vector<std::string> more = {});
  ~Sshd();

  /// Its address for a client whose whole ssh_config is this folder's `ssh_config`.
  ports::HostAddress host(const std::string& address = "127.0.0.1") const;
  /// Replaces the client's ssh_config but for what makes it a stranger to this machine's.
  void client_config(const std::string& lines) const;
  void know(const std::string& line) const { write_file(folder / "known_hosts", line + "\n"); }
  /// "ssh-ed25519 AAAA…" of its host key.
  std::string host_key() const;
  /// Its processes; the listener is the last one.
  std::vector<pid_t> processes() const;
  std::vector<pid_t> sessions() const;

  Folder folder;
  const int port;

 private:
  pid_t pid_ = 0;
};

/// A new user key in `file`; `type` "ed25519", "rsa"….
void make_key(const fs::path& file, const std::string& type, const std::string& passphrase = "");

}  // namespace muster::test
