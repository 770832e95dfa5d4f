#include "tests/adapters_shell/network.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "tests/adapters_shell/by_hand.hpp"

namespace muster::test {
namespace {

constexpr int kWaitMs = 700;

/// A process that lives as long as this one, in a network namespace of its own; 0 when that is not
/// allowed.
pid_t new_namespace() {
  int made[2];
  if (::pipe(made) != 0) return 0;
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const char ok = ::unshare(CLONE_NEWNET) == 0 ? 'y' : 'n';
    (void)!::write(made[1], &ok, 1);
    for (;;) ::pause();
  }
  char ok = 'n';
  (void)!::read(made[0], &ok, 1);
  ::close(made[0]);
  ::close(made[1]);
  if (ok == 'y') return pid;
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
  return 0;
}

bool enter(pid_t place) {
  const int fd = ::open(("/proc/" + std::to_string(place) + "/ns/net").c_str(), O_RDONLY);
  const bool ok = fd >= 0 && ::setns(fd, CLONE_NEWNET) == 0;
  ::close(fd);
  return ok;
}

struct Address {
  explicit Address(const std::string& text, int port) {
    auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
    if (::inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
      v4->sin_family = AF_INET;
      v4->sin_port = htons(static_cast<std::uint16_t>(port));
      size = sizeof *v4;
    } else if (::inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
      v6->sin6_family = AF_INET6;
      v6->sin6_port = htons(static_cast<std::uint16_t>(port));
      size = sizeof *v6;
    }
  }
  int family() const { return storage.ss_family; }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr_storage storage{};
  socklen_t size = 0;
};

bool ready(int fd, short what) {
  pollfd p{fd, what, 0};
  return ::poll(&p, 1, kWaitMs) == 1;
}

/// Connects within the time; the error, 0 when it is through.
int connect_to(int fd, const Address& to) {
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
  if (::connect(fd, to.get(), to.size) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (!ready(fd, POLLOUT)) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

bool comes_back(int fd) {
  char byte = 'x';
  return ::send(fd, &byte, 1, MSG_NOSIGNAL) == 1 && ready(fd, POLLIN) &&
         ::recv(fd, &byte, 1, 0) == 1;
}

/// Echoes TCP and UDP at this port, until it is killed; writes a byte to `listening` when it
/// begins.
void serve(int port, int listening) {
  const Address any{"::", port};
  const int tcp = ::socket(AF_INET6, SOCK_STREAM, 0);
  const int udp = ::socket(AF_INET6, SOCK_DGRAM, 0);
  if (::bind(tcp, any.get(), any.size) != 0 || ::bind(udp, any.get(), any.size) != 0 ||
      ::listen(tcp, 16) != 0)
    return;
  (void)!::write(listening, "y", 1);
  std::vector<pollfd> all{{tcp, POLLIN, 0}, {udp, POLLIN, 0}};
  for (;;) {
    ::poll(all.data(), all.size(), -1);
    if (all[0].revents) all.push_back({::accept(tcp, nullptr, nullptr), POLLIN, 0});
    std::array<char, 64> bytes{};
    if (all[1].revents) {
      sockaddr_storage from{};
      socklen_t size = sizeof from;
      const auto n =
          ::recvfrom(udp, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
      if (n > 0)
        ::sendto(udp, bytes.data(), static_cast<std::size_t>(n), 0,
                 reinterpret_cast<sockaddr*>(&from), size);
    }
    for (std::size_t i = 2; i < all.size(); ++i) {
      if (!all[i].revents) continue;
      const auto n = ::recv(all[i].fd, bytes.data(), bytes.size(), 0);
      if (n > 0) {
        ::send(all[i].fd, bytes.data(), static_cast<std::size_t>(n), MSG_NOSIGNAL);
      } else {
        ::close(all[i].fd);
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(i--));
      }
    }
  }
}

}  // namespace

Network::Network() {
  here_ = new_namespace();
  there_ = here_ ? new_namespace() : 0;
  if (!there_) {
    why_not_ = "needs root, to make network namespaces";
    return;
  }
  const auto ip = [&](pid_t place, const std::string& arguments) {
    const auto line = "nsenter --net=/proc/" + std::to_string(place) + "/ns/net ip " + arguments;
    const auto told = run_program({"sh", "-c", line}, {"PATH=/usr/sbin:/usr/bin:/sbin:/bin"});
    if (told.code != 0 && why_not_.empty()) why_not_ = "needs iproute2 and veth: " + told.text;
  };
  ip(here_, "link add wire type veth peer name wire netns " + std::to_string(there_));
  int last = 1;
  for (const auto place : {here_, there_}) {
    const auto n = std::to_string(last++);
    ip(place, "link set lo up");
    ip(place, "address add 10.9.0." + n + "/24 dev wire");
    ip(place, "address add fd09::" + n + "/64 dev wire nodad");
    ip(place, "link set wire up");
  }
  if (!why_not_.empty()) return;
  server_ = serve_in(there_, 5000, "echo");
  sshd_ = serve_in(here_, 2222, "sshd");
  // A new wire may lose the first questions; that must not look like the work of a fault.
  for (const auto* peer : {"10.9.0.2", "fd09::2"}) {
    int tries = 60;
    while (!tcp(peer) && --tries > 0) ::poll(nullptr, 0, 50);
    if (tries == 0 && why_not_.empty())
      why_not_ = std::string{"does not carry anything to "} + peer;
  }
}

Network::~Network() {
  for (const auto pid : {sshd_, server_, here_, there_}) {
    if (pid <= 0) continue;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
}

pid_t Network::serve_in(pid_t place, int port, const char* name) {
  int listening[2];
  if (::pipe(listening) != 0) return 0;
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_NAME, name);
    ::close(listening[0]);
    if (enter(place)) serve(port, listening[1]);
    ::_exit(1);
  }
  char ok = 'n';
  ::close(listening[1]);
  if (::read(listening[0], &ok, 1) != 1) why_not_ = "the server of the test did not start";
  ::close(listening[0]);
  return pid;
}

std::vector<std::string> Network::words() const {
  return {"nsenter", "--net=/proc/" + std::to_string(here_) + "/ns/net"};
}

bool Network::in(pid_t place, const std::function<bool()>& ask) const {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(enter(place) ? (ask() ? 0 : 1) : 2);
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool Network::tcp(const std::string& address, int port) const {
  return in(here_, [&] {
    const Address to{address, port};
    const int fd = ::socket(to.family(), SOCK_STREAM, 0);
    return connect_to(fd, to) == 0 && comes_back(fd);
  });
}

bool Network::udp(const std::string& address) const {
  return in(here_, [&] {
    const Address to{address, 5000};
    const int fd = ::socket(to.family(), SOCK_DGRAM, 0);
    return connect_to(fd, to) == 0 && comes_back(fd);
  });
}

bool Network::icmp(const std::string& address) const {
  return in(here_, [&] {
    const Address to{address, 0};
    const bool v4 = to.family() == AF_INET;
    const int fd =
        ::socket(to.family(), SOCK_RAW, v4 ? static_cast<int>(IPPROTO_ICMP) : IPPROTO_ICMPV6);
    if (fd < 0 || connect_to(fd, to) != 0) return false;
    icmphdr echo{};  // ICMPv6 lays it out the same, and the kernel makes that checksum
    echo.type = v4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
    echo.un.echo.id = htons(77);
    echo.checksum = htons(static_cast<std::uint16_t>(~((ICMP_ECHO << 8) + 77)));
    if (::send(fd, &echo, sizeof echo, 0) < 0) return false;
    while (ready(fd, POLLIN)) {
      std::array<unsigned char, 128> bytes{};
      if (::recv(fd, bytes.data(), bytes.size(), 0) < 8) return false;
      if (bytes[v4 ? 20 : 0] == (v4 ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY)) return true;
    }
    return false;
  });
}

bool Network::refused_from_there() const {
  return in(there_, [&] {
    const Address to{"10.9.0.1", 6000};
    return connect_to(::socket(AF_INET, SOCK_STREAM, 0), to) == ECONNREFUSED;
  });
}

Network::Connection::Connection(const Network& network, bool to_there) {
  int questions[2], answers[2];
  if (::pipe(questions) != 0 || ::pipe(answers) != 0) return;
  pid_ = ::fork();
  if (pid_ == 0) {
    ::close(questions[1]);
    ::prctl(PR_SET_NAME, to_there ? "sshd" : "ssh");
    const Address to{to_there ? "10.9.0.2" : "10.9.0.1", to_there ? 5000 : 2222};
    const int fd =
        enter(to_there ? network.here_ : network.there_) ? ::socket(AF_INET, SOCK_STREAM, 0) : -1;
    bool good = connect_to(fd, to) == 0;
    char byte = 0;
    while (::read(questions[0], &byte, 1) == 1) {
      const char answer = good && comes_back(fd) ? 'y' : 'n';
      (void)!::write(answers[1], &answer, 1);
    }
    ::_exit(0);
  }
  ::close(questions[0]);
  ::close(answers[1]);
  questions_ = questions[1];
  answers_ = answers[0];
}

Network::Connection::~Connection() {
  ::close(questions_);
  ::close(answers_);
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool Network::Connection::echoes() const {
  char byte = '?';
  return ::write(questions_, &byte, 1) == 1 && ::read(answers_, &byte, 1) == 1 && byte == 'y';
}

}  // namespace muster::test
