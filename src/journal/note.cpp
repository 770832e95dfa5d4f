#include "journal/note.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace muster::journal {
namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 ";  // an em dash and a blank
constexpr char kEd25519 = '\x01';
constexpr std::size_t kHashBytes = 4;

std::string key_material(const PublicKey& key) {
  return std::string(1, kEd25519) + std::string{view(key)};
}

/// Strict: EVP's decoder skips blanks, and one signature shall have one spelling.
std::optional<std::string> strict_base64(std::string_view text) {
  auto bytes = from_base64(text);
  if (!bytes || base64(*bytes) != text) return std::nullopt;
  return bytes;
}

Result<NoteSignature> read_signature(std::string_view line) {
  const Error bad{"a signature line of the note is not `— NAME BASE64`"};
  if (!line.starts_with(kDash)) return bad;
  line.remove_prefix(kDash.size());
  const auto blank = line.find(' ');
  if (blank == std::string_view::npos) return bad;
  const auto bytes = strict_base64(line.substr(blank + 1));
  if (!is_key_name(line.substr(0, blank)) || !bytes || bytes->size() <= kHashBytes) return bad;
  return NoteSignature{std::string{line.substr(0, blank)}, bytes->substr(0, kHashBytes),
                       bytes->substr(kHashBytes)};
}

}  // namespace

bool is_key_name(std::string_view name) {
  return !name.empty() && name.size() <= 255 && std::all_of(name.begin(), name.end(), [](char c) {
    return c > ' ' && c < '\x7f' && c != '+';
  });
}

std::string key_hash(const VerifierKey& key) {
  const Digest d = sha256(key.name + "\n" + key_material(key.key));
  return std::string{view(d).substr(0, kHashBytes)};
}

std::string to_string(const VerifierKey& key) {
  return fmt::format("{}+{}+{}", key.name, hex(key_hash(key)), base64(key_material(key.key)));
}

Result<VerifierKey> read_verifier_key(std::string_view text) {
  const Error bad{"it is no public key of the form NAME+HASH+BASE64",
                  "`muster audit key show` prints one"};
  text = trimmed(text);
  const auto first = text.find('+');
  const auto second = text.find('+', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return bad;
  const auto material = strict_base64(text.substr(second + 1));
  VerifierKey key;
  key.name = text.substr(0, first);
  if (!is_key_name(key.name) || !material || material->size() != 1 + key.key.bytes.size() ||
      material->front() != kEd25519)
    return bad;
  std::copy(material->begin() + 1, material->end(), key.key.bytes.begin());
  if (hex(key_hash(key)) != text.substr(first + 1, second - first - 1)) return bad;
  return key;
}

Result<SignedNote> read_note(std::string_view bytes) {
  if (bytes.size() > kNoteBytesMax)
    return Error{
        fmt::format("a note of {} bytes is above the limit of {}", bytes.size(), kNoteBytesMax)};
  const auto end = bytes.rfind("\n\n");
  if (end == std::string_view::npos || !bytes.ends_with('\n'))
    return Error{"it is no signed note: a text, an empty line, and signatures were expected"};
  SignedNote note;
  note.text = bytes.substr(0, end + 1);
  if (std::any_of(note.text.begin(), note.text.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == '\x7f';
      }))
    return Error{"the note's text holds control characters"};
  auto rest = bytes.substr(end + 2);
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    const auto signature = read_signature(line);
    if (!signature) return signature.error();
    if (note.signatures.size() == kNoteSignaturesMax)
      return Error{fmt::format("the note has more than {} signatures", kNoteSignaturesMax)};
    note.signatures.push_back(*signature);
  }
  if (note.signatures.empty()) return Error{"the note has no signature"};
  return note;
}

bool is_signed_by(const SignedNote& note, const VerifierKey& key) {
  return std::any_of(note.signatures.begin(), note.signatures.end(), [&](const auto& s) {
    return s.name == key.name && s.hash == key_hash(key) &&
           is_signature(key.key, note.text, s.bytes);
  });
}

Result<std::string> signed_note(const std::string& text, const std::string& name,
                                const SigningKey& key) {
  const auto signature = key.sign(text);
  if (!signature) return signature.error();
  return fmt::format("{}\n{}{} {}\n", text, kDash, name,
                     base64(key_hash({name, key.public_key()}) + *signature));
}

}  // namespace muster::journal
