#include "tests/adapters_probes/certificates.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <stdexcept>

namespace muster::probes::test {
namespace {

using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
using Cert = std::unique_ptr<X509, void (*)(X509*)>;
using Bio = std::unique_ptr<BIO, int (*)(BIO*)>;

Bio memory() {
  return {::BIO_new(::BIO_s_mem()), ::BIO_free};
}
std::string text_of(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  return {text, static_cast<std::size_t>(size)};
}
std::string pem(EVP_PKEY* key) {
  const auto bio = memory();
  ::PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(bio.get());
}
std::string pem(X509* certificate) {
  const auto bio = memory();
  ::PEM_write_bio_X509(bio.get(), certificate);
  return text_of(bio.get());
}

Key read_key(const std::string& text) {
  const Bio bio{::BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), ::BIO_free};
  return {::PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), ::EVP_PKEY_free};
}
Cert read_certificate(const std::string& text) {
  const Bio bio{::BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), ::BIO_free};
  return {::PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), ::X509_free};
}

void extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  ::X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = ::X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  if (extension == nullptr) throw std::runtime_error{"no extension " + value};
  ::X509_add_ext(certificate, extension, -1);
  ::X509_EXTENSION_free(extension);
}

/// Signed by `issuer`, or by itself.
Made make(const std::string& name, const std::string& names, int from, int until,
          const Made* issuer) {
  const Key key{EVP_EC_gen("P-256"), ::EVP_PKEY_free};
  const Cert made{::X509_new(), ::X509_free};
  static long serial = 1;
  ::X509_set_version(made.get(), 2);
  ::ASN1_INTEGER_set(::X509_get_serialNumber(made.get()), ++serial);
  ::X509_gmtime_adj(::X509_getm_notBefore(made.get()), from * 86'400L);
  // An hour more than whole days, so that whole days stay what they are while a test runs.
  ::X509_gmtime_adj(::X509_getm_notAfter(made.get()), until * 86'400L + 3600);
  ::X509_set_pubkey(made.get(), key.get());
  auto* subject = ::X509_get_subject_name(made.get());
  ::X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  const auto authority =
      issuer != nullptr ? read_certificate(issuer->certificate) : Cert{nullptr, ::X509_free};
  X509* const by = authority ? authority.get() : made.get();
  ::X509_set_issuer_name(made.get(), ::X509_get_subject_name(by));
  if (issuer == nullptr) extend(made.get(), by, NID_basic_constraints, "critical,CA:TRUE");
  if (!names.empty()) extend(made.get(), by, NID_subject_alt_name, names);
  const auto signer = issuer != nullptr ? read_key(issuer->key) : Key{nullptr, ::EVP_PKEY_free};
  if (::X509_sign(made.get(), signer ? signer.get() : key.get(), ::EVP_sha256()) == 0)
    throw std::runtime_error{"not signed"};
  return {pem(made.get()), pem(key.get())};
}

}  // namespace

Authority::Authority() : own_{make("An authority of the test", "", -1, 365, nullptr)} {}

Made Authority::sign(const std::string& names, int from_days, int until_days) const {
  return make("A server of the test", names, from_days, until_days, &own_);
}

boost::asio::ssl::context server_context(const Made& made) {
  namespace ssl = boost::asio::ssl;
  ssl::context context{ssl::context::tls_server};
  context.use_certificate_chain(boost::asio::buffer(made.certificate));
  context.use_private_key(boost::asio::buffer(made.key), ssl::context::pem);
  return context;
}

std::filesystem::path written(const std::filesystem::path& file, const std::string& text) {
  std::ofstream{file} << text;
  return file;
}

}  // namespace muster::probes::test
