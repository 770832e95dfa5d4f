// `muster audit proof` and `muster audit consistency`: short proofs for whoever has a checkpoint
// and not the log, in C2SP's formats (tlog-proof; the request of tlog-witness).
#include <fmt/format.h>

#include "cli/audit.hpp"
#include "cli/entries.hpp"
#include "cli/exit.hpp"
#include "cli/terminal.hpp"
#include "cli/workspace_trail.hpp"
#include "journal/logs.hpp"
#include "journal/proof.hpp"

namespace muster::cli {

namespace {

struct ProofWords {
  std::string run;
  std::uint64_t seq = 0;
  std::string checkpoint;
};

/// A log up to its newest checkpoint, which it agrees with.
struct SignedLeaves {
  std::vector<Digest> leaves;
  journal::StoredCheckpoint newest;
};

Result<SignedLeaves> signed_leaves(Session& session, const WorkspaceTrail& trail,
                                   const ports::LogId& log) {
  for (const auto& row : trail.runs)
    if (row.pruned && row.pruned->whole && journal::run_log(row.run) == log)
      return Error{
          fmt::format("the record of run {} was {}", row.run, journal::describe(*row.pruned)),
          "who has an export of it from before can prove it from that"};
  const auto* newest = trail.checkpoints.newest(log);
  if (!newest)
    return Error{fmt::format("the log {} is not signed yet", log), "`muster audit key new`"};
  SignedLeaves out{{}, *newest};
  const auto& head = newest->checkpoint.head;
  const auto size = each_entry(session, log, [&](const ports::Stored& stored) {
    if (out.leaves.size() < head.size) out.leaves.push_back(journal::leaf_hash(stored.bytes));
  });
  if (!size) return size.error();
  if (journal::TreeHead{out.leaves.size(), journal::root_of(out.leaves)} != head)
    return Error{fmt::format("the log {} is not what was signed: there is nothing to prove", log),
                 "`muster audit verify` says where"};
  return out;
}

/// say() ends the last line itself.
std::string_view without_end(std::string_view note) {
  return note.substr(0, note.size() - 1);
}

std::string lines(const journal::Proof& proof) {
  std::string out;
  for (const auto& hash : proof) out += base64(view(hash)) + "\n";
  return out;
}

int proof(Session& session, const ProofWords& words) {
  const auto trail = read_trail(session);
  if (!trail) return complain(trail.error(), kFail);
  ports::LogId log = journal::kWorkspaceLog;
  if (words.run != "workspace") {
    const auto row = find_run(session, words.run);
    if (!row) return complain(row.error(), kUsage);
    log = journal::run_log(row->run);
  }
  const auto all = signed_leaves(session, *trail, log);
  if (!all) return complain(all.error(), kFail);
  const auto found = journal::inclusion_proof(all->leaves, words.seq);
  if (!found)
    return complain(
        {fmt::format("entry {} of {} is not signed: {} are", words.seq, log, all->leaves.size())},
        kFail);
  say(fmt::format("c2sp.org/tlog-proof@v1\nindex {}\n{}\n{}", words.seq, lines(*found),
                  without_end(all->newest.note)));
  return kOk;
}

int consistency(Session& session, const ProofWords& words) {
  const auto trail = read_trail(session);
  if (!trail) return complain(trail.error(), kFail);
  const auto kept = read_kept_file(words.checkpoint, trail->checkpoints.keys());
  if (!kept) return complain(kept.error(), kFail);
  const auto all = signed_leaves(session, *trail, kept->log);
  if (!all) return complain(all.error(), kFail);
  const auto& older = kept->checkpoint.head;
  const auto found = journal::consistency_proof(all->leaves, older.size);
  const auto agrees = found ? journal::check_consistency(*found, older, all->newest.checkpoint.head)
                            : Result<>{found.error()};
  if (!agrees)
    return complain({fmt::format("{} does not begin with what {} signs: {}", kept->log,
                                 words.checkpoint, agrees.error().what),
                     "keep that checkpoint: it shows that the record was changed"},
                    kFail);
  say(fmt::format("old {}\n{}\n{}", older.size, lines(*found), without_end(all->newest.note)));
  return kOk;
}

int on_session(const Where& where, const std::function<int(Session&)>& act) {
  const auto workspace = find_record(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  auto session = Session::open_to_read(*workspace, where);
  if (!session) return complain(session.error(), kFail);
  return act(**session);
}

}  // namespace

void add_audit_proof(CLI::App& audit, Where& where, int& code) {
  auto words = std::make_shared<ProofWords>();
  auto* one = audit.add_subcommand(
      "proof", "Proves that an entry is in the record, with some hashes and the newest checkpoint");
  one->add_option("RUN", words->run, "Its id, the beginning of it, or `workspace`")->required();
  one->add_option("SEQ", words->seq, "The entry's number in `muster audit log`")->required();
  one->callback([&where, &code, words] {
    code = on_session(where, [&](Session& s) { return proof(s, *words); });
  });
  auto* two = audit.add_subcommand(
      "consistency", "Proves that the record begins with what an earlier checkpoint signs");
  two->add_option("FILE", words->checkpoint, "The earlier checkpoint")->required();
  two->callback([&where, &code, words] {
    code = on_session(where, [&](Session& s) { return consistency(s, *words); });
  });
}

}  // namespace muster::cli
