#include "adapters/probes/resolve.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <memory>

namespace muster::probes {
namespace {
constexpr std::size_t kAddressesMax = 8;
}

Result<std::optional<std::vector<std::string>>> addresses_of(const std::string& host, Names names) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = names == Names::numeric_only ? AI_NUMERICHOST : AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (error == EAI_NONAME && names == Names::numeric_only)
    return std::optional<std::vector<std::string>>{};
  if (error != 0)
    return Error{"the name '" + host + "' was not resolved: " + ::gai_strerror(error),
                 "give an address, or a name that this machine resolves"};
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner{found, ::freeaddrinfo};

  std::vector<std::string> addresses;
  for (const addrinfo* a = found; a != nullptr && addresses.size() < kAddressesMax;
       a = a->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    error = ::getnameinfo(a->ai_addr, a->ai_addrlen, text.data(), text.size(), nullptr, 0,
                          NI_NUMERICHOST);
    if (error != 0) continue;
    if (std::find(addresses.begin(), addresses.end(), text.data()) == addresses.end())
      addresses.emplace_back(text.data());
  }
  if (addresses.empty()) return Error{"the name '" + host + "' has no address"};
  return std::optional{std::move(addresses)};
}

}  // namespace muster::probes
