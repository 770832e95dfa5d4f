// A checkpoint (C2SP tlog-checkpoint): a log's size and root, signed. One line each: the origin
// (which log of whom), the size, the root in base64. Whoever has one can tell later whether the log
// still begins with what was signed. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "journal/note.hpp"
#include "journal/tree.hpp"
#include "ports/store.hpp"

namespace muster::journal {

struct Checkpoint {
  std::string origin;
  TreeHead head;
  std::string extension;  ///< further lines, each ended by \n; only a change of keys has one
  bool operator==(const Checkpoint&) const = default;
};

/// The origin of a log, and the name under which it is signed: the record's own name for the
/// workspace log, NAME/run/ID for a run's. So a signature for one log is none for another.
std::string origin_of(std::string_view name, const ports::LogId& log);
/// The log that an origin means under this name; nullopt: it is somebody else's.
std::optional<ports::LogId> log_of(std::string_view name, std::string_view origin);

std::string text_of(const Checkpoint& checkpoint);
/// An error when the note's text is none. Signatures are not judged.
Result<Checkpoint> read_checkpoint(const SignedNote& note);
/// The signed note.
Result<std::string> signed_checkpoint(const Checkpoint& checkpoint, const SigningKey& key);

/// `16 hex digits of the root / size`: short enough for a printed page, long enough to compare.
std::string short_form(const TreeHead& head);

}  // namespace muster::journal
