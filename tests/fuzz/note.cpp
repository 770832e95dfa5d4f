// Signed notes, checkpoints and public keys, from whoever keeps them: each has one spelling.
#include "base/text.hpp"
#include "journal/checkpoint.hpp"
#include "tests/fuzz/target.hpp"

namespace muster::fuzz {

void note(std::string_view bytes) {
  if (const auto key = journal::read_verifier_key(bytes))
    promise(journal::to_string(*key) == trimmed(bytes), "a key has two spellings");
  const auto read = journal::read_note(bytes);
  if (!read) return;
  std::string again = read->text + "\n";
  for (const auto& s : read->signatures)
    again += "\xe2\x80\x94 " + s.name + " " + base64(s.hash + s.bytes) + "\n";
  promise(again == bytes, "a note has two spellings");
  const auto checkpoint = journal::read_checkpoint(*read);
  if (!checkpoint) return;
  promise(journal::text_of(*checkpoint) == read->text, "a checkpoint has two spellings");
  journal::log_of(checkpoint->origin.substr(0, 3), checkpoint->origin);
}

}  // namespace muster::fuzz
