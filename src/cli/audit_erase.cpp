// `muster audit erase`: a person's name goes from the record, and the record stays provable.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "adapters/sqlite/lock_file.hpp"
#include "adapters/sqlite/store.hpp"
#include "base/text.hpp"
#include "cli/audit.hpp"
#include "cli/desk.hpp"
#include "cli/erasure.hpp"
#include "cli/exit.hpp"
#include "cli/owed_reason.hpp"
#include "cli/person_key.hpp"
#include "cli/terminal.hpp"

namespace muster::cli {

namespace {

struct EraseWords {
  std::string person;
  std::string reason;
  bool dry_run = false;
};

std::string problem_of(const EraseWords& words) {
  if (trimmed(words.person).empty()) return "nobody is named";
  return problem_of_reason(words.reason, "");
}

/// A word of a text, in small letters, and where it stands.
struct Word {
  std::string text;
  std::size_t from = 0, to = 0;
};

/// "Ana Silva-Costa, ana@x": ana silva costa ana x. Capitals above ASCII stay as they are.
std::vector<Word> words_in(std::string_view text) {
  std::vector<Word> out;
  bool inside = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    const bool belongs = std::isalnum(c) != 0 || c >= 0x80;
    if (belongs && !inside) out.push_back({"", at, at});
    if (belongs) {
      out.back().text += static_cast<char>(c < 0x80 ? std::tolower(c) : c);
      out.back().to = at + 1;
    }
    inside = belongs;
  }
  return out;
}

/// What would name them: each name as a whole, and each longer word of it.
std::vector<std::vector<std::string>> telling(const std::set<std::string>& names) {
  constexpr std::size_t kLettersMin = 3;
  std::vector<std::vector<std::string>> out;
  for (const auto& name : names) {
    auto& whole = out.emplace_back();
    for (const auto& word : words_in(name)) whole.push_back(word.text);
    if (name.starts_with("token:")) continue;  // "laptop" is nobody
    const auto colon = name.find(':');         // nor is the "unix" of "unix:ana"
    for (const auto& word : words_in(colon == name.npos ? name : name.substr(colon + 1)))
      if (word.text.size() >= kLettersMin && word.text != "root") out.push_back({word.text});
  }
  return out;
}

/// The parts of the reason that name them, as they are written there.
std::vector<std::string> naming_parts(const std::string& reason,
                                      const std::set<std::string>& names) {
  const auto words = words_in(reason);
  std::vector<bool> names_them(words.size(), false);
  for (const auto& name : telling(names))
    for (std::size_t at = 0; !name.empty() && at + name.size() <= words.size(); ++at) {
      const auto from = words.begin() + static_cast<std::ptrdiff_t>(at);
      if (std::equal(name.begin(), name.end(), from,
                     [](const auto& part, const Word& word) { return part == word.text; }))
        std::fill_n(names_them.begin() + static_cast<std::ptrdiff_t>(at), name.size(), true);
    }
  std::vector<std::string> out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!names_them[i]) continue;
    const auto from = words[i].from;
    while (i + 1 < words.size() && names_them[i + 1]) ++i;
    out.push_back("'" + reason.substr(from, words[i].to - from) + "'");
  }
  return out;
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
  if (const auto parts = naming_parts(words.reason, erasure->who.names); !parts.empty())
    return complain({fmt::format("the reason names them, and stays in the record for ever: {}",
                                 joined(parts, ", ")),
                     "leave that out, and say where the request is kept: --reason \"request of "
                     "2026-03-01, ticket 17\""},
                    kUsage);
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
