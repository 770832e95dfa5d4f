// Which key signs this record, and which did before: a fold over the workspace log's entries
// `key.made` and `key.rotated`. A change of keys is the old key's last checkpoint, which names the
// new one; so whoever knows an old public key comes to the new one by signatures alone. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "journal/checkpoint.hpp"
#include "journal/entry.hpp"

namespace muster::journal {

/// One key's time: it signs workspace logs of the sizes from + 1 to `until`.
struct KeyTerm {
  PublicKey key;
  std::uint64_t from = 0;              ///< seq of the entry that brought it
  std::optional<std::uint64_t> until;  ///< seq of the entry that brought the next one
  bool vouched = false;  ///< the key before it signed for it (the first one: nobody could)
};

struct KeyProblem {
  std::uint64_t seq = 0;
  std::string text;
};

class KeyHistory {
 public:
  /// The workspace log's entries in order; those of other kinds are passed over.
  void add(const Entry& entry);

  /// The record's name: origin of its workspace log; "" while no key was made.
  const std::string& name() const { return name_; }
  const std::vector<KeyTerm>& terms() const { return terms_; }
  const std::vector<KeyProblem>& problems() const { return problems_; }
  /// Whose turn it is when the workspace log has this size; nullptr when nobody's.
  const KeyTerm* at(std::uint64_t size) const;
  const KeyTerm* current() const { return terms_.empty() ? nullptr : &terms_.back(); }
  /// The term of the key that signed the note, under the name that its origin has here.
  const KeyTerm* signer(const SignedNote& note) const;
  /// That key leads to every later one by signatures. What came before its term it has covered only
  /// once it signed: CheckpointLog::is_signed_since. nullopt: it has no term here.
  std::optional<bool> vouches_for_all_after(const PublicKey& key) const;
  /// nullptr: it has none.
  const KeyTerm* term_of(const PublicKey& key) const;

 private:
  void problem(const Entry& entry, std::string_view what);
  void made(const Entry& entry, const VerifierKey& key);
  void rotated(const Entry& entry, const VerifierKey& key);

  std::string name_;
  std::vector<KeyTerm> terms_;
  std::vector<KeyProblem> problems_;
};

/// The extension line of the old key's last checkpoint.
std::string next_key_line(const VerifierKey& next);

/// What the entries hold.
Json key_made_data(const VerifierKey& key);
Json key_rotated_data(const VerifierKey& key, const std::string& note);

}  // namespace muster::journal
