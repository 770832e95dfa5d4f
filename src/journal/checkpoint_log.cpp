#include "journal/checkpoint_log.hpp"

#include <fmt/format.h>

#include "journal/data.hpp"
#include "journal/kinds.hpp"
#include "journal/logs.hpp"

namespace muster::journal {

void CheckpointLog::add(const Entry& entry) {
  const auto problems = keys_.problems().size();
  keys_.add(entry);
  for (auto i = problems; i < keys_.problems().size(); ++i)
    problems_.push_back(keys_.problems()[i]);
  if (entry.action == kinds::kCheckpoint) return checkpoint(entry);
  tail_.push_back(entry.seq);
  if (entry.action != kinds::kKeyRotated || !keys_.current() || !keys_.current()->vouched) return;
  const auto note = text_in(entry.data, "note");
  if (auto c = read_checkpoint(*read_note(note))) keep(entry, std::move(*c), note);
}

void CheckpointLog::checkpoint(const Entry& entry) {
  const auto bad = [&](std::string_view why) {
    problems_.push_back({entry.seq, fmt::format("the checkpoint in entry {} {}", entry.seq, why)});
  };
  const auto text = text_in(entry.data, "note");
  const auto note = read_note(text);
  if (!note) return bad("cannot be read: " + note.error().what);
  auto checkpoint = read_checkpoint(*note);
  if (!checkpoint) return bad("cannot be read: " + checkpoint.error().what);
  const auto* term = keys_.current();
  if (!term) return bad("was made before there was a key");
  if (!is_signed_by(*note, {checkpoint->origin, term->key}))
    return bad("is not signed by the key whose turn it was");
  const auto log = log_of(keys_.name(), checkpoint->origin);
  if (!log || entry.data != checkpoint_data(*log, checkpoint->head, text))
    return bad("says another log, size or root than what was signed");
  if (*log == kWorkspaceLog && checkpoint->head.size > entry.seq)
    return bad("signs entries that came after it");
  keep(entry, std::move(*checkpoint), text);
}

void CheckpointLog::keep(const Entry& entry, Checkpoint checkpoint, std::string note) {
  const auto log = *log_of(keys_.name(), checkpoint.origin);
  if (log == kWorkspaceLog)
    std::erase_if(tail_, [&](std::uint64_t seq) { return seq < checkpoint.head.size; });
  signed_[log].push_back({entry.seq, std::move(checkpoint), std::move(note)});
}

const StoredCheckpoint* CheckpointLog::newest(const ports::LogId& log) const {
  const auto it = signed_.find(log);
  return it == signed_.end() || it->second.empty() ? nullptr : &it->second.back();
}

bool CheckpointLog::is_signed_since(const KeyTerm& term) const {
  const auto* own = newest(kWorkspaceLog);
  return own && own->seq > term.from;
}

std::uint64_t CheckpointLog::signed_size() const {
  const auto* own = newest(kWorkspaceLog);
  return own ? own->checkpoint.head.size : 0;
}

Json checkpoint_data(const ports::LogId& log, const TreeHead& head, const std::string& note) {
  return Json{{"log", log}, {"size", head.size}, {"root", hex(head.root)}, {"note", note}};
}

}  // namespace muster::journal
