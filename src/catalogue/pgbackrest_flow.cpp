#include "catalogue/pgbackrest_flow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/text.hpp"
#include "catalogue/restore_evidence.hpp"

namespace muster::catalogue::pgbackrest {
namespace {

constexpr std::size_t kMostParts = 34;  // of 30,000 bytes each: parse_info's limit
constexpr Duration kShort =
    std::chrono::minutes{10};  // for what reads the repository's listing at most
constexpr Duration kGrace =
    std::chrono::seconds{30};  // the script's own limit comes first, with a reason

using Is = RestoreAnswer::Is;

}  // namespace

RestoreNext Flow::ask(Read read, std::string phase, std::string detail, Values values) {
  read_ = read;
  phase_ = phase;
  detail_ = detail;
  const bool is_short =
      phase == "precheck" || phase == "discover" || phase == "fingerprint" || phase == "point";
  const Duration limit = is_short ? std::min(kShort, wish_.limit) : wish_.limit;
  values["seconds"] =
      std::to_string(std::chrono::duration_cast<std::chrono::seconds>(limit).count());
  return RestoreQuestion{std::move(phase), std::move(detail), std::move(values), limit + kGrace};
}

RestoreNext Flow::otherwise(const RestoreAnswer& a, bool no_is_failed) {
  const auto said = fields_of(a.evidence);
  auto why = value_of(said, "why");
  if (why.empty())
    why = a.is == Is::unknown ? "no answer came" : std::string{trimmed(bounded(a.output, 500))};
  why = fmt::format("{}{}{}: {}", phase_, detail_.empty() ? "" : " of ", detail_, why);
  if (a.is == Is::unknown) return RestoreUnsure{why};  // nobody is there to be asked further
  if (a.is == Is::no && no_is_failed) return finish(RestoreFailed{why});
  return finish(RestoreUnsure{why});
}

RestoreNext Flow::on(const RestoreAnswer& answer) {
  return (this->*read_)(answer);
}

RestoreNext Flow::begin(Instant, WallTime wall) {
  cutoff_ = wall;
  outcome_.facts = Json::object();
  outcome_.facts["provider"] = "pgbackrest";
  return discover(0);
}

RestoreNext Flow::discover(std::size_t part) {
  return ask(&Flow::on_discovered, "discover",
             part == 0 ? "stanza " + wish_.stanza : fmt::format("part {}", part + 1),
             {{"part", std::to_string(part)}});
}

RestoreNext Flow::on_discovered(const RestoreAnswer& a) {
  if (a.is != Is::yes) return otherwise(a, false);
  const auto said = fields_of(a.evidence);
  if (info_text_.empty()) outcome_.facts["pgbackrest"] = value_of(said, "version");
  if (!said.contains("end") || !said.contains("info"))
    return RestoreUnsure{"discover: the answer of 'pgbackrest info' came without its end"};
  info_text_ += said.at("info");
  const std::size_t parts = number_of(said, "parts");
  const std::size_t have = info_text_.size() / 30'000 + (info_text_.size() % 30'000 != 0);
  if (parts > kMostParts)
    return RestoreUnsure{"discover: the repository lists more than 1 MB of backups"};
  if (have < parts) return discover(have);
  return on_info_complete();
}

RestoreNext Flow::on_info_complete() {
  auto info = parse_info(info_text_, wish_.stanza);
  if (!info) return RestoreUnsure{"discover: " + to_string(info.error())};
  info_ = std::move(*info);
  const auto why = fmt::format("stanza '{}': {}", wish_.stanza, info_.message);
  if (info_.status >= 1 && info_.status <= 3)
    return RestoreFailed{why + "; there is no backup to restore"};
  if (info_.status != 0) return RestoreUnsure{why};
  if (wish_.repository)
    std::erase_if(info_.backups,
                  [&](const Backup& b) { return b.database.repository != *wish_.repository; });
  auto rounds = choose(info_, wish_.backups, wish_.to, seed_);
  if (!rounds) return RestoreFailed{to_string(rounds.error())};
  rounds_ = std::move(*rounds);
  note_choice();
  for (const Round& r : rounds_)
    if (const auto& id = info_.databases[r.backup.database].system_id;
        !wish_.system_id.empty() && id != wish_.system_id)
      return RestoreFailed{fmt::format("backup {} is of the system {}, expected was {}",
                                       r.backup.label, id, wish_.system_id)};
  std::string repositories;
  for (const auto key : info_.repositories) repositories += std::to_string(key) + " ";
  return ask(&Flow::on_fingerprint_before, "fingerprint", "before",
             {{"moment", "before"}, {"repos", std::string{trimmed(repositories)}}});
}

RestoreNext Flow::on_fingerprint_before(const RestoreAnswer& a) {
  if (a.is != Is::yes) return otherwise(a, false);
  claimed_ = true;
  outcome_.facts["repository_before"] = json_of(fields_of(a.evidence));
  return next_round();
}

RestoreNext Flow::next_round() {
  level_ = refused_ = passed_ = 0;
  promoted_ = false;
  const Backup& b = round().backup;
  RestoredBackup one;
  one.label = b.label;
  one.asked_for = round().asked_for;
  one.taken_at = b.stopped;
  if (round().target.kind == Target::Kind::time) one.cutoff = round().target.at;
  if (round().target.kind == Target::Kind::latest && wish_.freeze) one.cutoff = cutoff_;
  outcome_.backups.push_back(std::move(one));
  const Database& d = info_.databases[b.database];
  return ask(
      &Flow::on_prechecked, "precheck", "backup " + b.label,
      {{"bytes", std::to_string(b.bytes)}, {"version", d.version}, {"expect_system", d.system_id}});
}

