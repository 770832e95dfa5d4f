#include "base/signature.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace muster {
namespace {

struct Free {
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
  void operator()(BIO* p) const { BIO_free_all(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// libcrypto would ask on the terminal for the passphrase of a key that has one.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

}  // namespace

bool is_signature(const PublicKey& key, std::string_view message, std::string_view signature) {
  if (signature.size() != kSignatureBytes) return false;
  const Owned<EVP_PKEY> pkey{
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.bytes.data(), key.bytes.size())};
  const Owned<EVP_MD_CTX> context{EVP_MD_CTX_new()};
  return pkey && context &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, pkey.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                          message.size()) == 1;
}

SigningKey::SigningKey(std::shared_ptr<void> key) : key_(std::move(key)) {
  std::size_t size = public_.bytes.size();
  EVP_PKEY_get_raw_public_key(static_cast<EVP_PKEY*>(key_.get()), public_.bytes.data(), &size);
}

Result<SigningKey> SigningKey::make() {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  if (!key) return Error{"libcrypto could not make an Ed25519 key"};
  return SigningKey{std::shared_ptr<void>{key, [](void* p) { Free{}(static_cast<EVP_PKEY*>(p)); }}};
}

Result<SigningKey> SigningKey::from_pem(std::string_view pem) {
  const Owned<BIO> bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  EVP_PKEY* key =
      bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr) : nullptr;
  std::shared_ptr<void> owned{key, [](void* p) { Free{}(static_cast<EVP_PKEY*>(p)); }};
  if (!key || EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519)
    return Error{"it is no Ed25519 private key in PEM without a passphrase"};
  return SigningKey{std::move(owned)};
}

Result<std::string> SigningKey::to_pem() const {
  const Owned<BIO> bio{BIO_new(BIO_s_secmem())};  // overwritten when it is freed
  if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), static_cast<EVP_PKEY*>(key_.get()), nullptr,
                                            nullptr, 0, nullptr, nullptr) != 1)
    return Error{"libcrypto could not write the key"};
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

Result<std::string> SigningKey::sign(std::string_view message) const {
  const Owned<EVP_MD_CTX> context{EVP_MD_CTX_new()};
  std::string signature(kSignatureBytes, '\0');
  std::size_t size = signature.size();
  auto* key = static_cast<EVP_PKEY*>(key_.get());
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     bytes_of(message), message.size()) != 1 ||
      size != kSignatureBytes)
    return Error{"libcrypto could not sign"};
  return signature;
}

}  // namespace muster
