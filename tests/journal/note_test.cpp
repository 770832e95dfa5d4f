#include "journal/note.hpp"

#include "base/digest.hpp"
#include "journal/checkpoint.hpp"
#include "journal/logs.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::journal;

namespace {

/// The key, text and signature of golang.org/x/mod/sumdb/note's documentation: what Muster reads is
/// what that package wrote.
const char* const kPeter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const std::string kPeterNote =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\xe2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/"
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

/// RFC 8032, section 7.1, test 1.
const char* const kPem =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";

std::string with(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("Ed25519 is RFC 8032's: its first test vector") {
  const auto key = SigningKey::from_pem(kPem);
  REQUIRE(key);
  CHECK(hex(view(key->public_key())) ==
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const auto signature = *key->sign("");
  CHECK(hex(signature) ==
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701c"
        "f9b4"
        "6bd25bf5f0595bbe24655141438e7a100b");
  CHECK(is_signature(key->public_key(), "", signature));
  CHECK_FALSE(is_signature(key->public_key(), "x", signature));
  CHECK_FALSE(is_signature(key->public_key(), "", signature.substr(1)));
  CHECK(SigningKey::from_pem(*key->to_pem())->public_key() == key->public_key());
  CHECK_FALSE(SigningKey::from_pem("junk").has_value());
  CHECK(SigningKey::make()->public_key() != SigningKey::make()->public_key());
}

TEST_CASE("a note of another implementation is read and verified") {
  const auto key = read_verifier_key(kPeter);
  REQUIRE(key);
  CHECK(to_string(*key) == kPeter);
  const auto note = read_note(kPeterNote);
  REQUIRE(note);
  CHECK(is_signed_by(*note, *key));
  CHECK_FALSE(is_signed_by(*note, {"PeterNeumann2", key->key}));
  for (const auto& [from, to] : {std::pair{"think", "thinq"}, std::pair{"x08go/Z", "x08go/a"}}) {
    const auto bad = read_note(with(kPeterNote, from, to));
    REQUIRE(bad);
    CHECK_FALSE(is_signed_by(*bad, *key));
  }
}

TEST_CASE("what is no note is refused, and says why") {
  for (const auto& bad :
       {std::string{}, std::string{"text\n"}, std::string{"text\n\n"},
        with(kPeterNote, "\n\n", "\n"), with(kPeterNote, "JnAM=\n", "JnAM="),
        with(kPeterNote, "PeterNeumann ", "PeterNeumann"), with(kPeterNote, "JnAM=", "JnAM"),
        with(kPeterNote, "JnAM=", "JnAN="), with(kPeterNote, "If you", "If\ryou"),
        std::string(kNoteBytesMax + 1, 'x')}) {
    CAPTURE(bad.substr(0, 300));
    CHECK_FALSE(read_note(bad).has_value());
  }
  for (const auto& bad :
       {"", "a+b+c", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"})
    CHECK_FALSE(read_verifier_key(bad).has_value());
}

TEST_CASE("a checkpoint says log, size and root, and reads back as it was") {
  const auto key = *SigningKey::make();
  const Checkpoint c{"ctrl/muster/orders/run/1", {17, sha256("x")}, {}};
  const auto bytes = *signed_checkpoint(c, key);
  const auto note = read_note(bytes);
  REQUIRE(note);
  CHECK(note->text == "ctrl/muster/orders/run/1\n17\n" + base64(view(sha256("x"))) + "\n");
  CHECK(*read_checkpoint(*note) == c);
  CHECK(is_signed_by(*note, {c.origin, key.public_key()}));
  // For another log the same key's signature is worth nothing.
  CHECK_FALSE(is_signed_by(*note, {"ctrl/muster/orders", key.public_key()}));
  for (const auto& text : {"a\n", "a\n01\nxx\n", "a b\n1\n", "a\n-1\n", "a\n9007199254740992\n"})
    CHECK_FALSE(read_checkpoint({text + base64(view(sha256("x"))) + "\n", {}}).has_value());
  CHECK_FALSE(read_checkpoint({"a\n1\n" + base64("short") + "\n", {}}).has_value());
}

TEST_CASE("an origin names the record and the log") {
  CHECK(origin_of("ctrl/muster/orders", kWorkspaceLog) == "ctrl/muster/orders");
  CHECK(origin_of("ctrl/muster/orders", run_log("1")) == "ctrl/muster/orders/run/1");
  CHECK(log_of("a", "a") == kWorkspaceLog);
  CHECK(log_of("a", "a/run/1") == run_log("1"));
  CHECK(log_of("a", "b").has_value() == false);
  CHECK(log_of("a", "ab/run/1").has_value() == false);
}
