// A workspace log that is signed as Muster signs it, and as one who cheats might.
#pragma once
#include <string>
#include <vector>

#include "journal/checkpoint_log.hpp"
#include "journal/logs.hpp"
#include "journal/proof.hpp"
#include "tests/journal/records.hpp"

namespace muster::test {

class SignedLog {
 public:
  std::vector<std::string> entries;

  void add(std::string_view action, Json data = nullptr) {
    auto draft = a_draft(action);
    draft.data = std::move(data);
    const auto prev = entries.empty() ? Digest{} : journal::leaf_hash(entries.back());
    entries.push_back(*journal::seal(draft, a_run(), entries.size(), prev));
  }
  void make_key(const SigningKey& key) {
    add(journal::kinds::kKeyMade, journal::key_made_data({kName, key.public_key()}));
  }
  void rotate(const SigningKey& by, const SigningKey& to) {
    const journal::VerifierKey next{kName, to.public_key()};
    const auto note =
        *journal::signed_checkpoint({kName, head(), journal::next_key_line(next)}, by);
    add(journal::kinds::kKeyRotated, journal::key_rotated_data(next, note));
  }
  void checkpoint(const SigningKey& key) { checkpoint(key, journal::kWorkspaceLog, head()); }
  void checkpoint(const SigningKey& key, const ports::LogId& log, const journal::TreeHead& of) {
    const auto note = *journal::signed_checkpoint({journal::origin_of(kName, log), of, {}}, key);
    add(journal::kinds::kCheckpoint, journal::checkpoint_data(log, of, note));
  }
  journal::TreeHead head() const {
    std::vector<Digest> leaves;
    for (const auto& e : entries) leaves.push_back(journal::leaf_hash(e));
    return {leaves.size(), journal::root_of(leaves)};
  }
  journal::CheckpointLog folded() const {
    journal::CheckpointLog out;
    for (const auto& e : entries) out.add(*journal::read_entry(e));
    return out;
  }

  static constexpr const char* kName = "ctrl/muster/orders";
};

}  // namespace muster::test
