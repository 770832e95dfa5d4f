// TLS as a client sees it, for every probe that speaks it. The handshake is not broken off by a bad
// certificate: what was presented is evidence, so it is judged right after, before a byte is sent.
#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "adapters/probes/resolve.hpp"
#include "base/result.hpp"
#include "catalogue/probe.hpp"

namespace muster::probes {

using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;

/// What one question wants of TLS; shared by its slots, never changed.
struct TlsWish {
  std::shared_ptr<boost::asio::ssl::context> context;
  std::string
      server_name;  // sent as SNI unless it is an address, and what the certificate must say
  bool verify = true;
};

/// `ca_file` (else the system's), `verify`, `server_name` (else `host`). Reads files: nothing with
/// Names::numeric_only. TLS 1.2 at least.
Result<std::optional<TlsWish>> tls_wish(const catalogue::ProbeSpec& spec, const std::string& host,
                                        Names names);

/// Names, checks of the certificate and SNI: before the handshake. False when OpenSSL refuses them.
bool prepare_handshake(TlsStream& stream, const TlsWish& wish);

/// "" when the certificate may be trusted, or nobody asked; else why not, in a few words.
std::string distrust(TlsStream& stream, const TlsWish& wish);

struct Certificate {
  std::string subject, issuer, not_after;  // RFC 3339
  std::int64_t days_left = 0;              // whole days, rounded down: negative when it is over
};
/// What the server presented; nothing when it presented none.
std::optional<Certificate> presented(TlsStream& stream);

/// "TLSv1.3, 2 certificates"
std::string session_words(TlsStream& stream);

/// A few words for a handshake that failed: OpenSSL's reason, without its codes.
std::string handshake_words(const boost::system::error_code& ec);

}  // namespace muster::probes
