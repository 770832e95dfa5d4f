#include "tests/adapters_ssh/sshd.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "base/text.hpp"

namespace muster::test {
namespace {

constexpr const char* kSshd = "/usr/sbin/sshd";

bool listens(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool yes = ::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  ::close(fd);
  return yes;
}

std::vector<pid_t> children_of(pid_t pid) {
  std::ifstream in{fmt::format("/proc/{0}/task/{0}/children", pid)};
  return {std::istream_iterator<pid_t>{in}, {}};
}

}  // namespace

Folder::Folder() {
  char name[] = "/tmp/muster-ssh-test-XXXXXX";
  if (::mkdtemp(name) == nullptr) throw std::runtime_error{"no folder for the test"};
  path = name;
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

void write_file(const fs::path& file, const std::string& text) {
  std::ofstream{file, std::ios::binary} << text;
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

pid_t spawn(const std::vector<std::string>& argv, const fs::path& log) {
  return spawn(argv, log, SIGTERM);
}

void run_program(const std::vector<std::string>& argv) {
  const pid_t pid = spawn(argv, "/dev/null");
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (status != 0) throw std::runtime_error{joined(argv, " ") + " failed"};
}

void end_process(pid_t pid) {
  if (pid <= 0) return;
  ::kill(pid, SIGCONT);
  ::kill(pid, SIGTERM);
  ::waitpid(pid, nullptr, 0);
}

int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&at), size) != 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size) != 0)
    throw std::runtime_error{"no free port"};
  ::close(fd);
  return ntohs(at.sin_port);
}

void make_key(const fs::path& file, const std::string& type, const std::string& passphrase) {
  run_program({"ssh-keygen", "-q", "-t", type, "-N", passphrase, "-C", "test", "-f", file});
}

bool Sshd::installed() {
  if (fs::exists(kSshd) && fs::exists("/usr/bin/ssh-agent")) return true;
  std::fprintf(
      stderr,
      "SKIPPED: sshd is not installed; the tests that need it did not run (apt-get install "
      "openssh-server)\n");
  return false;
}

Sshd::Sshd(std::vector<std::string> more) : port{free_port()} {
  // sshd that starts as root wants this folder; Debian's service makes it.
  if (::getuid() == 0) ::mkdir("/run/sshd", 0755);
  make_key(folder / "host_key", "ed25519");
  make_key(folder / "key", "ed25519");
  fs::copy_file(folder / "key.pub", folder / "authorized_keys");
  std::string config;  // sshd takes the first value of a word
  for (const auto& line : more) config += line + "\n";
  // Below its first level bash reads no ~/.bashrc: what somebody's would do, say and wait for at
  // each of many logins is no part of what is tested.
  config += "SetEnv SHLVL=1\n";
  config += fmt::format(
      "ListenAddress 0.0.0.0\nHostKey {0}/host_key\nAuthorizedKeysFile {0}/authorized_keys\n"
      "StrictModes no\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
      "PermitRootLogin yes\nPidFile none\nMaxStartups 500\nMaxSessions 50\nUseDNS no\n",
      folder.path.string());
  write_file(folder / "sshd_config", config);
  know(fmt::format("[127.*]:{} {}", port, host_key()));
  client_config("");
  pid_ = spawn({kSshd, "-D", "-e", "-p", std::to_string(port), "-f", folder / "sshd_config"},
               folder / "sshd.log");
  for (int tries = 0; !listens(port); ++tries) {
    if (tries > 500) throw std::runtime_error{"sshd: " + text_of(folder / "sshd.log")};
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
}

Sshd::~Sshd() {
  for (const pid_t pid : sessions()) {
    ::kill(pid, SIGCONT);
    ::kill(pid, SIGTERM);
  }
  end_process(pid_);
}

std::string Sshd::host_key() const {
  const auto words = split(text_of(folder / "host_key.pub"), ' ');
  return words.at(0) + " " + words.at(1);
}

void Sshd::client_config(const std::string& lines) const {
  write_file(folder / "ssh_config",
             fmt::format("{}\nUserKnownHostsFile {}/known_hosts\nGlobalKnownHostsFile none\n"
                         "IdentityAgent none\n",
                         lines, folder.path.string()));
}

ports::HostAddress Sshd::host(const std::string& address) const {
  ports::HostAddress host;
  host.name = "host-" + address;
  host.connection = ports::Connection::ssh;
  host.address = address;
  host.port = static_cast<std::uint16_t>(port);
  host.key_file = folder / "key";
  host.ssh_args = {"-F", folder / "ssh_config"};
  return host;
}

std::vector<pid_t> Sshd::sessions() const {
  return children_of(pid_);
}

std::vector<pid_t> Sshd::processes() const {
  std::vector<pid_t> all;
  for (const pid_t one : sessions()) {
    for (const pid_t below : children_of(one)) all.push_back(below);
    all.push_back(one);
  }
  all.push_back(pid_);
  return all;
}

}  // namespace muster::test
