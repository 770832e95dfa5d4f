// `muster audit hold` and `release`: nothing under a legal hold is removed, whatever retention
// says.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "cli/audit.hpp"
#include "cli/desk.hpp"
#include "cli/exit.hpp"
#include "cli/owed_reason.hpp"
#include "cli/terminal.hpp"
#include "cli/workspace_trail.hpp"
#include "journal/kinds.hpp"
#include "journal/person.hpp"

namespace muster::cli {

namespace {

struct HoldWords {
  std::string name;
  std::string reason;
};

/// A drill by its name, or a run by its id or the beginning of it.
struct Held {
  std::string run, drill;
  std::string text() const {
    return run.empty() ? "all runs of the drill " + drill : "the run " + run;
  }
};

Result<Held> meant_by(const std::string& name, const std::vector<RunRow>& runs) {
  std::vector<std::string> fits;
  for (const auto& row : runs) {
    if (row.drill == name) return Held{{}, name};
    if (row.run == name) return Held{name, {}};
    if (row.run.starts_with(name)) fits.push_back(row.run);
  }
  if (fits.size() == 1) return Held{fits.front(), {}};
  return Error{fits.empty() ? fmt::format("there is no run and no drill that ran '{}'", name)
                            : fmt::format("'{}' is the beginning of {} runs", name, fits.size()),
               "`muster runs` lists them"};
}

void list(const journal::RetentionLog& retention) {
  if (retention.holds().empty()) return say("Nothing is under a legal hold.");
  for (const auto& h : retention.holds())
    say(fmt::format("{} is held since {} by {}: {}", Held{h.run, h.drill}.text(),
                    format_utc(h.since).substr(0, 10), journal::for_people(printable(h.by)),
                    printable(h.reason)));
}

int list_holds(const Where& where) {
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  auto session = Session::open_to_read(*workspace);
  if (!session) return complain(session.error(), kFail);
  const auto trail = read_trail(**session);
  if (!trail) return complain(trail.error(), kFail);
  list(trail->retention);
  return kOk;
}

/// `place`: else it is released.
int change(Session& session, const HoldWords& words, bool place) {
  if (const auto problem =
          problem_of_reason(words.reason, "a legal hold begins and ends with a reason");
      !problem.empty())
    return complain({problem, "--reason \"why\""}, kUsage);
  const auto trail = read_trail(session);
  if (!trail) return complain(trail.error(), kFail);
  const auto held = meant_by(words.name, trail->runs);
  if (!held) return complain(held.error(), kUsage);
  const bool is_placed = trail->retention.placed(held->run, held->drill) != nullptr;
  if (place == is_placed)
    return complain(
        {fmt::format("{} {} under a legal hold", held->text(), place ? "is already" : "is not"),
         "`muster audit hold` lists what is"},
        kFail);
  const auto desk = Desk::open(session);
  if (!desk) return complain(desk.error(), kFail);
  const auto noted =
      (*desk)->note(place ? journal::kinds::kLegalHoldPlaced : journal::kinds::kLegalHoldReleased,
                    journal::legal_hold_data(held->run, held->drill, words.reason));
  if (!noted) return complain(noted.error(), kFail);
  const auto now =
      fmt::format("From now on {} is {}under a legal hold", held->text(), place ? "" : "not ");
  // It is in force all the same: what keeps something from being removed needs no signature.
  if (const auto done = (*desk)->sign(); !done)
    return complain(
        {fmt::format("{}, but that is not signed: {}", now, done.error().what), done.error().hint},
        kFail);
  say(now + ".");
  return kOk;
}

}  // namespace

void add_audit_hold(CLI::App& audit, Where& where, int& code) {
  for (const bool place : {true, false}) {
    auto words = std::make_shared<HoldWords>();
    auto* command =
        place ? audit.add_subcommand(
                    "hold",
                    "A legal hold: nothing of this run, or of this drill's runs, is removed "
                    "until it is released; without a name: what is held")
              : audit.add_subcommand("release", "Ends a legal hold");
    auto* name =
        command->add_option("NAME", words->name, "A drill, or a run's id, or the beginning of one");
    auto* reason = command->add_option("--reason", words->reason, "Why, for the record");
    if (!place) {
      name->required();
      reason->required();
    }
    command->callback([&where, &code, words, place] {
      if (words->name.empty()) {
        code = list_holds(where);
        return;
      }
      code = with_record(where, [&](Session& s) { return change(s, *words, place); });
    });
  }
}

}  // namespace muster::cli
