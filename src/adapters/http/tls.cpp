#include "adapters/http/tls.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace muster::http {
namespace {

namespace ssl = boost::asio::ssl;
using Context = std::shared_ptr<ssl::context>;

/// For TLS 1.2; those of 1.3 are all good.
constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:"
    "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256";
constexpr unsigned char kProtocols[] = "\x08http/1.1";

int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* in, unsigned in_size, void*) {
  unsigned char* chosen = nullptr;
  if (::SSL_select_next_proto(&chosen, out_size, kProtocols, sizeof kProtocols - 1, in, in_size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

Context plain_context(ssl::context::method method) {
  auto context = std::make_shared<ssl::context>(method);
  auto* const native = context->native_handle();
  ::SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  ::SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                                    SSL_OP_CIPHER_SERVER_PREFERENCE);
  ::SSL_CTX_set_num_tickets(native, 0);
  ::SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  ::SSL_CTX_set_cipher_list(native, kCiphers);
  return context;
}

Error unusable(const char* what, const std::filesystem::path& file, std::string_view why) {
  ::ERR_clear_error();
  return Error{fmt::format("{} '{}' cannot be used: {}", what, file.string(), why),
               "PEM is expected; docs/server.md tells how to make one"};
}

/// As ssh wants it of a private key: whoever can read it can be this server.
Result<> check_key(const std::filesystem::path& key) {
  struct stat there {};
  if (stat(key.c_str(), &there) != 0) return unusable("the key", key, std::strerror(errno));
  if (!S_ISREG(there.st_mode)) return unusable("the key", key, "it is no file");
  if (there.st_uid != 0 && there.st_uid != geteuid())
    return Error{fmt::format("the key '{}' belongs to somebody else", key.string()),
                 "give it to root, or to the user that Muster runs as"};
  if ((there.st_mode & 077) != 0)
    return Error{fmt::format("the key '{}' can be read by others (mode {:04o})", key.string(),
                             there.st_mode & 07777),
                 "chmod 0600 it; when others may have read it, make another one"};
  return {};
}

}  // namespace

Result<Context> server_context(const TlsFiles& files) {
  if (const auto good = check_key(files.key); !good) return good.error();
  const auto context = plain_context(ssl::context::tls_server);
  boost::system::error_code ec;
  if (context->use_certificate_chain_file(files.certificate.string(), ec); ec)
    return unusable("the certificate", files.certificate, ec.message());
  // A passphrase would be asked for at the terminal of a daemon.
  context->set_password_callback([](auto, auto) { return std::string{}; }, ec);
  if (context->use_private_key_file(files.key.string(), ssl::context::pem, ec); ec)
    return unusable("the key", files.key, ec.message());
  if (::SSL_CTX_check_private_key(context->native_handle()) != 1)
    return unusable("the key", files.key, "it is not the one of the certificate");
  if (!files.client_ca.empty()) {
    if (context->load_verify_file(files.client_ca.string(), ec); ec)
      return unusable("client_ca", files.client_ca, ec.message());
    context->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert, ec);
  }
  ::SSL_CTX_set_alpn_select_cb(context->native_handle(), choose_protocol, nullptr);
  return context;
}

Result<Context> client_context(const std::filesystem::path& ca_file) {
  const auto context = plain_context(ssl::context::tls_client);
  boost::system::error_code ec;
  if (ca_file.empty())
    context->set_default_verify_paths(ec);
  else
    context->load_verify_file(ca_file.string(), ec);
  if (ec) return unusable("the authority", ca_file, ec.message());
  context->set_verify_mode(ssl::verify_peer, ec);
  return context;
}

Certificates::Certificates(TlsFiles files, std::function<void(const std::string&)> notice)
    : files_{std::move(files)}, notice_{std::move(notice)} {}

Result<std::unique_ptr<Certificates>> Certificates::open(
    TlsFiles files, std::function<void(const std::string&)> notice) {
  std::unique_ptr<Certificates> out{new Certificates{std::move(files), std::move(notice)}};
  out->seen_ = out->looks();
  auto context = server_context(out->files_);
  if (!context) return context.error();
  out->context_ = std::move(*context);
  return out;
}

std::string Certificates::looks() const {
  std::string out;
  for (const auto* file : {&files_.certificate, &files_.key, &files_.client_ca}) {
    struct stat there {};
    if (file->empty() || stat(file->c_str(), &there) != 0)
      out += "-;";
    else
      out += fmt::format("{}:{}:{}:{}:{:o}:{};", there.st_ino, there.st_size, there.st_mtim.tv_sec,
                         there.st_mtim.tv_nsec, there.st_mode, there.st_uid);
  }
  return out;
}

Context Certificates::current() {
  const auto now = looks();
  if (now == seen_) return context_;
  seen_ = now;  // told once, also when it cannot be used
  auto context = server_context(files_);
  if (context) context_ = std::move(*context);
  notice_(context ? "the certificate of the API was read again"
                  : "the certificate of the API changed and the one from before serves on: " +
                        to_string(context.error()));
  return context_;
}

}  // namespace muster::http