RestoreNext Flow::on_prechecked(const RestoreAnswer& a) {
  if (a.is != Is::yes) return otherwise(a, false);
  Values values = target_values(std::string{name_of(round().target.kind)});
  values["label"] = round().backup.label;
  return ask(&Flow::on_restored, "restore", "backup " + round().backup.label, std::move(values));
}

Values Flow::target_values(std::string kind) const {
  Values values{{"kind", kind}, {"target", round().target.text}};
  const auto max = info_.archive_max.find(round().backup.database);
  if (wish_.freeze && kind == "latest" && max != info_.archive_max.end())
    values["last_wal"] = max->second;
  return values;
}

RestoreNext Flow::on_restored(const RestoreAnswer& a) {
  restored().started = a.sent;
  const auto said = fields_of(a.evidence);
  outcome_.facts["commands"].push_back(value_of(said, "command"));
  if (a.is != Is::yes) return otherwise(a);
  restored().tool_exited = a.done;
  restored().bytes = number_of(said, "bytes");
  return ask(&Flow::on_started, "start", "backup " + round().backup.label,
             target_values(std::string{name_of(round().target.kind)}));
}

RestoreNext Flow::on_started(const RestoreAnswer& a) {
  outcome_.facts["server_options"] = value_of(fields_of(a.evidence), "options");
  if (a.is != Is::yes) return otherwise(a);
  restored().accepts = a.done;
  return ask(&Flow::on_ready, "ready", "backup " + round().backup.label,
             target_values(std::string{name_of(round().target.kind)}));
}

RestoreNext Flow::on_ready(const RestoreAnswer& a) {
  if (a.is != Is::yes) return otherwise(a);
  restored().target_reached = a.done;
  promoted_ = value_of(fields_of(a.evidence), "state") == "open";
  return ask(&Flow::on_point, "point", "backup " + round().backup.label);
}

RestoreNext Flow::on_point(const RestoreAnswer& a) {
  if (a.is != Is::yes) return otherwise(a);
  const auto said = fields_of(a.evidence);
  restored().lsn = value_of(said, "lsn");
  Json facts = json_of(said);
  facts["label"] = round().backup.label;
  if (const auto age = value_of(said, "age"); !age.empty()) {
    const auto point = parse_utc(age);
    if (!point)
      return finish(RestoreUnsure{fmt::format(
          "the age query must return one timestamp with time zone, not '{}'", bounded(age, 100))});
    restored().point = *point;
    facts["point_from"] = "age query";
  } else {
    // All that was committed before the backup ended is in it, also when no later commit was
    // replayed.
    const auto commit = parse_utc(value_of(said, "last_commit"));
    const bool later = commit && *commit > round().backup.stopped;
    restored().point = later ? *commit : round().backup.stopped;
    facts["point_from"] = later ? "last replayed commit" : "end of the backup";
  }
  outcome_.facts["points"].push_back(std::move(facts));
  if (const auto why = wrong_with_point(said); !why.empty()) return finish(RestoreFailed{why});
  return next_level();
}

std::string Flow::wrong_with_point(const std::map<std::string, std::string>& said) const {
  const auto& expected = info_.databases.at(round().backup.database).system_id;
  if (const auto id = value_of(said, "system_id"); id != expected)
    return fmt::format("what came back is the system {}, the repository says {}", id, expected);
  const auto max = info_.archive_max.find(round().backup.database);
  const auto reached = value_of(said, "last_wal");
  if (round().target.kind == Target::Kind::latest && max != info_.archive_max.end() &&
      reached < max->second)
    return fmt::format(
        "recovery of {} ended after the segment {}, although the repository showed {}: the archive "
        "has a gap",
        round().backup.label, reached.empty() ? "(none)" : reached, max->second);
  return {};
}

RestoreNext Flow::finish(RestoreNext verdict) {
  if (!claimed_) return verdict;
  claimed_ = false;
  verdict_ = std::move(verdict);
  std::string repositories;
  for (const auto key : info_.repositories) repositories += std::to_string(key) + " ";
  return ask(&Flow::on_fingerprint_after, "fingerprint", "after",
             {{"moment", "after"}, {"repos", std::string{trimmed(repositories)}}});
}

RestoreNext Flow::on_fingerprint_after(const RestoreAnswer& a) {
  outcome_.facts["repository_after"] = json_of(fields_of(a.evidence));
  const bool done = std::holds_alternative<RestoreDone>(*verdict_);
  if (a.is == Is::no) {
    outcome_.source_unchanged = false;
    if (done)
      return RestoreFailed{
          "the repository is not as it was before: a file changed, was lost, or came from another "
          "timeline"};
  }
  if (a.is != Is::yes && a.is != Is::no && done)
    return RestoreUnsure{"the repository could not be compared with what it was before"};
  return *verdict_;
}

void Flow::note_choice() {
  Json& facts = outcome_.facts;
  Json chosen = Json::array(), passed_over = Json::array();
  for (const Round& r : rounds_)
    chosen.push_back({{"label", r.backup.label},
                      {"asked_for", r.asked_for},
                      {"to", std::string{name_of(r.target.kind)}},
                      {"target", r.target.text}});
  for (const Backup& b : info_.backups)
    if (b.error) passed_over.push_back(b.label);
  facts["chosen"] = std::move(chosen);
  facts["passed_over_for_page_errors"] = std::move(passed_over);
  facts["backups"] = info_.backups.size();
  facts["oldest"] = info_.backups.front().label;
  facts["newest"] = info_.backups.back().label;
  const DatabaseKey key = rounds_.front().backup.database;
  facts["system_id"] = info_.databases[key].system_id;
  facts["postgresql"] = info_.databases[key].version;
  facts["archive_max"] = info_.archive_max[key];
  facts["commands"] = Json::array();
  facts["points"] = Json::array();
}

}  // namespace muster::catalogue::pgbackrest
