// The parts of an http:// or https:// URL that a probe needs.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace muster::probes {

struct HttpUrl {
  std::string host;  // without the brackets of an IPv6 address
  std::uint16_t port = 80;
  std::string authority;  // as the Host header says it
  std::string target;     // path and query
  bool tls = false;
  bool operator==(const HttpUrl&) const = default;
};

/// No user or password: they would be shown wherever the probe is.
Result<HttpUrl> parse_http_url(std::string_view text);

}  // namespace muster::probes
