#include <algorithm>
#include <array>

#include "report/parts.hpp"

namespace muster::report {
namespace {

using measure::Interval;
using measure::Moment;

const Json& field(const Json& j, const char* key) {
  static const Json kNone;
  if (!j.is_object()) return kNone;
  const auto it = j.find(key);
  return it == j.end() ? kNone : *it;
}

std::string text(const Json& j, const char* key) {
  const Json& value = field(j, key);
  return value.is_string() ? value.get<std::string>() : std::string{};
}

std::uint64_t number(const Json& j, const char* key) {
  const Json& value = field(j, key);
  return value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
}

bool truth(const Json& j, const char* key, bool otherwise) {
  const Json& value = field(j, key);
  return value.is_boolean() ? value.get<bool>() : otherwise;
}

std::optional<Duration> duration(const Json& j, const char* key) {
  const auto n = journal::ns_from_json(field(j, key));
  return n ? std::optional{Duration{*n}} : std::nullopt;
}

Moment moment(const Json& j) {
  Moment m;
  if (const auto lo = duration(j, "lo")) m.lo = Instant{*lo};
  if (const auto hi = duration(j, "hi")) m.hi = Instant{*hi};
  m.lo_n = number(j, "lo_n");
  m.hi_n = number(j, "hi_n");
  return m;
}

std::optional<Interval> interval(const Json& j) {
  const auto lo = duration(j, "lo");
  if (!lo) return std::nullopt;
  return Interval{*lo, duration(j, "hi")};
}

measure::Quality quality(const Json& j) {
  const auto length = [&](const char* key) { return duration(j, key).value_or(Duration::zero()); };
  return {number(j, "probes"), number(j, "good"), number(j, "failed"), number(j, "unanswered"),
          length("p50"),       length("p95"),     length("p99"),       length("max")};
}

std::optional<measure::Outage> outage(const Json& j) {
  using measure::OutageKind;
  constexpr std::array<std::pair<std::string_view, OutageKind>, 3> kinds{
      {{"before", OutageKind::before}, {"drill", OutageKind::drill}, {"later", OutageKind::later}}};
  const auto kind = text(j, "kind");
  const auto it =
      std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.first == kind; });
  const auto length = interval(field(j, "length"));
  if (it == kinds.end() || !length) return std::nullopt;
  return measure::Outage{it->second, moment(field(j, "onset")),   moment(field(j, "recovery")),
                         *length,    truth(j, "declared", false), text(j, "step"),
                         {}};
}

Numbers numbers(const Json& j) {
  Numbers n{number(j, "count"), {}};
  for (const auto& one : field(j, "first"))
    if (one.is_number_unsigned()) n.first.push_back(one.get<std::uint64_t>());
  return n;
}

Ledger ledger(const Json& j) {
  Ledger l;
  l.what = text(j, "case");
  l.writes = number(j, "writes");
  l.acknowledged = number(j, "acknowledged");
  l.acknowledged_before = number(j, "acknowledged_before");
  for (const auto& [key, to] : {std::pair{"lost", &l.lost},
                                {"recovered", &l.recovered},
                                {"unexpected", &l.unexpected},
                                {"duplicated", &l.duplicated},
                                {"corrupt", &l.corrupt},
                                {"unledgered", &l.unledgered},
                                {"lost_after", &l.lost_after}})
    *to = numbers(field(j, key));
  l.holes = number(j, "holes");
  l.recovery_point = moment(field(j, "recovery_point"));
  l.rpa = interval(field(j, "rpa"));
  l.consistent = truth(j, "consistent", false);
  return l;
}

}  // namespace

Service service_from_json(const Json& j) {
  Service s;
  s.name = text(j, "service");
  s.measured = true;
  s.probes = number(j, "probes");
  for (const auto& one : field(j, "outages"))
    if (auto o = outage(one)) s.outages.push_back(std::move(*o));
  s.gaps = number(j, "gaps");
  s.down_at_inject = truth(j, "down_at_inject", false);
  s.rta_from_outage = interval(field(j, "rta_from_outage"));
  s.rta_from_inject = interval(field(j, "rta_from_inject"));
  s.inject_to_outage = interval(field(j, "inject_to_outage"));
  s.down_total = interval(field(j, "down_total"));
  s.before = quality(field(j, "before"));
  s.during = quality(field(j, "during"));
  s.after = quality(field(j, "after"));
  if (field(j, "ledger").is_object()) s.ledger = ledger(field(j, "ledger"));
  return s;
}

Detection detection_from_json(const Json& j) {
  return {text(j, "alert"),         text(j, "by") == "person", text(j, "step"),
          text(j, "source"),        text(j, "principal"),      text(j, "text"),
          interval(field(j, "ttd"))};
}

std::optional<measure::Judgement> judgement_from_json(const Json& j) {
  using measure::Met;
  using measure::ObjectiveKind;
  constexpr std::array kKinds{ObjectiveKind::rto,         ObjectiveKind::rpo,
                              ObjectiveKind::lost_writes, ObjectiveKind::restore,
                              ObjectiveKind::data_age,    ObjectiveKind::mtpd,
                              ObjectiveKind::detect};
  constexpr std::array kMets{Met::yes, Met::no, Met::straddles};
  const auto word = text(j, "objective");
  const auto kind =
      std::find_if(kKinds.begin(), kKinds.end(), [&](auto k) { return name(k) == word; });
  if (kind == kKinds.end()) return std::nullopt;
  measure::Judgement g;
  g.kind = *kind;
  // A word that is not known here is unknown, and never good.
  for (const auto met : kMets)
    if (name(met) == text(j, "met")) g.met = met;
  g.service = text(j, "service");
  g.alert = text(j, "alert");
  g.reason = text(j, "reason");
  g.actual = interval(field(j, "actual"));
  g.objective = duration(j, "limit");
  if (field(j, "lost").is_number_unsigned()) g.lost = number(j, "lost");
  if (field(j, "lost_max").is_number_unsigned()) g.lost_max = number(j, "lost_max");
  g.settling_every = duration(j, "settling_every");
  return g;
}

}  // namespace muster::report
