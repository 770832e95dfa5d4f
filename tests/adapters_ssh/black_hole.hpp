// An address of this machine that answers no connection, as a host without power: a listener whose
// queue is full.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

namespace muster::test {

struct BlackHole {
  explicit BlackHole(std::string where, std::uint16_t at_port = 0) : address{std::move(where)} {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(at_port);
    ::inet_pton(AF_INET, address.c_str(), &at.sin_addr);
    auto* const name = reinterpret_cast<sockaddr*>(&at);
    socklen_t size = sizeof at;
    if (::bind(listener, name, size) != 0 || ::listen(listener, 0) != 0 ||
        ::getsockname(listener, name, &size) != 0 || ::connect(filler, name, size) != 0)
      throw std::runtime_error{"no black hole at " + address};
    port = ntohs(at.sin_port);
  }
  ~BlackHole() {
    ::close(filler);
    ::close(listener);
  }
  BlackHole(const BlackHole&) = delete;
  BlackHole& operator=(const BlackHole&) = delete;
  /// Room for one more: whoever knocks is let in, and never spoken to.
  void open() const { ::close(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC)); }

  const std::string address;
  std::uint16_t port = 0;
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int filler = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

}  // namespace muster::test
