// The verdict as a sentence: result and state first, then in plain words what it rests on.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "base/text.hpp"
#include "report/events.hpp"
#include "report/parts.hpp"
#include "report/words.hpp"

namespace muster::report {
namespace {

using measure::DrillResult;
using measure::DrillState;
using measure::Judgement;
using measure::Met;
using measure::ObjectiveKind;

constexpr std::string_view kDirty = "not proven undone: ";
constexpr std::string_view kChanged = "differs from before: ";
constexpr std::size_t kReasonBytesMax = 300;

const Judgement* objective(const Summary& s, ObjectiveKind kind, const std::string& service) {
  const auto it = std::find_if(s.objectives.begin(), s.objectives.end(), [&](const auto& j) {
    return j.kind == kind && j.service == service;
  });
  return it == s.objectives.end() ? nullptr : &*it;
}

std::string count(std::uint64_t n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", n == 0 ? "no" : grouped(n), n == 1 ? one : many);
}

std::string against(const Judgement& j) {
  const std::string limit = limit_text(*j.objective);
  if (j.met == Met::yes) return fmt::format("within the {} allowed", limit);
  if (j.met == Met::no) return fmt::format("above the {} allowed", limit);
  if (j.met == Met::straddles) return fmt::format("on both sides of the {} allowed", limit);
  return fmt::format("which could not be judged against the {} allowed", limit);
}

std::string outage_clause(const Summary& s, const Service& service) {
  const auto* rto = objective(s, ObjectiveKind::rto, service.name);
  const auto* outage = service.drill_outage();
  if (!outage) {
    if (!service.measured)
      return fmt::format("what the clients of {} saw was not measured", service.name);
    if (rto && rto->met != Met::yes) return fmt::format("{}: {}", service.name, rto->reason);
    return service.probes > 0 ? service.name + " was not lost" : "";
  }
  const auto length = rto && rto->actual ? *rto->actual : outage->length;
  if (!outage->recovered())
    return fmt::format("{} was lost for {} and was not seen to come back", service.name,
                       interval_text(length));
  if (!rto || !rto->objective)
    return fmt::format("{} was lost for {} and is back", service.name, interval_text(length));
  const std::string limit = limit_text(*rto->objective);
  if (rto->met == Met::yes)
    return fmt::format("{} was lost for {} and back within its {}", service.name,
                       interval_text(length), limit);
  return fmt::format("{} was lost for {}, {}", service.name, interval_text(length), against(*rto));
}

std::string ledger_clause(const Summary& s, const Service& service) {
  if (!service.ledger) {
    if (!service.has_ledger || !service.drill_outage()) return {};
    return "how many acknowledged writes were lost is unknown";
  }
  const Ledger& l = *service.ledger;
  if (l.what == "nothing_acknowledged")
    return "no write was acknowledged before the disruption, so no loss could be seen";
  if (l.lost.count == 0) {
    if (!l.consistent)
      return fmt::format("none of {} was lost, but the data contradicts itself",
                         count(l.acknowledged, "acknowledged write", "acknowledged writes"));
    return fmt::format("none of {} was lost",
                       count(l.acknowledged, "acknowledged write", "acknowledged writes"));
  }
  std::string out =
      fmt::format("{} {} lost", count(l.lost.count, "acknowledged write", "acknowledged writes"),
                  l.lost.count == 1 ? "was" : "were");
  if (!l.consistent) return out + ", and the data contradicts itself";
  if (l.rpa) out += fmt::format(", {} of data", interval_text(*l.rpa));
  const auto* rpo = objective(s, ObjectiveKind::rpo, service.name);
  if (rpo && rpo->objective && rpo->met != Met::yes) out += ", " + against(*rpo);
  return out;
}

std::string restore_clause(const Summary& s) {
  using catalogue::RestoredBackup;
  std::uint64_t back = 0, refused = 0;
  std::size_t validations = 0, held = 0;
  for (const auto& r : s.restores) {
    if (!r.outcome) continue;
    for (const auto& b : r.outcome->backups) {
      back += b.validated ? 1 : 0;
      refused += b.control == RestoredBackup::Control::refused_the_damaged ? 1 : 0;
      validations += b.validations.size();
      for (const auto& v : b.validations)
        held += v.is == RestoredBackup::Validation::Is::passed ? 1 : 0;
    }
  }
  std::string out = fmt::format("{} came back and {} proven", count(back, "backup", "backups"),
                                back == 1 ? "was" : "were");
  if (validations > 0)
    out += held == validations ? fmt::format(" by {}", count(validations, "check", "checks"))
                               : fmt::format(", {} of {} checks held", held, validations);
  if (const auto* j = objective(s, ObjectiveKind::restore, ""))
    out += j->actual
               ? fmt::format(", the slowest in {}, {}", interval_text(*j->actual), against(*j))
               : ", in a time that was not measured";
  if (refused > 0) out += "; a damaged copy was refused";
  if (const auto* j = objective(s, ObjectiveKind::data_age, ""))
    out += j->actual ? fmt::format("; the newest data was {} old, {}", interval_text(*j->actual),
                                   against(*j))
                     : "; how old the newest data was is not known";
  return out;
}

std::string clauses(const Summary& s) {
  std::vector<std::string> all;
  for (const auto& service : s.services) {
    if (auto c = outage_clause(s, service); !c.empty()) all.push_back(std::move(c));
    if (auto c = ledger_clause(s, service); !c.empty()) all.push_back(std::move(c));
  }
  if (!s.disrupted() && !s.restores.empty()) all.push_back(restore_clause(s));
  return joined(all, "; ");
}

/// The objectives alone tell why it is a FAIL or an INCONCLUSIVE.
bool objectives_explain(const Summary& s, DrillResult result) {
  return std::any_of(s.objectives.begin(), s.objectives.end(), [&](const auto& j) {
    return result == DrillResult::fail ? j.met == Met::no
                                       : j.met == Met::straddles || j.met == Met::unknown;
  });
}

std::string reason(const Verdict& v) {
  if (v.reasons.empty()) return "the record does not say why";
  std::string out = bounded(one_line(v.reasons.front()), kReasonBytesMax);
  if (v.reasons.size() > 1) out += fmt::format(" (and {} more)", v.reasons.size() - 1);
  return out;
}

std::string because(const Summary& s, const Verdict& v) {
  const auto tail = [](const std::string& more) { return more.empty() ? "" : "; " + more; };
  switch (*v.result) {
    case DrillResult::pass: {
      const auto told = clauses(s);
      return told.empty() ? "everything that was asked of it held" : told;
    }
    case DrillResult::fail:
    case DrillResult::inconclusive:
      if (const auto told = clauses(s); objectives_explain(s, *v.result) && !told.empty())
        return told;
      return reason(v) + tail(clauses(s));
    case DrillResult::invalid:
      return "the drill tested nothing: " + reason(v);
    case DrillResult::not_run:
      return "nothing was touched: " + reason(v);
    case DrillResult::aborted:
      return reason(v) + tail(s.disrupted() ? clauses(s) : "");
  }
  return {};
}

std::string state_clause(const Verdict& v, const Summary& s) {
  if (v.state == DrillState::changed)
    return fmt::format(" {} from before and listed.",
                       v.changed.size() == 1
                           ? "1 thing is different"
                           : fmt::format("{} things are different", v.changed.size()));
  if (v.state != DrillState::dirty) return {};
  std::set<std::string> hosts;
  for (const auto& e : s.effects)
    if (!journal::is_over(e.state.status)) hosts.insert(e.state.host);
  std::string all;
  for (const auto& h : hosts) all += (all.empty() ? "" : ", ") + h;
  return fmt::format(
      " DIRTY: {} not proven undone; nothing else may start{}.",
      v.dirty.size() == 1 ? "1 thing is" : fmt::format("{} things are", v.dirty.size()),
      all.empty() ? "" : " on " + all);
}

/// "" when the verdict may be read.
std::string unreadable(const Record& record) {
  if (!record.verified.intact())
    return "the record does not verify, so nothing in it is proof: " + standing(record.verified);
  if (!record.state.unknown_kinds.empty())
    return fmt::format(
        "the record holds entries of a kind that this muster does not know ({}): read it with the "
        "muster that wrote it",
        record.state.unknown_kinds.front());
  if (!record.state.result) return "the run has not come to its end";
  return {};
}

void split_reasons(const Json& verdict, Verdict& v) {
  if (!verdict.is_object() || !verdict.contains("reasons") || !verdict.at("reasons").is_array())
    return;
  for (const auto& r : verdict.at("reasons")) {
    if (!r.is_string()) continue;
    const auto& text = r.get_ref<const std::string&>();
    if (text.starts_with(kDirty))
      v.dirty.push_back(text.substr(kDirty.size()));
    else if (text.starts_with(kChanged))
      v.changed.push_back(text.substr(kChanged.size()));
    else
      v.reasons.push_back(text);
  }
}

/// What users wrote (names of steps and services, reasons) must not make a sentence read as another
/// verdict.
std::string without_pass(std::string text) {
  for (auto at = text.find("PASS"); at != std::string::npos; at = text.find("PASS", at))
    text.replace(at, 4, "pass");
  return text;
}

}  // namespace

Verdict verdict_of(const Record& record, const Summary& s) {
  Verdict v;
  split_reasons(record.state.verdict, v);
  const auto why_not = unreadable(record);
  if (why_not.empty()) {
    v.result = measure::drill_result(*record.state.result);
    if (record.state.verdict.is_object())
      v.state = measure::drill_state(record.state.verdict.value("state", std::string{}));
  }
  if (!v.result || !v.state) {
    v.result.reset();
    v.word = "NO VERDICT";
    v.sentence = without_pass(
        "NO VERDICT — " +
        (why_not.empty() ? "the record's verdict is not one that this muster knows" : why_not) +
        ".");
    return v;
  }
  v.exit_code = measure::exit_code(*v.result, *v.state);
  v.word = name(*v.result);
  const std::string rest = fmt::format("{}.{}", because(s, v), state_clause(v, s));
  v.sentence = fmt::format("{}, {} — {}", v.word, name(*v.state),
                           v.result == DrillResult::pass ? rest : without_pass(rest));
  return v;
}

}  // namespace muster::report
