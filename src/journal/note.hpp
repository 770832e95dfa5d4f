// Signed notes (C2SP signed-note): a text and lines that say who stands for it. What checkpoints
// are, and what golang.org/x/mod/sumdb/note reads and checks. Pure.
//
//   text, each line ended by \n
//   (an empty line)
//   — NAME base64(key hash, 4 bytes; Ed25519 signature, 64 bytes)
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/signature.hpp"

namespace muster::journal {

/// A public key and the name it signs under. As text, NAME+HASH+BASE64: what a verifier is given.
struct VerifierKey {
  std::string name;  ///< not empty; no blanks, no plus, printable
  PublicKey key;
  bool operator==(const VerifierKey&) const = default;
};
/// The first 4 bytes of SHA256(name || "\n" || 0x01 || key).
std::string key_hash(const VerifierKey& key);
std::string to_string(const VerifierKey& key);
/// An error when it is none, or of another algorithm than Ed25519, or its hash is not its own.
Result<VerifierKey> read_verifier_key(std::string_view text);
bool is_key_name(std::string_view name);

struct NoteSignature {
  std::string name;
  std::string hash;   ///< of the key: 4 bytes
  std::string bytes;  ///< the signature; of other algorithms not 64
};

struct SignedNote {
  std::string text;  ///< ends with \n
  std::vector<NoteSignature> signatures;
};

inline constexpr std::size_t kNoteBytesMax = 16u << 10;
inline constexpr std::size_t kNoteSignaturesMax = 16;

/// Reads its form; judges no signature.
Result<SignedNote> read_note(std::string_view bytes);

/// One of the signatures is this key's, under its name, and good.
bool is_signed_by(const SignedNote& note, const VerifierKey& key);

/// The whole note: `text` (ends with \n) and one signature under `name`.
Result<std::string> signed_note(const std::string& text, const std::string& name,
                                const SigningKey& key);

}  // namespace muster::journal
