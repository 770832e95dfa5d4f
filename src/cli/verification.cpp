#include "cli/verification.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/entries.hpp"
#include "journal/evidence.hpp"
#include "journal/logs.hpp"
#include "journal/pruned_log.hpp"

namespace muster::cli {

using journal::Damage;

namespace {

Result<ports::Tip> tip_of(Session& session, const ports::LogId& log) {
  return session.wait<ports::Tip>([&](auto done) { session.store().tip(log, std::move(done)); });
}

/// `Verifier`: of a log that is there, or of one that was removed on purpose.
template <class Verifier>
void claim_checkpoints(Verifier& verifier, const journal::CheckpointLog& log,
                       const ports::LogId& id, std::uint64_t witnessed_to) {
  const auto it = log.signed_logs().find(id);
  if (it == log.signed_logs().end()) return;
  for (const auto& c : it->second)
    verifier.claim({c.checkpoint.head, fmt::format("the checkpoint in workspace entry {}", c.seq),
                    c.seq < witnessed_to});
}

template <class Verifier>
void claim_kept(Verifier& verifier, const journal::KeyHistory& keys, const VerifyWishes& wishes,
                const ports::LogId& id) {
  for (const auto& kept : wishes.kept) {
    if (kept.log != id) continue;
    verifier.claim({kept.checkpoint.head, kept.by, !kept.weak});
    if (!keys.signer(kept.note))
      verifier.found(Damage::wrong_key, 0,
                     fmt::format("{} is signed by no key of this record", kept.by));
  }
}

/// The key that the reader brought must lead to all that sign, and must have been at it at all.
void judge_key(journal::Verifier& verifier, const journal::CheckpointLog& log,
               const VerifyWishes& wishes) {
  if (!wishes.key) return;
  const auto leads = wishes.key->name == log.keys().name()
                         ? log.keys().vouches_for_all_after(wishes.key->key)
                         : std::nullopt;
  if (!leads)
    verifier.found(Damage::wrong_key, 0, "the key that you brought never signed this record");
  else if (!*leads)
    verifier.found(Damage::wrong_key, 0,
                   "a key signs that the one you brought does not lead to: it was replaced without "
                   "its signature");
  else if (!log.is_signed_since(*log.keys().term_of(wishes.key->key)))
    verifier.found(
        Damage::wrong_key, 0,
        "nothing of this record is signed by the key that you brought, or by one that it "
        "leads to");
}

/// What its commitments stand for.
journal::PersonCounts judge_persons(journal::Verifier& verifier,
                                    const journal::PersonAudit& persons,
                                    const WorkspaceTrail& trail) {
  return persons.judge(trail.erasures, trail.checkpoints.signed_size(),
                       [&](Damage damage, std::uint64_t seq, std::string text) {
                         verifier.found(damage, seq, std::move(text));
                       });
}

/// Nothing follows the end of a run; but a dirty one is taken up again by `muster recover`.
void judge_end(journal::Verifier& verifier, const RunRow& row, std::uint64_t size) {
  if (row.closed && row.state != "dirty" && row.witness && size > row.witness->size)
    verifier.found(
        Damage::extra, row.witness->size,
        fmt::format("{} entries were added after the run was closed", size - row.witness->size));
}

/// While a drill goes on its log grows between two questions: what came in between is read too.
Result<> read_up_to(Session& session, const ports::LogId& log, std::uint64_t size,
                    journal::Verifier& verifier) {
  constexpr std::size_t kReadAtOnce = 4u << 20;
  while (verifier.leaves().size() < size) {
    const auto page = session.wait<std::vector<ports::Stored>>([&](auto done) {
      session.store().entries(log, verifier.leaves().size(), kReadAtOnce, std::move(done));
    });
    if (!page) return page.error();
    if (page->empty()) return {};  // the tip lies, which is for the verifier to say
    for (const auto& stored : *page)
      if (verifier.leaves().size() < size) verifier.add(stored.bytes);
  }
  return {};
}

LogVerdict verdict_on(Session& session, journal::Verifier verifier, const ports::LogId& log,
                      const journal::CheckpointLog& checkpoints) {
  LogVerdict verdict{log, std::nullopt, {}, {}, {}, 0};
  if (const auto* newest = checkpoints.newest(log))
    verdict.signed_size = newest->checkpoint.head.size;
  const auto tip = tip_of(session, log);
  const auto read = tip ? read_up_to(session, log, tip->size, verifier) : Result<>{tip.error()};
  if (!read) verdict.unreadable = read.error();
  verdict.verified = verifier.finish(tip ? std::optional{*tip} : std::nullopt);
  return verdict;
}

bool is_wanted(const ports::LogId& log, const std::string& run, const VerifyWishes& wishes) {
  return wishes.run.empty() || run == wishes.run ||
         std::any_of(wishes.kept.begin(), wishes.kept.end(),
                     [&](const auto& kept) { return kept.log == log; });
}

/// What others say of one run's log.
template <class Verifier>
void claim_all(Verifier& verifier, const WorkspaceTrail& trail, const std::string& run,
               const VerifyWishes& wishes, std::uint64_t witnessed_to) {
  const auto log = journal::run_log(run);
  for (const auto& closed : trail.closed)
    if (closed.run == run)
      verifier.claim({closed.head, fmt::format("run.closed in workspace entry {}", closed.seq),
                      closed.seq < witnessed_to});
  claim_checkpoints(verifier, trail.checkpoints, log, witnessed_to);
  claim_kept(verifier, trail.checkpoints.keys(), wishes, log);
}

/// Its entries are gone, and the workspace's log says that they should be.
LogVerdict verdict_on_removed(Session& session, const WorkspaceTrail& trail,
                              const journal::Pruned& pruned, const VerifyWishes& wishes,
                              std::uint64_t witnessed_to) {
  const auto log = journal::run_log(pruned.run);
  LogVerdict verdict{log, std::nullopt, {}, journal::describe(pruned), {}, 0};
  if (const auto* newest = trail.checkpoints.newest(log))
    verdict.signed_size = newest->checkpoint.head.size;
  journal::PrunedVerifier verifier{pruned.head};
  claim_all(verifier, trail, pruned.run, wishes, witnessed_to);
  if (pruned.seq >= trail.checkpoints.signed_size())
    verifier.found(
        Damage::wrongly_removed, 0,
        fmt::format("entry {} of the workspace's log declares it, and nobody signed that",
                    pruned.seq));
  const auto tip = tip_of(session, log);
  if (!tip) verdict.unreadable = tip.error();
  verdict.verified = verifier.finish(tip ? std::optional{*tip} : std::nullopt);
  return verdict;
}

/// What a run's entries rest on, as it was cited first.
using CitedBlobs = std::map<Digest, std::pair<std::uint64_t, journal::CitedBlob::What>>;

void judge_evidence(Session& session, journal::Verifier& verifier, const WorkspaceTrail& trail,
                    const std::string& run, const CitedBlobs& cited) {
  const auto* pruned = trail.retention.pruned(run);
  const auto signed_size = trail.checkpoints.signed_size();
  const bool no_samples = pruned && pruned->seq < signed_size;
  for (const auto& [digest, by] : cited) {
    const auto& [seq, what] = by;
    if (no_samples && what == journal::CitedBlob::What::samples) continue;
    // A plan that named somebody who was erased is another one now.
    const auto now = trail.erasures.instead_of(digest, signed_size);
    const auto bytes =
        session.wait<std::string>([&](auto done) { session.store().blob(now, std::move(done)); });
    if (!bytes)
      verifier.found(Damage::evidence_lost, seq,
                     fmt::format("entry {} rests on the {} {}: {}", seq, to_string(what),
                                 hex(digest).substr(0, 16), bytes.error().what));
  }
}

LogVerdict verdict_on_run(Session& session, const WorkspaceTrail& trail, const RunRow& row,
                          const VerifyWishes& wishes, std::uint64_t witnessed_to) {
  const auto log = journal::run_log(row.run);
  journal::Verifier verifier{row.run};
  journal::PersonAudit persons;
  CitedBlobs cited;
  const auto size = each_entry(session, log, [&](const auto& s) {
    const auto entry = verifier.add(s.bytes);
    persons.add(s);
    if (const auto blob = entry ? journal::cited_blob(*entry) : std::nullopt)
      cited.try_emplace(blob->digest, entry->seq, blob->what);
  });
  const auto* pruned = trail.retention.pruned(row.run);
  if (size && *size == 0 && pruned && pruned->whole)
    return verdict_on_removed(session, trail, *pruned, wishes, witnessed_to);
  claim_all(verifier, trail, row.run, wishes, witnessed_to);
  if (size) judge_end(verifier, row, *size);
  judge_evidence(session, verifier, trail, row.run, cited);
  const auto counts = judge_persons(verifier, persons, trail);
  auto verdict = verdict_on(session, std::move(verifier), log, trail.checkpoints);
  verdict.persons = counts;
  if (!size) verdict.unreadable = size.error();
  return verdict;
}

}  // namespace

bool Verification::intact() const {
  return std::all_of(logs.begin(), logs.end(),
                     [](const auto& l) { return !l.unreadable && l.verified.intact(); });
}
bool Verification::is_signed() const {
  return std::all_of(logs.begin(), logs.end(), [](const auto& l) { return l.signed_size > 0; });
}
bool Verification::witnessed() const {
  return std::all_of(logs.begin(), logs.end(), [](const auto& l) { return l.verified.witnessed; });
}

Verification verify_record(Session& session, WorkspaceTrail trail, const VerifyWishes& wishes) {
  const auto& checkpoints = trail.checkpoints;
  Verification out{checkpoints.keys().name(), checkpoints.keys().terms(), {}};
  auto& workspace = trail.verifier;
  for (const auto& p : checkpoints.problems()) workspace.found(Damage::wrong_key, p.seq, p.text);
  for (const auto& p : trail.problems) workspace.found(Damage::unreadable, p.seq, p.text);
  for (const auto& p : trail.retention.problems())
    workspace.found(Damage::wrongly_removed, p.seq, p.text);
  const auto persons = judge_persons(workspace, trail.persons, trail);
  judge_key(workspace, checkpoints, wishes);
  claim_checkpoints(workspace, checkpoints, journal::kWorkspaceLog, 0);
  claim_kept(workspace, checkpoints.keys(), wishes, journal::kWorkspaceLog);
  out.logs.push_back(
      verdict_on(session, std::move(workspace), journal::kWorkspaceLog, checkpoints));
  out.logs.back().persons = persons;
  // Whoever has seen the workspace's log has seen what it says of the runs.
  const auto& whole = out.logs.front().verified;
  const std::uint64_t witnessed_to =
      whole.intact() && whole.witnessed ? whole.size - whole.unwitnessed : 0;
  for (const auto& row : trail.runs) {
    const auto log = journal::run_log(row.run);
    if (!is_wanted(log, row.run, wishes)) continue;
    out.logs.push_back(verdict_on_run(session, trail, row, wishes, witnessed_to));
  }
  return out;
}

}  // namespace muster::cli
