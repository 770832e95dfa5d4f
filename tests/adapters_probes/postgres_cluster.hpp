// A PostgreSQL cluster of the test's own: a temporary folder, a port of loopback, gone with the
// object and with the test's process. It can be killed, frozen and started again.
#pragma once
#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace muster::probes::test {

class PostgresCluster {
 public:
  /// One for all tests, made at first use. Nothing when PostgreSQL is not installed: then it says
  /// so on stderr ("SKIPPED: …", which ctest counts).
  static PostgresCluster* shared();
  ~PostgresCluster();
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;

  std::string conninfo() const;
  /// Throws when it does not come up.
  void start();
  /// SIGKILL to the postmaster; its children leave by themselves.
  void kill();
  /// SIGSTOP to the postmaster and all its children, as a host that hangs.
  void freeze();
  void thaw();

 private:
  PostgresCluster(std::filesystem::path bin, std::filesystem::path folder, int port)
      : bin_{std::move(bin)}, folder_{std::move(folder)}, port_{port} {}
  static std::unique_ptr<PostgresCluster> make();
  void init();
  std::vector<pid_t> children() const;

  const std::filesystem::path bin_;
  const std::filesystem::path folder_;
  const int port_;
  pid_t postmaster_ = 0;
  std::vector<pid_t> frozen_;
};

}  // namespace muster::probes::test
