// `muster audit key`: the key that signs the record: made, changed, shown.
#include <fmt/format.h>

#include <cstdio>

#include "cli/audit.hpp"
#include "cli/desk.hpp"
#include "cli/exit.hpp"
#include "cli/key_file.hpp"
#include "cli/last_signed.hpp"
#include "cli/terminal.hpp"
#include "cli/workspace_trail.hpp"
#include "journal/kinds.hpp"
#include "journal/tree.hpp"

namespace muster::cli {

namespace {

/// What is for the reader: stdout holds the key alone, for `> FILE`.
void advise(std::string_view line) {
  fmt::print(stderr, "{}\n", line);
}

void print_key(const std::string& name, const PublicKey& key) {
  say(journal::to_string(journal::VerifierKey{name, key}));
}

/// The end of `new` and `rotate`: the public key on stdout, the advice beside it.
int done(const std::string& name, const PublicKey& key) {
  print_key(name, key);
  advise(
      "Keep this line where whoever runs the drills cannot change it: `muster audit verify --key "
      "FILE` begins from it.");
  return kOk;
}

/// What was signed last must be there before the record names another key: one that is refused
/// afterwards would stay named in it for ever. Where nothing was kept there is nothing to hold
/// against it.
Result<> judge_last_signed(const Session& session, const WorkspaceTrail& trail) {
  const auto last = LastSigned::read(session.state_folder());
  if (!last) return last.error();
  if (!last->size()) return {};
  journal::Tree tree;
  std::optional<Digest> root;
  for (const auto& leaf : trail.verifier.leaves()) {
    tree.add(leaf);
    if (tree.size() == last->size()) root = tree.root();
  }
  return last->judge(trail.checkpoints, root);
}

int make_new(Session& session, const std::string& wanted_name) {
  const auto trail = read_trail(session);
  if (!trail) return complain(trail.error(), kFail);
  const auto& keys = trail->checkpoints.keys();
  const auto folder = session.state_folder();
  if (keys.current() && key_of(folder, keys.current()->key))
    return complain({"this record has its key already", "`muster audit key rotate` changes it"},
                    kUsage);
  const auto name = !keys.name().empty()   ? keys.name()
                    : !wanted_name.empty() ? wanted_name
                                           : record_name(session);
  if (!journal::is_key_name(name) || name.size() > 200)
    return complain({fmt::format("'{}' cannot be a record's name", name),
                     "at most 200 printable characters, without blanks and +"},
                    kUsage);
  if (const auto fits = judge_last_signed(session, *trail); !fits)
    return complain(fits.error(), kFail);
  auto key = read_key(folder / kKeyFile);
  if (!key) return complain(key.error(), kFail);
  if (!*key) {
    auto made = make_key(folder / kKeyFile);
    if (!made) return complain(made.error(), kFail);
    *key = std::move(*made);
  }
  const auto desk = Desk::open(session);
  if (!desk) return complain(desk.error(), kFail);
  const auto noted =
      (*desk)->note(journal::kinds::kKeyMade, journal::key_made_data({name, (*key)->public_key()}));
  if (!noted) return complain(noted.error(), kFail);
  if (const auto all = (*desk)->sign_all(trail->runs); !all) return complain(all.error(), kFail);
  if (keys.current())
    advise(
        "Nobody vouches for this key: the one before it could not sign. `muster audit verify` will "
        "always say so; tell those who hold the old one.");
  return done(name, (*key)->public_key());
}

/// By the key of now. It refuses where the record is not what that key has signed before: then the
/// key must not vouch for it by a change of keys either.
Result<> sign_what_is_there(Session& session) {
  const auto desk = Desk::open(session);
  if (!desk) return desk.error();
  return (*desk)->sign();
}

/// The old key's last checkpoint names the new one. The new key is on the disk before the record
/// says so; whoever dies in between finds it there (key_of).
int rotate(Session& session) {
  const auto before = read_trail(session);
  if (!before) return complain(before.error(), kFail);
  if (!before->checkpoints.keys().current())
    return complain({"there is no key yet", "`muster audit key new`"}, kUsage);
  if (const auto can = sign_what_is_there(session); !can) return complain(can.error(), kFail);
  auto trail = read_trail(session);
  if (!trail) return complain(trail.error(), kFail);
  const auto& keys = trail->checkpoints.keys();
  const auto folder = session.state_folder();
  const auto old_key = key_of(folder, keys.current()->key);
  if (!old_key) return complain(old_key.error(), kFail);
  const auto next_file = folder / kNextKeyFile;
  auto next = read_key(next_file);  // of a change that was cut off before its entry
  if (!next) return complain(next.error(), kFail);
  if (!*next) {
    auto made = make_key(next_file);
    if (!made) return complain(made.error(), kFail);
    *next = std::move(*made);
  }
  const journal::VerifierKey key{keys.name(), (*next)->public_key()};
  const auto whole = trail->verifier.finish();
  const auto note = journal::signed_checkpoint(
      {keys.name(), {whole.size, whole.root}, journal::next_key_line(key)}, *old_key);
  if (!note) return complain(note.error(), kFail);
  const auto desk = Desk::open(session);
  if (!desk) return complain(desk.error(), kFail);
  const auto noted =
      (*desk)->note(journal::kinds::kKeyRotated, journal::key_rotated_data(key, *note));
  if (!noted) return complain(noted.error(), kFail);
  if (const auto moved = key_of(folder, key.key); !moved) return complain(moved.error(), kFail);
  if (const auto all = (*desk)->sign_all(trail->runs); !all) return complain(all.error(), kFail);
  return done(key.name, key.key);
}

int show(const Where& where, bool history) {
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  auto session = Session::open_to_read(*workspace);
  if (!session) return complain(session.error(), kFail);
  const auto trail = read_trail(**session);
  if (!trail) return complain(trail.error(), kFail);
  const auto& keys = trail->checkpoints.keys();
  if (!keys.current())
    return complain({"this record has no key yet",
                     "the next `muster run` makes one, or `muster audit key new`"},
                    kFail);
  if (!history) return print_key(keys.name(), keys.current()->key), kOk;
  for (const auto& term : keys.terms())
    say(fmt::format("{} from entry {}{}{}",
                    journal::to_string(journal::VerifierKey{keys.name(), term.key}), term.from,
                    term.until ? fmt::format(" to {}", *term.until) : "",
                    term.vouched || term.from == keys.terms().front().from
                        ? ""
                        : ", and the one before did not sign for it"));
  return kOk;
}

}  // namespace

void add_audit_key(CLI::App& audit, Where& where, int& code) {
  auto* command = audit.add_subcommand("key", "The key that signs the record");
  command->require_subcommand(1);
  auto name = std::make_shared<std::string>();
  auto* fresh = command->add_subcommand(
      "new", "Makes the first key (the first run does it too), and signs what is there");
  fresh->add_option("--name", *name,
                    "What the record is called in checkpoints (default: host and state folder)");
  fresh->callback([&where, &code, name] {
    code = with_record(where, [&](Session& s) { return make_new(s, *name); });
  });
  auto* change = command->add_subcommand(
      "rotate", "Another key from now on; the old one signs for it and is then removed");
  change->callback([&where, &code] { code = with_record(where, rotate); });
  auto history = std::make_shared<bool>(false);
  auto* see = command->add_subcommand("show", "The public key, as verifiers take it");
  see->add_flag("--history", *history, "Every key that ever signed, and which entries");
  see->callback([&where, &code, history] { code = show(where, *history); });
}

}  // namespace muster::cli
