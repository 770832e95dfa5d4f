// Certificates made for a test: an authority, and what it signs.
#pragma once
#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <memory>
#include <string>

namespace muster::probes::test {

struct Made {
  std::string certificate, key;  // PEM
};

struct Authority {
  Authority();
  /// Good for `names` ("DNS:localhost,IP:127.0.0.1") from `from` to `until` days from now.
  Made sign(const std::string& names, int from_days, int until_days) const;
  std::string certificate() const { return own_.certificate; }

 private:
  Made own_;
};

/// A server's context with that certificate.
boost::asio::ssl::context server_context(const Made& made);

std::filesystem::path written(const std::filesystem::path& file, const std::string& text);

}  // namespace muster::probes::test
