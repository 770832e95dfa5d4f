#include "cli/recover_first.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/exit.hpp"
#include "cli/notifier.hpp"
#include "cli/record.hpp"
#include "cli/terminal.hpp"
#include "report/summary.hpp"

namespace muster::cli {

namespace {

/// What an earlier run still leaves to do, for people: on stderr, as stdout may be JSON.
void tell_dirty(Session& session, const RunRow& row) {
  const auto record = load_record(session, row);
  if (!record) return;
  for (const auto& text : report::summarise(*record).verdict.dirty)
    complain(Error{fmt::format("run {}: {}", row.run, text)}, kDirty);
}

/// What earlier processes left behind is brought to its end before anything new begins. Gives the
/// runs of which something is not proven undone even then.
Result<std::vector<std::string>> recover_each(Session& session, const RunOptions& options) {
  const auto rows = list_runs(session);
  if (!rows) return rows.error();
  std::vector<std::string> dirty;
  for (const auto& row : *rows) {
    if (!row.needs_recovery()) continue;
    if (options.stop_asked && options.stop_asked()) return dirty;
    const auto text = fmt::format(
        "Run {} of {} {}; recovering it first.", row.run, row.drill,
        row.closed ? "left something that is not proven undone" : "was not brought to its end");
    options.json ? void(complain(Error{text}, 0)) : say(text);
    if (const auto done = recover_run(session, row, options); !done) {
      // Its record may be damaged for good: that must not close the workspace for ever.
      complain({fmt::format("run {} of {} was not brought to its end: {}", row.run, row.drill,
                            done.error().what),
                !done.error().hint.empty()
                    ? done.error().hint
                    : fmt::format("`muster audit verify` tells what is wrong with its record, "
                                  "`muster sweep` what is left on the hosts; then `muster recover "
                                  "--lost {} --reason WHY`",
                                  row.run)},
               kDirty);
      dirty.push_back(row.run);
      continue;
    }
    const auto now = find_run(session, row.run);
    if (!now) return now.error();
    if (now->needs_recovery()) {
      tell_dirty(session, *now);
      dirty.push_back(row.run);
    }
  }
  return dirty;
}

}  // namespace

Result<std::vector<std::string>> recover_first(Session& session, RunOptions options) {
  std::vector<notify::Notice> kept;
  options.tell = [&](notify::Notice notice) { kept.push_back(std::move(notice)); };
  auto dirty = recover_each(session, options);
  tell_afterwards(session, std::move(kept),
                  [](const std::string& line) { complain(Error{line}, 0); });
  return dirty;
}

bool needs_recovery(Session& session) {
  const auto rows = list_runs(session);
  return !rows || std::any_of(rows->begin(), rows->end(),
                              [](const RunRow& row) { return row.needs_recovery(); });
}

}  // namespace muster::cli
