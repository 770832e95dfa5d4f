#include "tests/adapters_probes/postgres_cluster.hpp"

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "tests/adapters_probes/fixture.hpp"
#include "tests/child.hpp"

namespace muster::probes::test {
namespace {

namespace fs = std::filesystem;

/// PostgreSQL refuses to run as root.
const passwd* owner() {
  return ::getuid() == 0 ? ::getpwnam("postgres") : ::getpwuid(::getuid());
}

using muster::test::text_of;

/// It ends in order when this process does.
pid_t spawn(const std::vector<std::string>& argv, const fs::path& log) {
  return muster::test::spawn(argv, log, SIGQUIT, owner());
}

}  // namespace

PostgresCluster* PostgresCluster::shared() {
  static const std::unique_ptr<PostgresCluster> cluster = make();
  return cluster.get();
}

std::unique_ptr<PostgresCluster> PostgresCluster::make() {
  const fs::path bin = "/usr/lib/postgresql/15/bin";
  if (!fs::exists(bin / "initdb") || owner() == nullptr) {
    std::fprintf(stderr,
                 "SKIPPED: PostgreSQL 15 is not installed; the tests that need it did not run "
                 "(apt-get install postgresql-15)\n");
    return nullptr;
  }
  auto pattern = (fs::temp_directory_path() / "muster-pg-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
  if (::getuid() == 0 && ::chown(pattern.c_str(), owner()->pw_uid, owner()->pw_gid) != 0)
    throw std::runtime_error{"the temporary folder cannot be given to postgres"};
  std::unique_ptr<PostgresCluster> cluster{new PostgresCluster{bin, pattern, closed_port()}};
  cluster->init();
  cluster->start();
  return cluster;
}

void PostgresCluster::init() {
  const auto log = folder_ / "initdb.log";
  const pid_t pid = spawn({bin_ / "initdb", "-D", folder_ / "data", "-U", "tester", "-A", "trust",
                           "--no-sync", "-E", "UTF8", "--locale=C"},
                          log);
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (status != 0) throw std::runtime_error{"initdb failed:\n" + text_of(log)};
}

void PostgresCluster::start() {
  const auto log = folder_ / "postgres.log";
  // After a kill its children may still hold the shared memory, and then a start is refused.
  for (int tries = 0; tries < 600; ++tries) {
    if (postmaster_ == 0)
      postmaster_ =
          spawn({bin_ / "postgres", "-D", folder_ / "data", "-c", "listen_addresses=127.0.0.1",
                 "-c", "port=" + std::to_string(port_), "-c",
                 "unix_socket_directories=" + folder_.string(), "-c", "max_connections=60"},
                log);
    if (::PQping(conninfo().c_str()) == PQPING_OK) return;
    if (::waitpid(postmaster_, nullptr, WNOHANG) == postmaster_) postmaster_ = 0;
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  throw std::runtime_error{"PostgreSQL does not come up:\n" + text_of(log)};
}

PostgresCluster::~PostgresCluster() {
  thaw();
  if (postmaster_ > 0) {
    ::kill(postmaster_, SIGQUIT);
    ::waitpid(postmaster_, nullptr, 0);
  }
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string PostgresCluster::conninfo() const {
  return "host=127.0.0.1 port=" + std::to_string(port_) + " dbname=postgres user=tester";
}

void PostgresCluster::kill() {
  ::kill(postmaster_, SIGKILL);
  ::waitpid(postmaster_, nullptr, 0);
  postmaster_ = 0;
}

std::vector<pid_t> PostgresCluster::children() const {
  const auto id = std::to_string(postmaster_);
  std::ifstream in{"/proc/" + id + "/task/" + id + "/children"};
  return {std::istream_iterator<pid_t>{in}, {}};
}

void PostgresCluster::freeze() {
  // The postmaster first: then there are no new children.
  ::kill(postmaster_, SIGSTOP);
  frozen_ = children();
  for (const pid_t pid : frozen_) ::kill(pid, SIGSTOP);
  frozen_.push_back(postmaster_);
}

void PostgresCluster::thaw() {
  for (const pid_t pid : frozen_) ::kill(pid, SIGCONT);
  frozen_.clear();
}

}  // namespace muster::probes::test
