// TLS of the API: contexts of the server's and the client's side. TLS 1.2 at least, forward secret,
// authenticated ciphers only; no renegotiation, no compression, no tickets.
#pragma once
#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace muster::http {

struct TlsFiles {
  std::filesystem::path certificate;  ///< PEM: the server's, then those between it and its root
  std::filesystem::path key;          ///< PEM, without a passphrase; nobody but its owner reads it
  std::filesystem::path client_ca;    ///< PEM; clients must show a certificate of it. Empty: none
};

/// Reads the files. Errors: not to be read, not fitting together, or a key that others may read.
Result<std::shared_ptr<boost::asio::ssl::context>> server_context(const TlsFiles& files);

/// Verifies servers against `ca_file`, or the system's authorities when it is empty.
Result<std::shared_ptr<boost::asio::ssl::context>> client_context(
    const std::filesystem::path& ca_file);

/// The server's context as its files are now: read again when one of them is another than before.
/// While what is there then cannot be used, the one from before serves on.
class Certificates {
 public:
  /// `notice` is told what became of files that changed.
  static Result<std::unique_ptr<Certificates>> open(TlsFiles files,
                                                    std::function<void(const std::string&)> notice);
  /// Cheap: looks at the files' names and times, once for each new connection.
  std::shared_ptr<boost::asio::ssl::context> current();

 private:
  Certificates(TlsFiles files, std::function<void(const std::string&)> notice);
  std::string looks() const;

  TlsFiles files_;
  std::function<void(const std::string&)> notice_;
  std::string seen_;
  std::shared_ptr<boost::asio::ssl::context> context_;
};

}  // namespace muster::http
