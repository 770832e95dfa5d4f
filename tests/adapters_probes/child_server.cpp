#include "tests/adapters_probes/child_server.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "tests/adapters_probes/fixture.hpp"
#include "tests/child.hpp"

namespace muster::probes::test {
namespace {

namespace fs = std::filesystem;

using muster::test::spawn;
using muster::test::text_of;

}  // namespace

TemporaryFolder::TemporaryFolder() {
  auto pattern = (fs::temp_directory_path() / "muster-probes-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

ChildServer::ChildServer(std::vector<std::string> argv, fs::path log)
    : log_{std::move(log)}, pid_{spawn(argv, log_, SIGKILL)} {}

ChildServer::~ChildServer() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void ChildServer::wait_for_port(std::uint16_t port) {
  for (int tries = 0; tries < 1200; ++tries) {
    boost::asio::io_context io;
    boost::asio::ip::tcp::socket socket{io};
    boost::system::error_code ec;
    socket.connect({boost::asio::ip::address_v4::loopback(), port}, ec);
    if (!ec) return;
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = 0;
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  throw std::runtime_error{"the server does not come up:\n" + text_of(log_)};
}

void ChildServer::freeze() {
  ::kill(pid_, SIGSTOP);
}
void ChildServer::thaw() {
  ::kill(pid_, SIGCONT);
}

void run_command(const std::vector<std::string>& argv, const fs::path& log) {
  int status = 0;
  const pid_t pid = spawn(argv, log, SIGKILL);
  ::waitpid(pid, &status, 0);
  if (status != 0) throw std::runtime_error{argv[0] + " failed:\n" + text_of(log)};
}

bool installed(const fs::path& program, const std::string& package) {
  if (fs::exists(program)) return true;
  std::fprintf(stderr,
               "SKIPPED: %s is not installed; the tests that need it did not run (apt-get install "
               "%s)\n",
               program.c_str(), package.c_str());
  return false;
}

}  // namespace muster::probes::test
