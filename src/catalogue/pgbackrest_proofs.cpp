// The second half of a round: levels of validation, promotion, negative control, and what becomes
// of the copy.
#include <fmt/format.h>

#include "base/text.hpp"
#include "catalogue/pgbackrest_flow.hpp"
#include "catalogue/restore_evidence.hpp"

namespace muster::catalogue::pgbackrest {
namespace {

using Is = RestoreAnswer::Is;
using Validation = RestoredBackup::Validation;

constexpr std::size_t kEvidenceBytes = 4096;

/// While recovery is paused: read-only levels. The others write or stop the server.
bool runs_paused(const Level& level) {
  return level.name == "query" || level.name == "logical";
}

std::string shown(const Level& level) {
  return level.sql.empty() ? level.name : level.name + ": " + bounded(level.sql, 200);
}

}  // namespace

Values Flow::level_values(const Level& level) const {
  return {{"level", level.name}, {"sql", level.sql}, {"kind", "none"}};
}

RestoreNext Flow::next_level() {
  const bool more = level_ < wish_.levels.size();
  const bool writes = more ? !runs_paused(wish_.levels[level_])
                           : (wish_.control || (wish_.promote && last_round()));
  if (writes && !promoted_)
    return ask(&Flow::on_promoted, "promote", "backup " + round().backup.label);
  if (more) {
    const Level& level = wish_.levels[level_];
    return ask(&Flow::on_level, "validate", "level " + shown(level), level_values(level));
  }
  return wish_.control ? control() : round_proven();
}

RestoreNext Flow::on_promoted(const RestoreAnswer& a) {
  if (a.is != Is::yes) return otherwise(a);
  promoted_ = true;
  return next_level();
}

RestoreNext Flow::on_level(const RestoreAnswer& a) {
  const auto is = a.is == Is::yes  ? Validation::Is::passed
                  : a.is == Is::no ? Validation::Is::failed
                                   : Validation::Is::could_not;
  restored().validations.push_back(
      {shown(wish_.levels[level_]), is, bounded(a.evidence, kEvidenceBytes)});
  if (a.is != Is::yes) return otherwise(a);
  if (++level_ == wish_.levels.size()) restored().validated = a.done;
  return next_level();
}

// --- the negative control: the copy has served, now it is spoilt and must be refused
// ---------------

RestoreNext Flow::control() {
  restored().control = RestoredBackup::Control::could_not;  // until the contrary is seen
  outcome_.facts["controls"].push_back(
      {{"label", round().backup.label}, {"levels", Json::array()}});
  return ask(&Flow::on_damaged, "damage", "the copy of backup " + round().backup.label,
             {{"kind", "none"}});
}

RestoreNext Flow::on_damaged(const RestoreAnswer& a) {
  if (a.is != Is::yes) return otherwise(a, false);
  outcome_.facts["controls"].back()["damaged_tables"] = number_of(fields_of(a.evidence), "tables");
  level_ = 0;
  return ask(&Flow::on_damaged_started, "start", "the damaged copy", {{"kind", "none"}});
}

RestoreNext Flow::on_damaged_started(const RestoreAnswer& a) {
  if (a.is == Is::no) {
    ++refused_;
    return control_over();
  }
  if (a.is != Is::yes) return otherwise(a);
  return ask(&Flow::on_damaged_ready, "ready", "the damaged copy", {{"kind", "none"}});
}

RestoreNext Flow::on_damaged_ready(const RestoreAnswer& a) {
  if (a.is != Is::yes) return otherwise(a, false);
  return next_control_level();
}

RestoreNext Flow::next_control_level() {
  if (level_ == wish_.levels.size()) return control_over();
  const Level& level = wish_.levels[level_];
  return ask(&Flow::on_control_level, "validate",
             fmt::format("level {} on the damaged copy", shown(level)), level_values(level));
}

RestoreNext Flow::on_control_level(const RestoreAnswer& a) {
  if (a.is == Is::unknown) return otherwise(a);
  refused_ += a.is == Is::no;
  passed_ += a.is == Is::yes;
  outcome_.facts["controls"].back()["levels"].push_back(
      {{"level", shown(wish_.levels[level_])},
       {"damaged_copy", a.is == Is::no    ? "refused"
                        : a.is == Is::yes ? "passed"
                                          : "could not be checked"},
       {"evidence", bounded(a.evidence, kEvidenceBytes)}});
  ++level_;
  return next_control_level();
}

RestoreNext Flow::control_over() {
  if (refused_ > 0) {
    restored().control = RestoredBackup::Control::refused_the_damaged;
    return round_proven();
  }
  if (passed_ == wish_.levels.size()) {
    restored().control = RestoredBackup::Control::passed_the_damaged;
    return finish(
        RestoreInvalid{fmt::format("a copy of {} with the first page of every table destroyed "
                                   "passed all {} levels of validation: they do not read the data; "
                                   "add 'logical', or a query that reads the tables",
                                   round().backup.label, passed_)});
  }
  return finish(
      RestoreUnsure{"the negative control could not be evaluated: no level refused the damaged "
                    "copy, and not all could be checked"});
}

// --- what becomes of the copy
// ----------------------------------------------------------------------

RestoreNext Flow::round_proven() {
  const auto detail = "the copy of backup " + round().backup.label;
  if (last_round() && wish_.promote)
    return ask(&Flow::on_served, "serve", detail, {{"kind", "none"}});
  if (last_round() && wish_.keep) return ask(&Flow::on_left, "leave", detail, {{"kind", "none"}});
  return ask(&Flow::on_removed, "remove", detail);
}

RestoreNext Flow::on_served(const RestoreAnswer& a) {
  if (a.is != Is::yes) return otherwise(a);
  Json serving = json_of(fields_of(a.evidence));
  serving["warning"] =
      "archiving is off: the recovered server has no backup until somebody sets it up";
  outcome_.facts["serving"] = std::move(serving);
  return finish(RestoreDone{});
}

RestoreNext Flow::on_left(const RestoreAnswer& a) {
  if (a.is != Is::yes) return otherwise(a);
  outcome_.facts["left"] = json_of(fields_of(a.evidence));
  return finish(RestoreDone{});
}

RestoreNext Flow::on_removed(const RestoreAnswer& a) {
  if (a.is != Is::yes) return otherwise(a, false);
  if (last_round()) return finish(RestoreDone{});
  ++at_;
  return next_round();
}

}  // namespace muster::catalogue::pgbackrest
