// The least that libssh2 takes for `true` on a host: one session after another, blocking, with
// nothing around it. bench_ssh_floor PORT KEY <ADDRESSES, as LOGIN. Prints `hosts wall_s
// client_cpu_ms_per_host peak_mb 0 failed`; bench/ssh_fanout.sh runs it as the limit of what a
// client on libssh2 can be.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <libssh2.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

namespace {

int connected(const std::string& address, int port) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  ::inet_pton(AF_INET, address.c_str(), &to.sin_addr);
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int one = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) return fd;
  ::close(fd);
  return -1;
}

bool ran_true(LIBSSH2_SESSION* session, const std::string& user, const char* key) {
  auto* channel =
      ::libssh2_userauth_publickey_fromfile(session, user.c_str(), nullptr, key, nullptr) == 0
          ? ::libssh2_channel_open_session(session)
          : nullptr;
  if (channel == nullptr) return false;
  bool ok = ::libssh2_channel_exec(channel, "true") == 0;
  char heard[256];
  while (::libssh2_channel_read(channel, heard, sizeof heard) > 0) {
  }
  ok = ok && ::libssh2_channel_close(channel) == 0 &&
       ::libssh2_channel_get_exit_status(channel) == 0;
  ::libssh2_channel_free(channel);
  return ok;
}

bool host(const std::string& address, int port, const std::string& user, const char* key) {
  const int fd = connected(address, port);
  if (fd < 0) return false;
  auto* session = ::libssh2_session_init();
  // What Muster asks for, too: the host's known type of key, and the quickest exchange.
  ::libssh2_session_method_pref(session, LIBSSH2_METHOD_HOSTKEY, "ssh-ed25519");
  ::libssh2_session_method_pref(session, LIBSSH2_METHOD_KEX, "curve25519-sha256");
  const bool ok = ::libssh2_session_handshake(session, fd) == 0 && ran_true(session, user, key);
  ::libssh2_session_disconnect(session, "done");
  ::libssh2_session_free(session);
  ::close(fd);
  return ok;
}

}  // namespace

int main(int argc, char** argv) {
  const char* user = std::getenv("LOGIN");
  if (argc < 3 || user == nullptr) {
    std::cout << "needs an sshd: bench/ssh_fanout.sh runs it\n";
    return argc == 1 ? 0 : 2;
  }
  ::libssh2_init(0);
  int hosts = 0, failed = 0;
  const auto began = std::chrono::steady_clock::now();
  for (std::string line; std::getline(std::cin, line); ++hosts)
    if (!host(line, std::atoi(argv[1]), user, argv[2])) ++failed;
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  const double cpu_ms = 1e3 * static_cast<double>(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
                        1e-3 * static_cast<double>(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
  fmt::print("{} {:.2f} {:.2f} {:.1f} 0 {}\n", hosts, wall.count(), cpu_ms / std::max(hosts, 1),
             static_cast<double>(use.ru_maxrss) / 1024, failed);
  return failed == 0 ? 0 : 1;
}
