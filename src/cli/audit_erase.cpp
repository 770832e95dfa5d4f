// `muster audit erase`: a person's name goes from the record, and the record stays provable.
#include <fmt/format.h>

#include "adapters/sqlite/lock_file.hpp"
#include "adapters/sqlite/store.hpp"
#include "base/text.hpp"
#include "cli/audit.hpp"
#include "cli/desk.hpp"
#include "cli/erasure.hpp"
#include "cli/exit.hpp"
#include "cli/person_key.hpp"
#include "cli/terminal.hpp"

namespace muster::cli {

namespace {

constexpr std::size_t kEraseReasonBytesMax = 2'000;

struct EraseWords {
  std::string person;
  std::string reason;
  bool dry_run = false;
};

std::string problem_of(const EraseWords& words) {
  if (trimmed(words.person).empty()) return "nobody is named";
  if (words.reason.size() > kEraseReasonBytesMax) return "the reason is above 2,000 bytes";
  if (printable(words.reason) != words.reason)
    return "the reason holds characters that cannot be printed";
  return has_word(words.reason, words.person) ? "the reason names them, and would stay" : "";
}

void say_what(const PreparedErasure& erasure) {
  std::size_t texts = 0;
  for (const auto& [commitment, person] : erasure.persons) {
    if (!person.is_text) say(fmt::format("ERASE {}", printable(person.value)));
    texts += person.is_text ? 1 : 0;
  }
  if (texts > 0) say(fmt::format("ERASE {} texts that name them", texts));
  if (!erasure.plans.empty())
    say(fmt::format("ERASE their name, account and key in {} plans", erasure.plans.size()));
  if (!erasure.runs.empty()) say(fmt::format("They are named in {} runs.", erasure.runs.size()));
  if (erasure.is_pending())
    say(fmt::format("GO ON with what was declared earlier: {} names, {} plans",
                    erasure.pending.size(), erasure.pending_plans.size()));
}

/// What no command of this workspace reaches.
void say_what_stays(Session& session, const PreparedErasure& erasure) {
  say("It is erased, and the record says so. Not reached, and yours to remove: reports that were "
      "written (reports/), exports, backups, what collectors and channels were sent, whom free "
      "text names in other words. Witnesses hold hashes alone.");
  const auto people = people_of(session.workspace());
  if (people && !erasure.who.id.empty() && people->find(erasure.who.id))
    say("WARNING: inventory/people.yaml still names them: the next run that does records them "
        "anew.");
}

int erase(Session& session, const EraseWords& words) {
  // The words of this command stand there for who is refused the store: they name somebody.
  sqlite::LockFile::forget((session.state_folder() / sqlite::kLockFile).string());
  if (const auto problem = problem_of(words); !problem.empty())
    return complain({problem, "muster audit erase PERSON --reason \"request of 2026-03-01\""},
                    kUsage);
  const auto trail = read_trail(session);
  if (!trail) return complain(trail.error(), kFail);
  const auto erasure = prepare_erasure(session, *trail, words.person);
  if (!erasure) return complain(erasure.error(), kFail);
  if (!erasure->is_news() && !erasure->is_pending()) {
    say(fmt::format("Nothing of the record names {}, or it was erased already.",
                    printable(words.person)));
    return kOk;
  }
  say_what(*erasure);
  if (words.dry_run) {
    say("Nothing was erased: --dry-run.");
    return kOk;
  }
  if (const auto done = erase_person(session, *erasure, words.reason); !done)
    return complain(done.error(), kFail);
  say_what_stays(session, *erasure);
  return kOk;
}

}  // namespace

void add_audit_erase(CLI::App& audit, Where& where, int& code) {
  auto words = std::make_shared<EraseWords>();
  auto* command = audit.add_subcommand(
      "erase",
      "Erases who somebody is from the record, for good: what they did stays, and stays provable; "
      "refused while a run that names them is not over, or under a legal hold");
  command
      ->add_option("PERSON", words->person,
                   "An id of people.yaml, a principal (unix:ana), or a name")
      ->required();
  command->add_option("--reason", words->reason, "Why, for the record; without their name");
  command->add_flag("--dry-run", words->dry_run, "Only says what would be erased");
  command->callback([&where, &code, words] {
    code = with_record(where, [&](Session& s) { return erase(s, *words); });
  });
}

}  // namespace muster::cli
