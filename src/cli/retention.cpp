#include "cli/retention.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/desk.hpp"
#include "cli/entries.hpp"
#include "journal/citations.hpp"
#include "journal/kinds.hpp"
#include "journal/logs.hpp"

namespace muster::cli {

namespace kinds = journal::kinds;

namespace {

/// What one run's record cites, and how it stands.
struct Cited {
  std::set<Digest> all, samples;
  std::uint64_t entries = 0;
  std::string damage;  ///< "" when its log is what the workspace's log says
};

std::optional<Digest> named(const Json& data, const char* key) {
  if (!data.is_object() || !data.contains(key) || !data.at(key).is_string()) return std::nullopt;
  return digest_from_hex(data.at(key).get<std::string>());
}

/// A plan cites the scripts that it may need; one that is gone cites nothing.
void add_plan(Session& session, const Digest& plan, std::set<Digest>& into) {
  const auto bytes =
      session.wait<std::string>([&](auto done) { session.store().blob(plan, std::move(done)); });
  if (bytes) journal::add_cited(*bytes, into);
}

Result<Cited> cited_by(Session& session, const RunRow& row) {
  Cited out;
  journal::Verifier verifier{row.run, row.witness};
  std::optional<Digest> plan;
  const auto size = each_entry(session, journal::run_log(row.run), [&](const ports::Stored& s) {
    journal::add_cited(s.bytes, out.all);
    const auto entry = verifier.add(s.bytes);
    if (!entry) return;
    if (entry->action == kinds::kRunOpened) plan = named(entry->data, "plan");
    if (entry->action == kinds::kSamplesSealed)
      if (const auto blob = named(entry->data, "blob")) out.samples.insert(*blob);
  });
  if (!size) return size.error();
  if (plan) add_plan(session, *plan, out.all);
  out.entries = *size;
  const auto verified = verifier.finish();
  if (!verified.findings.empty()) out.damage = verified.findings.front().text;
  return out;
}

/// What the workspace's own log cites, but for what it says of runs that go whole.
Result<std::set<Digest>> cited_by_workspace(Session& session, const std::set<std::string>& gone) {
  std::set<Digest> out;
  const auto size = each_entry(session, journal::kWorkspaceLog, [&](const ports::Stored& s) {
    const auto entry = journal::read_entry(s.bytes);
    if (!entry || !gone.contains(entry->run)) journal::add_cited(s.bytes, out);
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
  return session.wait<void>(
      [&](auto done) { session.store().erase(std::move(erasure), std::move(done)); });
}

bool any_there(Session& session, const std::set<Digest>& blobs) {
  return std::any_of(blobs.begin(), blobs.end(), [&](const Digest& blob) {
    const auto bytes =
        session.wait<std::string>([&](auto done) { session.store().blob(blob, std::move(done)); });
    return bytes.has_value();
  });
}

}  // namespace

Result<std::vector<PreparedRemoval>> prepare(Session& session, const WorkspaceTrail& trail,
                                             journal::RetentionPlan& plan) {
  std::map<std::string, Cited> cited;
  for (const auto& row : trail.runs) {
    auto run = cited_by(session, row);
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
  auto kept = cited_by_workspace(session, whole);
  if (!kept) return kept.error();
  for (const auto& [id, run] : cited) {
    if (whole.contains(id)) continue;
    for (const auto& blob : run.all)
      if (!going.contains(id) || !run.samples.contains(blob)) kept->insert(blob);
  }
  std::vector<PreparedRemoval> out;
  for (const auto& removal : plan.removals) {
    const auto& run = cited.at(removal.run);
    if (run.entries == 0) continue;  // carried out earlier
    PreparedRemoval one{removal, {}, run.entries};
    for (const auto& blob : removal.whole ? run.all : run.samples)
      if (!kept->contains(blob)) one.blobs.insert(blob);
    if (removal.declared && !removal.whole && !any_there(session, one.blobs)) continue;
    out.push_back(std::move(one));
  }
  return out;
}

Result<> carry_out(Session& session, const std::vector<PreparedRemoval>& removals) {
  const bool news = std::any_of(removals.begin(), removals.end(),
                                [](const auto& r) { return !r.removal.declared; });
  if (news) {
    auto desk = Desk::open(session);
    if (!desk) return desk.error();
    for (const auto& one : removals) {
      if (one.removal.declared) continue;
      journal::Pruned pruned;
      pruned.run = one.removal.run;
      pruned.whole = one.removal.whole;
      pruned.rule = one.removal.rule;
      pruned.head = one.removal.head;
      const auto noted =
          (*desk)->note(kinds::kRecordPruned, journal::pruned_data(pruned, one.blobs.size()));
      if (!noted) return noted;
    }
    // An unsigned declaration is one that anybody could have written.
    if (const auto done = (*desk)->sign_and_tell(); !done) return done;
  }
  for (const auto& one : removals)
    if (const auto removed = remove(session, one); !removed) return removed;
  return {};
}

}  // namespace muster::cli
