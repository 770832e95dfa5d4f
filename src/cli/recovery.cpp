#include "cli/recovery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "cli/notifier.hpp"
#include "cli/terminal.hpp"
#include "report/terminal.hpp"

namespace muster::cli {

namespace {

using Is = RecoveredEffect::Is;
constexpr std::array<std::string_view, 6> kWords{
    "healed", "held", "moot", "mended by hand", "unreachable", "not proven undone"};

Is now_is(const journal::EffectState& e) {
  using journal::EffectStatus;
  if (e.status == EffectStatus::held) return Is::held;
  if (e.status == EffectStatus::moot) return e.mended ? Is::mended : Is::moot;
  if (journal::is_over(e.status)) return Is::healed;
  return e.unreachable ? Is::unreachable : Is::failed;
}

/// The run's summary, and its report where it was written.
std::string detail_of(Session& session, const RunRow& row) {
  const auto record = load_record(session, row);  // once more: with its samples
  if (!record) return fmt::format("No report of run {}: {}", row.run, to_string(record.error()));
  std::string text = report::terminal_text(report::summarise(*record), wants_colour());
  if (const auto folder = write_reports(*record, session.workspace()))
    text += fmt::format("\nReport: {}", (*folder / "report.html").string());
  return text;
}

void recover_one(Session& session, const RunRow& row, const RunOptions& options, Recovery& out) {
  std::set<std::string> ids;
  for (const auto& e : open_effects(session, row)) ids.insert(e.id);
  out.runs.push_back(row.run);
  if (!options.json) say(fmt::format("RECOVER {} of {}", row.run, row.drill));
  if (const auto done = recover_run(session, row, options); !done) {
    out.problems.push_back(fmt::format("run {}: {}", row.run, to_string(done.error())));
    out.dirty = true;
  }
  const auto record = load_record(session, row, Samples::leave);
  if (!record) {  // of one that had died before its first entry nothing is missed
    const auto now = find_run(session, row.run);
    if (now && !now->needs_recovery()) return;
    out.unread.push_back(row.run);
    for (const auto& e : open_effects(session, row))
      out.found.push_back(
          {row.run, e.script, e.host, e.id, Is::failed, "the run's record cannot be read"});
    return;
  }
  for (const auto& e : record->state.effects)
    if (ids.contains(e.id))
      out.found.push_back({row.run, e.script, e.host, e.id, now_is(e), e.why});
  out.details.push_back(detail_of(session, row));
  if (record->state.verdict.is_object() && record->state.verdict.value("state", "") == "dirty")
    out.dirty = true;
}

}  // namespace

std::size_t Recovery::count(Is is) const {
  return static_cast<std::size_t>(
      std::count_if(found.begin(), found.end(), [&](const auto& e) { return e.is == is; }));
}

Recovery recover_all(Session& session, const std::vector<RunRow>& rows, const RunOptions& options) {
  Recovery out;
  std::vector<notify::Notice> kept;
  RunOptions each = options;
  each.tell = [&](notify::Notice notice) { kept.push_back(std::move(notice)); };
  for (const auto& row : rows) {
    if (options.stop_asked && options.stop_asked()) {
      out.problems.push_back(
          fmt::format("run {} of {}: stopped before it was its turn; `muster recover` goes on",
                      row.run, row.drill));
      out.dirty = true;
      continue;
    }
    each.waits = &row == &rows.back() ? "" : "the recovery of the next run";
    recover_one(session, row, each, out);
  }
  tell_afterwards(session, std::move(kept),
                  [](const std::string& line) { complain(Error{line}, 0); });
  return out;
}

std::string summary_text(const Recovery& r) {
  std::string out = fmt::format("RECOVERED {} run{}: found {}, healed {}, held {}, unreachable {}",
                                r.runs.size(), r.runs.size() == 1 ? "" : "s", r.found.size(),
                                r.count(Is::healed), r.count(Is::held), r.count(Is::unreachable));
  if (const auto n = r.count(Is::moot); n > 0) out += fmt::format(", moot {}", n);
  if (const auto n = r.count(Is::mended); n > 0) out += fmt::format(", mended by hand {}", n);
  if (const auto n = r.count(Is::failed); n > 0) out += fmt::format(", not proven undone {}", n);
  for (const auto& e : r.found)
    if (e.is != Is::healed)
      out += fmt::format("\n  {}: {} on {} (run {}){}{}", kWords[static_cast<std::size_t>(e.is)],
                         e.script, e.host, e.run, e.why.empty() ? "" : ": ",
                         bounded(printable(e.why), 500));
  for (const auto& problem : r.problems) out += "\n  not brought to its end: " + problem;
  if (r.count(Is::unreachable) > 0)
    out +=
        "\nWhat is unreachable: `muster recover` again when the host is back; when it never will "
        "be, `muster recover --gone HOST --reason WHY`.";
  if (!r.unread.empty())
    out += fmt::format(
        "\nWhat a record cannot tell, the hosts do: `muster sweep` lists what is in place there, "
        "`muster sweep --revert` undoes it. Then `muster recover --lost {} --reason WHY` ends that "
        "run on your word.",
        r.unread.front());
  if (r.count(Is::held) > 0)
    out += "\nWhat is held stays on purpose: a step of no return was built upon it.";
  return out;
}

Json summary_json(const Recovery& r) {
  Json effects = Json::array();
  for (const auto& e : r.found)
    effects.push_back({{"run", e.run},
                       {"effect", e.id},
                       {"fault", e.script},
                       {"host", e.host},
                       {"is", kWords[static_cast<std::size_t>(e.is)]},
                       {"why", e.why}});
  return {{"runs", r.runs},
          {"found", r.found.size()},
          {"healed", r.count(Is::healed)},
          {"held", r.count(Is::held)},
          {"moot", r.count(Is::moot)},
          {"mended", r.count(Is::mended)},
          {"unreachable", r.count(Is::unreachable)},
          {"not_proven_undone", r.count(Is::failed)},
          {"effects", std::move(effects)},
          {"problems", r.problems},
          {"unread", r.unread},
          {"dirty", r.dirty}};
}

}  // namespace muster::cli
