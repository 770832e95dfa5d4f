#include "adapters/http/remote_place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace muster::http {
namespace {

constexpr std::string_view kSealed = "https://", kClear = "http://";
constexpr std::uint16_t kPort = 7420;

bool is_host(std::string_view host) {
  return !host.empty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == ':' || c == '_';
  });
}

}  // namespace

Result<RemotePlace> parse_remote_place(std::string_view url) {
  const Error wrong{fmt::format("'{}' is not where a muster serves", bounded(printable(url), 100)),
                    "write https://HOST:PORT"};
  RemotePlace place;
  place.tls = url.starts_with(kSealed);
  if (!place.tls && !url.starts_with(kClear)) return wrong;
  auto rest = url.substr(place.tls ? kSealed.size() : kClear.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  std::string_view port;
  if (rest.starts_with('[')) {
    const auto end = rest.find(']');
    if (end == std::string_view::npos) return wrong;
    place.host = std::string{rest.substr(1, end - 1)};
    port = rest.substr(end + 1);
  } else {
    const auto colon = rest.find(':');
    place.host = std::string{rest.substr(0, colon)};
    port = colon == std::string_view::npos ? "" : rest.substr(colon);
    if (place.host.find(':') != std::string::npos) return wrong;
  }
  place.port = kPort;
  if (!port.empty()) {
    const auto* const last = port.data() + port.size();
    const auto [end, ec] = std::from_chars(port.data() + 1, last, place.port);
    if (port.front() != ':' || ec != std::errc{} || end != last || place.port == 0) return wrong;
  }
  if (!is_host(place.host)) return wrong;
  const bool is_loopback = place.host == "localhost" || place.host == "::1" ||
                           (place.host.starts_with("127.") &&
                            place.host.find_first_not_of("0123456789.") == std::string::npos);
  if (!place.tls && !is_loopback)
    return Error{fmt::format("{} is not loopback: a token is not shown in clear there", place.host),
                 "write https://"};
  return place;
}

}  // namespace muster::http
