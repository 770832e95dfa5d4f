#include "cli/retention.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "cli/desk.hpp"
#include "cli/entries.hpp"
#include "journal/citations.hpp"
#include "journal/kinds.hpp"
#include "journal/logs.hpp"
#include "journal/persons.hpp"

namespace muster::cli {

namespace kinds = journal::kinds;

namespace {

using Persons = std::map<Digest, journal::Person>;

/// What one run's record cites, whom it names, and how it stands.
struct Cited {
  std::set<Digest> all, samples;
  Persons persons;
  std::uint64_t entries = 0;
  std::string damage;  ///< "" when its log is what the workspace's log says
};

std::optional<Digest> named(const Json& data, const char* key) {
  if (!data.is_object() || !data.contains(key) || !data.at(key).is_string()) return std::nullopt;
  return digest_from_hex(data.at(key).get<std::string>());
}

/// A plan cites the scripts that it may need; one that is gone cites nothing.
void add_plan(Session& session, const Digest& plan, const journal::ErasureLog& erasures,
              std::set<Digest>& into) {
  const auto kept = erasures.instead_of(plan);  // since somebody in it was erased
  into.insert(kept);
  const auto bytes =
      session.wait<std::string>([&](auto done) { session.store().blob(kept, std::move(done)); });
  if (bytes) journal::add_cited(*bytes, into);
}

void add_persons(const journal::Recorded& recorded, Persons& into) {
  journal::each_commitment(recorded.bytes, [&](std::size_t, const Digest& commitment) {
    const auto* found = recorded.persons ? recorded.persons->find(commitment) : nullptr;
    if (found && found->is == journal::Persons::Is::known) into.emplace(commitment, found->person);
  });
}

Result<Cited> cited_by(Session& session, const RunRow& row, const journal::ErasureLog& erasures) {
  Cited out;
  journal::Verifier verifier{row.run, row.witness};
  std::optional<Digest> plan;
  const auto size = each_entry(session, journal::run_log(row.run), [&](const journal::Recorded& s) {
    journal::add_cited(s.bytes, out.all);
    add_persons(s, out.persons);
    const auto entry = verifier.add(s.bytes);
    if (!entry) return;
    if (entry->action == kinds::kRunOpened) plan = named(entry->data, "plan");
    if (entry->action == kinds::kSamplesSealed)
      if (const auto blob = named(entry->data, "blob")) out.samples.insert(*blob);
  });
  if (!size) return size.error();
  if (plan) add_plan(session, *plan, erasures, out.all);
  out.entries = *size;
  const auto verified = verifier.finish();
  if (!verified.findings.empty()) out.damage = verified.findings.front().text;
  return out;
}

/// What the workspace's own log cites, but for what it says of runs that go whole, and of plans
/// that were redacted; and whom it names, which stays.
Result<std::set<Digest>> cited_by_workspace(Session& session, const std::set<std::string>& gone,
                                            Persons& persons) {
  std::set<Digest> out;
  const auto size = each_entry(session, journal::kWorkspaceLog, [&](const journal::Recorded& s) {
    const auto entry = journal::read_entry(s);
    add_persons(s, persons);
    if (entry && (gone.contains(entry->run) || entry->action == kinds::kPersonErased)) return;
    journal::add_cited(s.bytes, out);
  });
  if (!size) return size.error();
  return out;
}

/// A record that was tampered with is evidence: it stays.
void keep_damaged(journal::RetentionPlan& plan, const std::map<std::string, Cited>& cited) {
  std::erase_if(plan.removals, [&](const auto& removal) {
    const auto& run = cited.at(removal.run);
    if (run.entries == 0 || run.damage.empty()) return false;
    plan.kept.push_back({removal.run, "its record is damaged: " + run.damage});
    return true;
  });
}

Result<> remove(Session& session, const PreparedRemoval& one) {
  ports::Erasure erasure;
  if (one.removal.whole) erasure.logs.push_back(journal::run_log(one.removal.run));
  erasure.blobs.assign(one.blobs.begin(), one.blobs.end());
  erasure.rows.assign(one.rows.begin(), one.rows.end());
  return session.wait<void>(
      [&](auto done) { session.store().erase(std::move(erasure), std::move(done)); });
}

std::size_t count_there(Session& session, const std::set<Digest>& blobs) {
  return static_cast<std::size_t>(
      std::count_if(blobs.begin(), blobs.end(), [&](const Digest& blob) {
        const auto bytes = session.wait<std::string>(
            [&](auto done) { session.store().blob(blob, std::move(done)); });
        return bytes.has_value();
      }));
}

/// The workspace's log without the removals that no signature covers, and where those stand. By
/// their place in the log: what an entry says of its own is not asked here.
struct AsSigned {
  journal::RetentionLog log;
  std::map<std::string, std::uint64_t> unsigned_at;  ///< the last one of a run
};

Result<AsSigned> as_signed(Session& session, std::uint64_t signed_size) {
  AsSigned out;
  std::uint64_t place = 0;
  const auto size = each_entry(session, journal::kWorkspaceLog, [&](const journal::Recorded& s) {
    const auto at = place++;
    const auto entry = journal::read_entry(s);
    if (!entry) return;
    if (at < signed_size || entry->action != kinds::kRecordPruned) return out.log.add(*entry);
    if (const auto pruned = journal::read_pruned(*entry)) out.unsigned_at[pruned->run] = at;
  });
  if (!size) return size.error();
  return out;
}

std::string why_kept(const journal::RetentionPlan& plan, const std::string& run) {
  for (const auto& kept : plan.kept)
    if (kept.run == run) return kept.why;
  return "inventory/retention.yaml does not have it go now";
}

}  // namespace

Result<std::vector<PreparedRemoval>> prepare(Session& session, const WorkspaceTrail& trail,
                                             journal::RetentionPlan& plan) {
  std::map<std::string, Cited> cited;
  for (const auto& row : trail.runs) {
    auto run = cited_by(session, row, trail.erasures);
    if (!run) return run.error();
    cited[row.run] = std::move(*run);
  }
  keep_damaged(plan, cited);
  std::map<std::string, const journal::Removal*> going;
  std::set<std::string> whole;
  for (const auto& removal : plan.removals) {
    going[removal.run] = &removal;
    if (removal.whole) whole.insert(removal.run);
  }
  Persons elsewhere;
  auto kept = cited_by_workspace(session, whole, elsewhere);
  if (!kept) return kept.error();
  for (const auto& [id, run] : cited) {
    if (whole.contains(id)) continue;
    elsewhere.insert(run.persons.begin(), run.persons.end());
    for (const auto& blob : run.all)
      if (!going.contains(id) || !run.samples.contains(blob)) kept->insert(blob);
  }
  std::vector<PreparedRemoval> out;
  std::set<Digest> taken;
  for (const auto& removal : plan.removals) {
    const auto& run = cited.at(removal.run);
    if (run.entries == 0) continue;  // carried out earlier
    PreparedRemoval one{removal, {}, {}, run.entries, 0};
    for (const auto& blob : removal.whole ? run.all : run.samples)  // what two share goes once
      if (!kept->contains(blob) && taken.insert(blob).second) one.blobs.insert(blob);
    one.blobs_there = count_there(session, one.blobs);
    if (removal.whole)
      for (const auto& [commitment, person] : run.persons)
        if (!elsewhere.contains(commitment))
          for (auto& row : journal::rows_of(person)) one.rows.insert(std::move(row));
    if (removal.declared && !removal.whole && one.blobs_there == 0) continue;
    out.push_back(std::move(one));
  }
  return out;
}

Result<> check_unsigned(Session& session, const WorkspaceTrail& trail,
                        const journal::RetentionRule& rule, WallTime now,
                        const std::vector<PreparedRemoval>& removals) {
  const auto signed_log = as_signed(session, trail.checkpoints.signed_size());
  if (!signed_log) return signed_log.error();
  const auto plan = journal::plan_retention(signed_log->log, rule, now);
  for (const auto& one : removals) {
    const auto& removal = one.removal;
    const auto declared = signed_log->unsigned_at.find(removal.run);
    if (!removal.declared || declared == signed_log->unsigned_at.end()) continue;
    const auto allows = [&](const journal::Removal& may) {
      return may.run == removal.run && may.whole >= removal.whole && may.head == removal.head;
    };
    if (std::any_of(plan.removals.begin(), plan.removals.end(), allows)) continue;
    return Error{
        fmt::format("entry {} of the workspace's log declares that the {} of run {} {} removed, "
                    "nobody has signed that, and it should stay: {}",
                    declared->second, removal.whole ? "record" : "samples", printable(removal.run),
                    removal.whole ? "is" : "are", why_kept(plan, removal.run)),
        "nothing was removed. Look at who wrote it: `muster audit verify`, `muster audit log "
        "workspace`"};
  }
  return {};
}

Result<> carry_out(Session& session, const std::vector<PreparedRemoval>& removals) {
  {
    const auto desk = Desk::open(session);
    if (!desk) return desk.error();
    // First, so that a record that cannot be signed declares nothing either.
    if (const auto can = (*desk)->sign(); !can) return can;
    for (const auto& one : removals) {
      if (one.removal.declared) continue;
      journal::Pruned pruned;
      pruned.run = one.removal.run;
      pruned.whole = one.removal.whole;
      pruned.rule = one.removal.rule;
      pruned.head = one.removal.head;
      const auto noted =
          (*desk)->note(kinds::kRecordPruned, journal::pruned_data(pruned, one.blobs_there));
      if (!noted) return noted;
    }
    // An unsigned declaration is one that anybody could have written, also one of earlier.
    if (const auto done = (*desk)->sign_and_tell(); !done) return done;
  }
  for (const auto& one : removals)
    if (const auto removed = remove(session, one); !removed) return removed;
  return {};
}

}  // namespace muster::cli
