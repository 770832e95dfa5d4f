#include "adapters/probes/tls_client.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>

#include "base/text.hpp"

namespace muster::probes {
namespace {

namespace ssl = boost::asio::ssl;

bool is_address(const std::string& name) {
  boost::system::error_code ec;
  boost::asio::ip::make_address(name, ec);
  return !ec;
}

/// "CN = lb-1, O = Example"
std::string words_of(const X509_NAME* name) {
  const std::unique_ptr<BIO, int (*)(BIO*)> out{::BIO_new(::BIO_s_mem()), ::BIO_free};
  if (!out || name == nullptr) return {};
  ::X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return bounded(printable({text, static_cast<std::size_t>(size)}), 200);
}

std::string utc(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ::ASN1_TIME_to_tm(time, &parts) != 1) return "?";
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace

Result<std::optional<TlsWish>> tls_wish(const catalogue::ProbeSpec& spec, const std::string& host,
                                        Names names) {
  if (names == Names::numeric_only) return std::optional<TlsWish>{};
  TlsWish wish{std::make_shared<ssl::context>(ssl::context::tls_client), spec.text("server_name"),
               spec.text("verify") != "false"};
  if (wish.server_name.empty()) wish.server_name = host;
  boost::system::error_code ec;
  wish.context->set_options(
      ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1, ec);
  // Not SSL_VERIFY_PEER: OpenSSL verifies all the same, and distrust() reads what it found.
  wish.context->set_verify_mode(ssl::verify_none, ec);
  const auto ca_file = spec.text("ca_file");
  if (ca_file.empty())
    wish.context->set_default_verify_paths(ec);
  else
    wish.context->load_verify_file(ca_file, ec);
  ::ERR_clear_error();
  if (ec)
    return Error{fmt::format("the certificates of '{}' cannot be read: {}", ca_file, ec.message()),
                 "ca_file is a file of PEM certificates on the controller"};
  return std::optional{std::move(wish)};
}

bool prepare_handshake(TlsStream& stream, const TlsWish& wish) {
  SSL* const session = stream.native_handle();
  const char* const name = wish.server_name.c_str();
  auto* const rules = ::SSL_get0_param(session);
  if (is_address(wish.server_name)) return ::X509_VERIFY_PARAM_set1_ip_asc(rules, name) == 1;
  ::X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return ::SSL_set1_host(session, name) == 1 && SSL_set_tlsext_host_name(session, name) == 1;
}

std::string distrust(TlsStream& stream, const TlsWish& wish) {
  if (!wish.verify) return {};
  SSL* const session = stream.native_handle();
  const std::unique_ptr<X509, void (*)(X509*)> shown{::SSL_get1_peer_certificate(session),
                                                     ::X509_free};
  if (!shown) return "the server presents no certificate";
  const long result = ::SSL_get_verify_result(session);
  if (result == X509_V_OK) return {};
  if (result == X509_V_ERR_HOSTNAME_MISMATCH || result == X509_V_ERR_IP_ADDRESS_MISMATCH)
    return fmt::format("the certificate is not for {}", bounded(printable(wish.server_name), 60));
  return fmt::format("certificate: {}", ::X509_verify_cert_error_string(result));
}

std::optional<Certificate> presented(TlsStream& stream) {
  const std::unique_ptr<X509, void (*)(X509*)> shown{
      ::SSL_get1_peer_certificate(stream.native_handle()), ::X509_free};
  if (!shown) return std::nullopt;
  Certificate found;
  found.subject = words_of(::X509_get_subject_name(shown.get()));
  found.issuer = words_of(::X509_get_issuer_name(shown.get()));
  const auto* end = ::X509_get0_notAfter(shown.get());
  found.not_after = utc(end);
  int days = 0;
  int seconds = 0;
  if (::ASN1_TIME_diff(&days, &seconds, nullptr, end) == 1)
    found.days_left = seconds < 0 ? days - 1 : days;
  return found;
}

std::string session_words(TlsStream& stream) {
  SSL* const session = stream.native_handle();
  const auto* chain = ::SSL_get_peer_cert_chain(session);
  const int length = chain == nullptr ? 0 : ::sk_X509_num(chain);
  return fmt::format("{}, {} certificate{}", ::SSL_get_version(session), length,
                     length == 1 ? "" : "s");
}

std::string handshake_words(const boost::system::error_code& ec) {
  if (ec.category() == boost::asio::error::get_ssl_category())
    if (const char* reason = ::ERR_reason_error_string(static_cast<unsigned long>(ec.value())))
      return reason;
  return ec.message();
}

}  // namespace muster::probes
