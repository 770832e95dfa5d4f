// `muster audit verify`: whether the record still says what was written, who signed that, and who
// else has seen it.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/text.hpp"
#include "cli/audit.hpp"
#include "cli/exit.hpp"
#include "cli/target_witnesses.hpp"
#include "cli/terminal.hpp"
#include "cli/verification.hpp"
#include "cli/witnesses.hpp"
#include "journal/logs.hpp"

namespace muster::cli {

namespace {

struct VerifyWords {
  std::string run;
  std::string key;
  std::vector<std::string> checkpoints;
  bool witnesses = false;
  std::string targets;
  bool json = false;
};

/// What one witness said, when it was asked.
struct Heard {
  std::string name, how, why;  ///< why: what it said when it could not be asked to the end
  bool weak = false;
  std::uint64_t checkpoints = 0, newest = 0;
  std::uint64_t bad_notes = 0;  ///< that are no checkpoints of this record
  std::string bad_why = {};     ///< of the first of these
  bool is_heard() const { return checkpoints + bad_notes > 0; }
};

std::string signed_text(const LogVerdict& log) {
  if (log.signed_size == 0) return "NOT SIGNED";
  if (log.signed_size >= log.verified.size) return "signed";
  return fmt::format("signed to {}", log.signed_size);
}

void print(const LogVerdict& log) {
  if (log.unreadable)
    return say(fmt::format("UNREADABLE  {}: {}", log.log, to_string(*log.unreadable)));
  const auto& v = log.verified;
  if (!log.removed.empty())
    say(fmt::format("{:<11} {}: {}, {}", v.intact() ? "REMOVED" : "DAMAGED", log.log, log.removed,
                    signed_text(log)));
  else
    say(fmt::format("{:<11} {}: {} entries, root {}, {}", v.intact() ? "INTACT" : "DAMAGED",
                    log.log, v.size, hex(v.root), signed_text(log)));
  for (const auto& f : v.findings)
    say(fmt::format("            {}, entry {}: {}", journal::to_string(f.damage), f.seq, f.text));
  if (log.persons.erased > 0)
    say(fmt::format("            {} of the {} names in it were erased, and the record says when",
                    log.persons.erased, log.persons.named));
  if (log.persons.pending > 0)
    say(
        fmt::format("            {} names were declared erased and are still there: `muster audit "
                    "erase` goes on with it",
                    log.persons.pending));
  for (const auto& c : v.claims)
    if (c.claim.witness && c.agrees)
      say(fmt::format("            seen by {}: {} entries, and they are these", c.claim.by,
                      c.claim.head.size));
}

void print(const Heard& heard) {
  if (!heard.is_heard())
    return say(fmt::format("NOT HEARD   {} ({}): {}", heard.name, heard.how, heard.why));
  say(fmt::format("HEARD       {} ({}): {}", heard.name, heard.how,
                  heard.checkpoints == 0 ? "no checkpoint of this record"
                                         : fmt::format("{} checkpoints, the newest of {} entries",
                                                       heard.checkpoints, heard.newest)));
  if (heard.bad_notes > 0)
    say(fmt::format("            {} of its notes could not be read: {}", heard.bad_notes,
                    heard.bad_why));
  if (!heard.why.empty()) say("            it did not come to its end: " + heard.why);
}

/// Who could sign what is not signed. A log that is empty, or removed, is signed by nobody.
void print_unsigned(const Verification& found) {
  const auto lacks = [](const LogVerdict& log) {
    return log.signed_size == 0 && log.verified.size > 0 && log.removed.empty();
  };
  if (std::none_of(found.logs.begin(), found.logs.end(), lacks)) return;
  if (found.keys.empty())
    return say(
        "Not all of it is signed: `muster audit key new` makes a key and signs what is there.");
  // A run signs its own log and the workspace's; a change of keys signs all.
  const bool runs = std::any_of(found.logs.begin() + 1, found.logs.end(), lacks);
  say(runs ? "Not all of it is signed: `muster audit key rotate`, where the key is, changes it and "
             "signs what is there."
           : "Not all of it is signed: the next run, where the key is, signs the workspace's log.");
}

/// Nobody else vouches for it. Of a run that died before its first entry there is nothing to vouch
/// for: the workspace's log says that it was.
bool is_unwitnessed(const LogVerdict& log) {
  return !log.verified.witnessed && (log.verified.size > 0 || log.log == journal::kWorkspaceLog);
}

bool is_witnessed(const Verification& found) {
  return std::none_of(found.logs.begin(), found.logs.end(), is_unwitnessed);
}

/// Which logs nobody else vouches for, when others vouch for some: "" otherwise.
std::string unwitnessed(const Verification& found) {
  std::vector<std::string> logs;
  for (const auto& log : found.logs)
    if (is_unwitnessed(log)) logs.push_back(log.log);
  const bool none = std::none_of(found.logs.begin(), found.logs.end(),
                                 [](const auto& log) { return log.verified.witnessed; });
  if (logs.empty() || none) return {};
  const auto count = logs.size();
  constexpr std::size_t kNamedMax = 5;
  if (count > kNamedMax) logs.resize(kNamedMax);
  return fmt::format("Nobody else vouches for {} of its {} logs: {}{}", count, found.logs.size(),
                     joined(logs, ", "), count > kNamedMax ? ", …" : "");
}

void print(const Verification& found, const std::vector<Heard>& heard) {
  for (const auto& log : found.logs) print(log);
  for (const auto& h : heard) print(h);
  if (!found.intact())
    return say("The record is DAMAGED: what is listed above was changed after it was written.");
  print_unsigned(found);
  if (const auto some = unwitnessed(found); !some.empty())
    return say("The record is intact. UNWITNESSED in part. " + some +
               ". What came after the newest checkpoint that others have can be written anew by "
               "whoever owns the machine.");
  say(is_witnessed(found)
          ? "The record is intact, and what others have kept of it agrees."
          : "The record is intact. UNWITNESSED: only this store vouches for it; whoever owns the "
            "machine could have written it anew, or left off its end. Bring what somebody else has "
            "kept: --checkpoint FILE, --witnesses.");
}

Json as_json(const LogVerdict& log) {
  const auto& v = log.verified;
  Json findings = Json::array(), claims = Json::array();
  for (const auto& f : v.findings)
    findings.push_back(
        {{"damage", journal::to_string(f.damage)}, {"seq", f.seq}, {"text", f.text}});
  for (const auto& c : v.claims)
    claims.push_back({{"by", c.claim.by},
                      {"entries", c.claim.head.size},
                      {"root", hex(c.claim.head.root)},
                      {"witness", c.claim.witness},
                      {"agrees", c.agrees}});
  Json out{{"log", log.log},
           {"entries", v.size},
           {"root", hex(v.root)},
           {"intact", !log.unreadable && v.intact()},
           {"signed_entries", log.signed_size},
           {"witnessed", v.witnessed},
           {"unwitnessed_entries", v.unwitnessed},
           {"persons",
            {{"named", log.persons.named},
             {"erased", log.persons.erased},
             {"pending", log.persons.pending}}},
           {"findings", std::move(findings)},
           {"claims", std::move(claims)}};
  if (!log.removed.empty()) out["removed"] = log.removed;
  if (log.unreadable) out["unreadable"] = to_string(*log.unreadable);
  return out;
}

Json as_json(const Heard& heard) {
  return {{"witness", heard.name},
          {"how", heard.how},
          {"weak", heard.weak},
          {"heard", heard.is_heard()},
          {"why", heard.why},
          {"checkpoints", heard.checkpoints},
          {"newest_entries", heard.newest},
          {"bad_notes", heard.bad_notes},
          {"bad_why", heard.bad_why}};
}

Json as_json(const Verification& found, const std::vector<Heard>& heard) {
  Json witnesses = Json::array();
  for (const auto& h : heard) witnesses.push_back(as_json(h));
  Json keys = Json::array(), logs = Json::array();
  for (const auto& term : found.keys) {
    Json key{{"key", journal::to_string(journal::VerifierKey{found.name, term.key})},
             {"from_entry", term.from},
             {"vouched", term.vouched}};
    if (term.until) key["until_entry"] = *term.until;
    keys.push_back(std::move(key));
  }
  for (const auto& log : found.logs) logs.push_back(as_json(log));
  return {{"intact", found.intact()},         {"signed", found.is_signed()},
          {"witnessed", is_witnessed(found)}, {"name", found.name},
          {"keys", std::move(keys)},          {"logs", std::move(logs)},
          {"witnesses", std::move(witnesses)}};
}

Result<VerifyWishes> wishes_of(const VerifyWords& words, const journal::KeyHistory& keys) {
  VerifyWishes wishes;
  if (!words.key.empty()) {
    const auto text = read_small_file(words.key);
    if (!text) return text.error();
    const auto key = journal::read_verifier_key(*text);
    if (!key) return Error{fmt::format("{}: {}", words.key, key.error().what), key.error().hint};
    wishes.key = *key;
  }
  for (const auto& file : words.checkpoints) {
    auto kept = read_kept_file(file, keys);
    if (!kept) return kept.error();
    wishes.kept.push_back(std::move(*kept));
  }
  return wishes;
}

/// The run that `name` means; "" for all. Also where the log is damaged, so not find_run.
Result<std::string> one_run(const std::vector<RunRow>& runs, const std::string& name) {
  std::vector<std::string> fits;
  for (const auto& row : runs)
    if (!name.empty() && row.run.starts_with(name)) fits.push_back(row.run);
  if (fits.empty() && !name.empty())
    return Error{fmt::format("there is no run '{}'", name), "`muster runs` lists them"};
  if (fits.size() > 1 && std::find(fits.begin(), fits.end(), name) == fits.end())
    return Error{fmt::format("'{}' is the beginning of {} runs", name, fits.size()),
                 "`muster runs` lists them"};
  return fits.size() == 1 ? fits.front() : name;
}

/// Takes in what one of them had; `by` names it in findings.
void take_in(Heard& heard, const std::string& by, const std::vector<std::string>& notes,
             const journal::KeyHistory& keys, VerifyWishes& wishes) {
  for (const auto& note : notes) {
    auto kept = read_kept(by, note, keys);
    if (!kept) {
      if (heard.bad_notes++ == 0) heard.bad_why = to_string(kept.error());
      continue;
    }
    kept->weak = heard.weak;
    heard.newest = std::max(heard.newest, kept->checkpoint.head.size);
    ++heard.checkpoints;
    wishes.kept.push_back(std::move(*kept));
  }
  if (heard.why.empty() && !heard.is_heard()) heard.why = "it was told nothing of this record";
}

/// Asks the workspace's witnesses for what they were told of its own log.
Result<std::vector<Heard>> hear(Session& session, const journal::KeyHistory& keys,
                                VerifyWishes& wishes) {
  const auto all = witnesses_of(session.workspace());
  if (!all) return all.error();
  std::vector<Heard> out;
  for (const auto& answer : ask(session, *all, keys.name())) {
    const auto& w = *answer.witness;
    out.push_back({*w.name, describe(w), answer.why, is_weak(w)});
    take_in(out.back(), "witness " + *w.name, answer.notes, keys, wishes);
  }
  return out;
}

/// Asks hosts what came with the undos that were armed there.
Result<std::vector<Heard>> hear_targets(Session& session, const std::string& pattern,
                                        const journal::KeyHistory& keys, VerifyWishes& wishes) {
  const auto all = ask_targets(session, pattern);
  if (!all) return all.error();
  std::vector<Heard> out;
  for (const auto& answer : *all) {
    out.push_back(
        {answer.host, "target, WEAK: under the same sudo as the drills", answer.why, true});
    take_in(out.back(), "target " + answer.host, answer.notes, keys, wishes);
  }
  return out;
}

/// A file of the command line that cannot be read; "": none.
std::string missing_file(const VerifyWords& words) {
  auto files = words.checkpoints;
  if (!words.key.empty()) files.push_back(words.key);
  const auto it = std::find_if(files.begin(), files.end(),
                               [](const auto& file) { return access(file.c_str(), R_OK) != 0; });
  return it == files.end() ? "" : *it;
}

int verify(const Where& where, const VerifyWords& words) {
  if (words.witnesses && !where.server.empty())
    return complain(
        {"--witnesses asks those that the workspace of this machine names, and --server "
         "has none here",
         "give what a witness kept with --checkpoint"},
        kUsage);
  if (const auto file = missing_file(words); !file.empty())
    return complain({fmt::format("the file {} is not there, or cannot be read", file)}, kUsage);
  const auto workspace = find_record(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  auto session = Session::open_to_read(*workspace, where);
  if (!session) return complain(session.error(), kFail);
  if ((*session)->no_record()) return complain(*(*session)->no_record(), kUsage);
  auto trail = read_trail(**session);
  if (!trail) return complain(trail.error(), kFail);
  const auto run = one_run(trail->runs, words.run);
  if (!run) return complain(run.error(), kUsage);
  const auto keys = trail->checkpoints.keys();
  auto wishes = wishes_of(words, keys);
  if (!wishes) return complain(wishes.error(), kFail);
  wishes->run = *run;
  std::vector<Heard> heard;
  if (words.witnesses) {
    auto all = hear(**session, keys, *wishes);
    if (!all) return complain(all.error(), kUsage);
    heard = std::move(*all);
  }
  if (!words.targets.empty()) {
    auto all = hear_targets(**session, words.targets, keys, *wishes);
    if (!all) return complain(all.error(), kUsage);
    heard.insert(heard.end(), all->begin(), all->end());
  }
  const auto found = verify_record(**session, std::move(*trail), *wishes);
  if (found.intact() && found.logs.front().verified.size == 0)
    return complain((*session)->nothing_recorded(), kUsage);
  if (words.json)
    say(as_json(found, heard).dump(2, ' ', false, Json::error_handler_t::replace));
  else
    print(found, heard);
  if (!found.intact()) return kFail;
  // Proof by others was asked for: when there is none, that is no pass.
  return words.witnesses && !is_witnessed(found) ? kInconclusive : kOk;
}

}  // namespace

void add_audit_verify(CLI::App& audit, Where& where, int& code) {
  auto words = std::make_shared<VerifyWords>();
  auto* command = audit.add_subcommand(
      "verify",
      "Recomputes every hash, checks every signature, and holds the record against what is kept "
      "elsewhere");
  command->add_option("RUN", words->run, "Only this run (and the workspace's log)");
  command
      ->add_option("--key", words->key,
                   "A file with the public key that you trust: all signatures must lead to it")
      ->type_name("FILE");
  command
      ->add_option("--checkpoint", words->checkpoints,
                   "A file with a checkpoint that you kept: the record must begin with it")
      ->type_name("FILE");
  command->add_flag("--witnesses", words->witnesses,
                    "Asks the witnesses of inventory/witnesses.yaml what they were told");
  command
      ->add_option("--targets", words->targets,
                   "Asks these hosts what they were given with each undo that was armed there "
                   "(`all`, a group, a host; at most 100)")
      ->type_name("PATTERN");
  command->add_flag("--json", words->json, "The same as JSON");
  command->callback([&where, &code, words] { code = verify(where, *words); });
}

}  // namespace muster::cli
