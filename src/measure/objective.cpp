#include "measure/objective.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

namespace muster::measure {
namespace {

constexpr std::array<std::string_view, 7> kKinds{"rto",      "rpo",  "lost_writes", "restore",
                                                 "data_age", "mtpd", "detect"};
constexpr std::array<std::string_view, 7> kSubjects{"recovery time", "recovery point",
                                                    "lost writes",   "restore time",
                                                    "data age",      "time until all work was done",
                                                    "time to detect"};

std::string_view subject(ObjectiveKind k) {
  return kSubjects[static_cast<std::size_t>(k)];
}

/// The interval's width grows with the probe interval: the one with which it would, around the same
/// middle, no longer reach the objective. None when that is below a millisecond, which no probe
/// keeps.
std::optional<Duration> settling_interval(const Interval& actual, Duration objective,
                                          Duration every) {
  const std::int64_t width = (*actual.hi - actual.lo).count();
  const std::int64_t off =
      std::abs((2 * objective - actual.lo - *actual.hi).count());  // twice the distance
  if (width <= 0) return std::nullopt;
  const double scale = static_cast<double>(off) / static_cast<double>(width);
  const Duration settling{
      static_cast<std::int64_t>(static_cast<double>(every.count()) * scale * 0.9)};
  if (settling < std::chrono::milliseconds{1}) return std::nullopt;
  return std::chrono::floor<std::chrono::milliseconds>(settling);
}

std::string settling_advice(const std::optional<Duration>& settling,
                            std::optional<Duration> every) {
  if (!every) return "";
  if (!settling) return "; no probe interval would settle it: repeat the drill";
  return fmt::format("; probes every {} instead of every {} would probably settle it",
                     format_duration(*settling), format_duration(*every));
}

Judgement unknown(ObjectiveKind kind, std::optional<Duration> objective, std::string reason) {
  Judgement j;
  j.kind = kind;
  j.objective = objective;
  j.reason = std::move(reason);
  return j;
}

/// What speaks against the ledger as a whole; empty when nothing does.
std::string contradiction(const LedgerResult& l) {
  if (!l.holes.empty())
    return fmt::format(
        "the data has holes: write {} was acknowledged before write {} was sent, and only the "
        "later one survived ({} such losses)",
        l.holes[0].lost_n, l.holes[0].survivor_n, l.holes.size());
  if (!l.lost_after.empty())
    return fmt::format(
        "{} writes that were acknowledged after the disruption are not there, the first is {}",
        l.lost_after.size(), l.lost_after[0]);
  if (!l.corrupt.empty())
    return fmt::format("{} writes came back damaged, the first is {}", l.corrupt.size(),
                       l.corrupt[0]);
  if (!l.duplicated.empty())
    return fmt::format("{} writes are there more than once, the first is {}", l.duplicated.size(),
                       l.duplicated[0]);
  return "";
}

constexpr std::string_view kNotReadBack = "the ledger was not read back after the recovery";
constexpr std::string_view kNothingAcknowledged =
    "no write was acknowledged before the disruption, so no loss could be seen";

}  // namespace

std::string_view name(ObjectiveKind k) {
  return kKinds[static_cast<std::size_t>(k)];
}

std::string_view name(Met m) {
  constexpr std::array<std::string_view, 4> names{"yes", "no", "straddles", "unknown"};
  return names[static_cast<std::size_t>(m)];
}

std::string_view result_word(Met m) {
  return m == Met::yes ? "PASS" : m == Met::no ? "FAIL" : "INCONCLUSIVE";
}

Judgement judge(ObjectiveKind kind, const std::optional<Interval>& actual, Duration objective,
                std::optional<Duration> every) {
  if (!actual)
    return unknown(kind, objective, fmt::format("the {} was not measured", subject(kind)));
  Judgement j;
  j.kind = kind;
  j.actual = actual;
  j.objective = objective;
  const auto fact = [&](std::string_view relation) {
    return fmt::format("{} {}, {} the {} allowed", subject(kind), human_interval(*actual), relation,
                       human_duration(objective));
  };
  if (actual->lo > objective) {
    j.met = Met::no;
    j.reason = fact("above");
  } else if (!actual->hi) {
    j.met = Met::unknown;
    j.reason = fact("without a known end, against");
  } else if (*actual->hi <= objective) {
    j.met = Met::yes;
    j.reason = fact("within");
  } else {
    j.met = Met::straddles;
    if (every) j.settling_every = settling_interval(*actual, objective, *every);
    j.reason = fact("on both sides of") + settling_advice(j.settling_every, every);
  }
  return j;
}

namespace {

/// The further from "yes", the worse.
int badness(Met m) {
  constexpr std::array<int, 4> order{0, 3, 1, 2};  // yes, no, straddles, unknown
  return order[static_cast<std::size_t>(m)];
}

bool is_worse(const Judgement& a, const Judgement& b) {
  if (a.met != b.met) return badness(a.met) > badness(b.met);
  return a.actual && b.actual && a.actual->lo > b.actual->lo;
}

/// The worst of all that count; nothing: there was none.
std::optional<Judgement> worst_outage(ObjectiveKind kind, const Recovery& r,
                                      const RtoObjective& objective, Duration every) {
  std::optional<Judgement> worst;
  std::size_t number = 0;
  for (const auto& o : r.outages) {
    if (!o.counts()) continue;
    ++number;
    const bool first = o.kind == OutageKind::drill;
    auto actual = std::optional{o.length};
    if (objective.from == RtoFrom::inject) actual = first ? r.rta_from_inject : o.from_inject;
    auto j = judge(kind, actual, objective.rto, every);
    if (!first) j.reason += fmt::format(" (outage {}, by step {})", number, o.step);
    if (!worst || is_worse(j, *worst)) worst = std::move(j);
  }
  return worst;
}

Judgement judge_outages(ObjectiveKind kind, const Recovery& r, const RtoObjective& objective,
                        Duration every) {
  if (r.probes == 0) return unknown(kind, objective.rto, "the service was never probed");
  if (r.down_at_inject)
    return unknown(kind, objective.rto,
                   "the service was not known to be up when the fault was put in");
  if (auto worst = worst_outage(kind, r, objective, every)) return *worst;
  if (objective.outage == OutageRule::expected)
    return unknown(kind, objective.rto, "an outage was expected and none was seen");
  if (r.at_end == UpState::unknown)
    return unknown(kind, objective.rto, "the service was not probed for a whole window at the end");
  if (r.longest_unseen > objective.rto)
    return unknown(
        kind, objective.rto,
        fmt::format(
            "no outage seen, but {} passed between two good probes, longer than the {} allowed",
            human_duration(r.longest_unseen), human_duration(objective.rto)));
  Judgement j = judge(kind, Interval{Duration::zero(), r.longest_unseen}, objective.rto);
  j.reason = "no outage seen";
  return j;
}

}  // namespace

Judgement judge_rto(const Recovery& r, const RtoObjective& objective, Duration every) {
  return judge_outages(ObjectiveKind::rto, r, objective, every);
}

Judgement judge_mtpd(const Recovery& r, Duration mtpd, OutageRule outage, Duration every) {
  return judge_outages(ObjectiveKind::mtpd, r, {mtpd, RtoFrom::outage, outage}, every);
}

Judgement judge_rpo(const std::optional<LedgerResult>& ledger, Duration rpo,
                    std::optional<Duration> every) {
  const auto kind = ObjectiveKind::rpo;
  if (!ledger) return unknown(kind, rpo, std::string{kNotReadBack});
  Judgement j = judge(kind, ledger->rpa, rpo, every);
  if (const auto why = contradiction(*ledger); !why.empty()) {
    j.met = Met::no;
    j.settling_every.reset();
    j.reason = why + ": no recovery point describes it";
  } else if (!ledger->rpa) {
    j.reason = kNothingAcknowledged;
  } else {
    j.reason += fmt::format("; {} of {} acknowledged writes lost", ledger->lost.size(),
                            ledger->acknowledged);
  }
  return j;
}

Judgement judge_lost_writes(const std::optional<LedgerResult>& ledger, std::uint64_t lost_max) {
  const auto kind = ObjectiveKind::lost_writes;
  Judgement j = unknown(kind, std::nullopt, std::string{kNotReadBack});
  j.lost_max = lost_max;
  if (!ledger) return j;
  j.lost = ledger->lost.size();
  j.reason = fmt::format("{} of {} acknowledged writes lost, {} allowed", *j.lost,
                         ledger->acknowledged, lost_max);
  j.met = *j.lost <= lost_max ? Met::yes : Met::no;
  if (const auto why = contradiction(*ledger); !why.empty()) {
    j.met = Met::no;
    j.reason += "; " + why;
  } else if (ledger->acknowledged_before == 0 && j.met == Met::yes) {
    j.met = Met::unknown;
    j.reason = kNothingAcknowledged;
  }
  return j;
}

}  // namespace muster::measure
