#include "cli/workspace_trail.hpp"

#include <fmt/format.h>

#include <fstream>

#include "cli/entries.hpp"
#include "journal/kinds.hpp"
#include "journal/logs.hpp"

namespace muster::cli {

Result<WorkspaceTrail> read_trail(Session& session) {
  if (session.no_record()) return *session.no_record();
  WorkspaceTrail trail;
  const auto size =
      each_entry(session, journal::kWorkspaceLog, [&](const journal::Recorded& stored) {
        auto entry = trail.verifier.add(stored.bytes);
        if (!entry) return;
        trail.persons.add(stored);
        if (stored.persons) stored.persons->resolve(*entry);
        trail.checkpoints.add(*entry);
        trail.retention.add(*entry);
        trail.erasures.add(*entry);
        if (const auto good = add_run_row(trail.runs, *entry); !good)
          trail.problems.push_back({entry->seq, good.error().what});
        if (entry->action != journal::kinds::kRunClosed) return;
        for (const auto& row : trail.runs)
          if (row.run == entry->run && row.witness)
            trail.closed.push_back({row.run, entry->seq, *row.witness});
      });
  if (!size) return size.error();
  return trail;
}

Result<KeptCheckpoint> read_kept(const std::string& by, std::string_view bytes,
                                 const journal::KeyHistory& keys) {
  KeptCheckpoint kept{by, {}, {}, {}, false};
  auto note = journal::read_note(bytes);
  if (!note) return Error{fmt::format("{}: {}", by, note.error().what)};
  auto checkpoint = journal::read_checkpoint(*note);
  if (!checkpoint) return Error{fmt::format("{}: {}", by, checkpoint.error().what)};
  const auto log = journal::log_of(keys.name(), checkpoint->origin);
  if (keys.name().empty() || !log)
    return Error{
        fmt::format("{} is a checkpoint of {}, and this record is {}", by, checkpoint->origin,
                    keys.name().empty() ? "not signed at all" : keys.name()),
        "is it of this workspace? If so, the record was made anew"};
  kept.note = std::move(*note);
  kept.checkpoint = std::move(*checkpoint);
  kept.log = *log;
  return kept;
}

Result<std::string> read_small_file(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::string bytes(journal::kNoteBytesMax + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  if (bytes.empty() || bytes.size() > journal::kNoteBytesMax)
    return Error{fmt::format("{} cannot be read, is empty, or is above {} bytes", path.string(),
                             journal::kNoteBytesMax)};
  return bytes;
}

Result<KeptCheckpoint> read_kept_file(const std::filesystem::path& file,
                                      const journal::KeyHistory& keys) {
  const auto bytes = read_small_file(file);
  if (!bytes) return bytes.error();
  return read_kept(file.string(), *bytes, keys);
}

}  // namespace muster::cli
