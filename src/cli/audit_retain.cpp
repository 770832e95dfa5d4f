// `muster audit retain`: removes what is past its time, as inventory/retention.yaml says, and keeps
// what must be kept.
#include <fmt/format.h>

#include "cli/audit.hpp"
#include "cli/desk.hpp"
#include "cli/exit.hpp"
#include "cli/retention.hpp"
#include "cli/terminal.hpp"
#include "model/workspace.hpp"

namespace muster::cli {

namespace {

struct RetainWords {
  bool dry_run = false;
  bool json = false;
};

Result<journal::RetentionRule> rule_of(const std::filesystem::path& workspace) {
  config::Diagnostics diagnostics;
  const auto retention = model::load_retention(workspace, diagnostics);
  if (!diagnostics.empty()) {
    const auto first = diagnostics.sorted().front();
    return Error{config::to_string(first.place) + ": " + first.what, "`muster check`"};
  }
  journal::RetentionRule rule;
  if (retention.keep) rule.keep = {retention.keep->text, retention.keep->length};
  if (retention.samples) rule.samples = {retention.samples->text, retention.samples->length};
  return rule;
}

Json as_json(const std::vector<PreparedRemoval>& removals, const journal::RetentionPlan& plan,
             bool dry_run) {
  Json out{{"removed", !dry_run}, {"removals", Json::array()}, {"kept", Json::array()}};
  for (const auto& r : removals)
    out["removals"].push_back({{"run", r.removal.run},
                               {"what", r.removal.whole ? "run" : "samples"},
                               {"rule", r.removal.rule},
                               {"declared_before", r.removal.declared},
                               {"entries", r.removal.whole ? r.entries : 0},
                               {"blobs", r.blobs_there}});
  for (const auto& k : plan.kept) out["kept"].push_back({{"run", k.run}, {"why", k.why}});
  return out;
}

std::string line_of(const PreparedRemoval& r) {
  const auto what = r.removal.whole ? fmt::format("{} entries, {} blobs", r.entries, r.blobs_there)
                                    : fmt::format("{} blobs of samples", r.blobs_there);
  return fmt::format("REMOVE {}: {} ({})", r.removal.run, what, r.removal.rule);
}

int retain(Session& session, const RetainWords& words) {
  const auto rule = rule_of(session.workspace());
  if (!rule) return complain(rule.error(), kUsage);
  const auto trail = read_trail(session);
  if (!trail) return complain(trail.error(), kFail);
  const clock::AsioClock clock{session.io()};
  const auto now = clock.wall();
  auto plan = journal::plan_retention(trail->retention, *rule, now);
  std::vector<PreparedRemoval> removals;
  if (!plan.removals.empty()) {
    auto prepared = prepare(session, *trail, plan);
    if (!prepared) return complain(prepared.error(), kFail);
    removals = std::move(*prepared);
    if (const auto may = check_unsigned(session, *trail, *rule, now, removals); !may)
      return complain(may.error(), kFail);
  }
  if (!words.json) {
    if (!rule->keep && !rule->samples)
      say("inventory/retention.yaml names no time: all is kept for ever.");
    for (const auto& one : removals) say(line_of(one));
    for (const auto& kept : plan.kept) say(fmt::format("KEEP   {}: {}", kept.run, kept.why));
  }
  if (!words.dry_run && !removals.empty())
    if (const auto done = carry_out(session, removals); !done) return complain(done.error(), kFail);
  if (words.json)
    say(as_json(removals, plan, words.dry_run).dump());
  else
    say(removals.empty() ? "Nothing is removed."
        : words.dry_run  ? "Nothing was removed: --dry-run."
                         : "It is removed, and the record says so. Copies elsewhere (exports, "
                           "reports, backups) are yours to remove.");
  return kOk;
}

}  // namespace

void add_audit_retain(CLI::App& audit, Where& where, int& code) {
  auto words = std::make_shared<RetainWords>();
  auto* command = audit.add_subcommand(
      "retain",
      "Removes what is past its time (inventory/retention.yaml), declared in the record, and "
      "nothing that a legal hold, a drill's last dates or an unresolved run needs");
  command->add_flag("--dry-run", words->dry_run, "Only says what would be removed, and kept");
  command->add_flag("--json", words->json, "The same as JSON");
  command->callback([&where, &code, words] {
    code = with_record(where, [&](Session& s) { return retain(s, *words); });
  });
}

}  // namespace muster::cli
