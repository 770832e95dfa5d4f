#include "journal/key_history.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "journal/data.hpp"
#include "journal/kinds.hpp"

namespace muster::journal {

void KeyHistory::add(const Entry& entry) {
  const bool is_made = entry.action == kinds::kKeyMade;
  if (!is_made && entry.action != kinds::kKeyRotated) return;
  const auto key = read_verifier_key(text_in(entry.data, "key"));
  if (!key) return problem(entry, "brings a key that cannot be read");
  if (!name_.empty() && key->name != name_) return problem(entry, "brings a key of another record");
  is_made ? made(entry, *key) : rotated(entry, *key);
}

void KeyHistory::problem(const Entry& entry, std::string_view what) {
  problems_.push_back({entry.seq, fmt::format("entry {} {}", entry.seq, what)});
}

void KeyHistory::made(const Entry& entry, const VerifierKey& key) {
  if (!terms_.empty()) {
    problem(entry, "brings a key that the one before did not sign for: ask who did it, and why");
    terms_.back().until = entry.seq;
  }
  name_ = key.name;
  terms_.push_back({key.key, entry.seq, std::nullopt, terms_.empty()});
}

void KeyHistory::rotated(const Entry& entry, const VerifierKey& key) {
  if (terms_.empty()) return problem(entry, "changes a key, but there was none");
  const auto note = read_note(text_in(entry.data, "note"));
  const auto checkpoint = note ? read_checkpoint(*note) : Result<Checkpoint>{note.error()};
  const bool good = checkpoint && is_signed_by(*note, {name_, terms_.back().key}) &&
                    checkpoint->origin == name_ && checkpoint->head.size == entry.seq &&
                    checkpoint->extension == next_key_line(key);
  if (!good) problem(entry, "changes the key, and the old one did not sign for that");
  terms_.back().until = entry.seq;
  terms_.push_back({key.key, entry.seq, std::nullopt, good});
}

const KeyTerm* KeyHistory::at(std::uint64_t size) const {
  const auto it = std::find_if(terms_.begin(), terms_.end(), [&](const KeyTerm& t) {
    return t.from < size && (!t.until || size <= *t.until);
  });
  return it == terms_.end() ? nullptr : &*it;
}

const KeyTerm* KeyHistory::signer(const SignedNote& note) const {
  const auto origin = std::string_view{note.text}.substr(0, note.text.find('\n'));
  if (name_.empty() || !log_of(name_, origin)) return nullptr;
  const auto it = std::find_if(terms_.begin(), terms_.end(), [&](const KeyTerm& t) {
    return is_signed_by(note, {std::string{origin}, t.key});
  });
  return it == terms_.end() ? nullptr : &*it;
}

const KeyTerm* KeyHistory::term_of(const PublicKey& key) const {
  const auto it =
      std::find_if(terms_.begin(), terms_.end(), [&](const KeyTerm& t) { return t.key == key; });
  return it == terms_.end() ? nullptr : &*it;
}

std::optional<bool> KeyHistory::vouches_for_all_after(const PublicKey& key) const {
  const auto* term = term_of(key);
  if (!term) return std::nullopt;
  return std::all_of(term + 1, terms_.data() + terms_.size(),
                     [](const KeyTerm& t) { return t.vouched; });
}

std::string next_key_line(const VerifierKey& next) {
  return "next key " + to_string(next) + "\n";
}

Json key_made_data(const VerifierKey& key) {
  return Json{{"key", to_string(key)}};
}

Json key_rotated_data(const VerifierKey& key, const std::string& note) {
  return Json{{"key", to_string(key)}, {"note", note}};
}

}  // namespace muster::journal
