// A real server as a child of the test: it listens on loopback, its files are in a temporary
// folder, and both are gone with the object, and with the test's process.
#pragma once
#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace muster::probes::test {

/// A folder of the test's own, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class ChildServer {
 public:
  explicit ChildServer(std::vector<std::string> argv, std::filesystem::path log);
  ~ChildServer();
  ChildServer(const ChildServer&) = delete;
  ChildServer& operator=(const ChildServer&) = delete;

  /// Waits until it listens there; throws with its log when it does not.
  void wait_for_port(std::uint16_t port);
  void freeze();
  void thaw();

 private:
  const std::filesystem::path log_;
  pid_t pid_ = 0;
};

/// Runs it to its end; throws with what it said when that is not 0.
void run_command(const std::vector<std::string>& argv, const std::filesystem::path& log);

/// "" when it is installed; else says SKIPPED on stderr, which ctest counts.
bool installed(const std::filesystem::path& program, const std::string& package);

}  // namespace muster::probes::test
