#include "adapters/ssh/key_file.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "adapters/ssh/wire_format.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"

namespace muster::ssh {
namespace {

constexpr std::size_t kKeyBytesMax = 64u << 10;

std::string text_of(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  std::string text(kKeyBytesMax, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

void read_public(KeyFile& key, const std::string& path) {
  const auto words = split(trimmed(text_of(path)), ' ');
  if (words.size() < 2) return;
  key.type = words[0];
  key.blob = from_base64(words[1]).value_or("");
}

/// "openssh-key-v1", cipher, kdf, its options, number of keys, the first public key.
void read_openssh(KeyFile& key, std::string_view body) {
  std::string packed;
  std::ranges::copy_if(body, std::back_inserter(packed),
                       [](char c) { return c != '\n' && c != '\r' && c != ' '; });
  const auto bytes = from_base64(packed);
  constexpr std::string_view magic{"openssh-key-v1\0", 15};
  if (!bytes || !bytes->starts_with(magic)) return;
  Reader reader{std::string_view{*bytes}.substr(magic.size())};
  const auto cipher = reader.string();
  key.encrypted = cipher && *cipher != "none";
  if (!reader.string() || !reader.string() || !reader.number()) return;
  const auto blob = reader.string();
  if (!blob) return;
  key.blob = *blob;
  key.type = Reader{key.blob}.string().value_or("");
}

std::string type_of_pem(const std::string& text) {
  const std::unique_ptr<BIO, int (*)(BIO*)> bio{
      ::BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), ::BIO_free};
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key{
      ::PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr), ::EVP_PKEY_free};
  if (!key) return {};
  switch (::EVP_PKEY_get_base_id(key.get())) {
    case EVP_PKEY_RSA:
      return "ssh-rsa";
    case EVP_PKEY_DSA:
      return "ssh-dss";
    case EVP_PKEY_ED25519:
      return "ssh-ed25519";
    default:
      return {};
  }
}

}  // namespace

KeyKind kind_of(std::string_view type) {
  if (type.find("-cert-v0") != std::string_view::npos) return KeyKind::certificate;
  if (type.starts_with("sk-")) return KeyKind::hardware;
  if (type == "ssh-rsa") return KeyKind::rsa;
  if (type == "ssh-dss") return KeyKind::old;
  return KeyKind::plain;
}

Result<KeyFile> read_key_file(const std::string& path) {
  KeyFile key;
  key.path = path;
  std::error_code ec;
  key.has_certificate = std::filesystem::exists(path + "-cert.pub", ec);
  if (!std::filesystem::exists(path, ec)) {
    key.has_private = false;
    read_public(key, path + ".pub");
    if (key.blob.empty()) return Error{};
    return key;
  }
  key.text = text_of(path);
  if (key.text.empty())
    return Error{"the key " + path + " cannot be read",
                 "give its file to the user of Muster, 0600"};
  if (key.text.starts_with("ssh-") || key.text.starts_with("ecdsa-") ||
      key.text.starts_with("sk-")) {
    // A public key names one that the agent has.
    key.has_private = false;
    read_public(key, path);
    return key;
  }
  constexpr std::string_view begin = "-----BEGIN OPENSSH PRIVATE KEY-----";
  if (const auto at = key.text.find(begin); at != std::string::npos) {
    const auto body = std::string_view{key.text}.substr(at + begin.size());
    read_openssh(key, body.substr(0, body.find("-----END")));
  } else {
    key.encrypted = key.text.find("ENCRYPTED") != std::string::npos;
    key.type = key.text.find("BEGIN RSA") != std::string::npos ? "ssh-rsa" : type_of_pem(key.text);
  }
  if (key.blob.empty() && key.type != "ssh-rsa") {
    const auto type = key.type;
    read_public(key, path + ".pub");
    if (key.type.empty()) key.type = type;
  }
  return key;
}

}  // namespace muster::ssh
