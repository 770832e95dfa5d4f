#include "history/trend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace muster::history {
namespace {

constexpr std::size_t kColumns = 40;

bool is_closed(const Point& p) {
  return p.objective.actual && p.objective.actual->hi;
}

void judge(Series& series) {
  if (series.points.empty() || !series.points.back().objective.actual) return;
  std::optional<Duration> worst;
  for (auto p = series.points.rbegin() + 1; p != series.points.rend(); ++p) {
    if (series.compared == kComparedMax) break;
    if (!is_closed(*p)) continue;
    worst = std::max(worst.value_or(Duration{}), *p->objective.actual->hi);
    ++series.compared;
  }
  if (series.compared < kComparedMin) return;
  series.regression =
      series.points.back().objective.actual->lo > *worst ? Regression::yes : Regression::none;
}

/// What fits the scale: the largest end that is known, or limit.
Duration largest(const Series& series, std::size_t first) {
  Duration out{1};
  for (auto i = first; i < series.points.size(); ++i) {
    const auto& o = series.points[i].objective;
    if (o.actual) out = std::max(out, o.actual->hi.value_or(o.actual->lo));
    if (o.limit) out = std::max(out, *o.limit);
  }
  return out;
}

std::size_t column(Duration d, Duration of) {
  const auto share = static_cast<long double>(d.count()) / static_cast<long double>(of.count());
  return std::min(kColumns - 1, static_cast<std::size_t>(share * (kColumns - 1)));
}

std::string bar(const Objective& o, Duration scale) {
  std::string out(kColumns, '.');
  if (o.limit) out[column(*o.limit, scale)] = '|';
  if (!o.actual) return out;
  const auto from = column(o.actual->lo, scale);
  const auto to = column(o.actual->hi.value_or(scale), scale);
  for (auto i = from; i <= to; ++i) out[i] = '=';
  if (from < to) out[from] = '[';
  if (from < to) out[to] = ']';
  if (!o.actual->hi) out[to] = '>';
  return out;
}

}  // namespace

std::vector<Series> trends_of(const std::vector<const Run*>& runs) {
  std::map<std::pair<std::string, std::string>, Series> all;
  for (const auto* run : runs) {
    if (!run->is_test()) continue;
    for (const auto& o : run->objectives) {
      auto& series = all[{o.service, o.kind}];
      series.kind = o.kind;
      series.service = o.service;
      series.points.push_back({run, o});
    }
  }
  std::vector<Series> out;
  for (auto& [key, series] : all) {
    judge(series);
    out.push_back(std::move(series));
  }
  return out;
}

std::string chart_of(const Series& series, std::size_t newest) {
  const auto first = series.points.size() > newest ? series.points.size() - newest : 0;
  const auto scale = largest(series, first);
  std::string out;
  for (auto i = first; i < series.points.size(); ++i) {
    const auto& [run, o] = series.points[i];
    const auto said = o.actual ? measure::human_interval(*o.actual)
                      : o.lost ? fmt::format("{} lost", *o.lost)
                               : std::string{"not measured"};
    out += fmt::format("  {} {:<12} {} {}\n", format_utc(run->opened).substr(0, 10), run->result,
                       bar(o, scale), said);
  }
  return out + fmt::format("  {:>23} 0{:>{}}\n", "", human_duration(scale), kColumns - 1);
}

std::string sentence_of(const Series& series) {
  switch (series.regression) {
    case Regression::yes:
      return fmt::format(
          "REGRESSION: the newest lies wholly above each of the {} measured before it",
          series.compared);
    case Regression::none:
      return fmt::format("no regression: the newest is not wholly above the {} before it",
                         series.compared);
    case Regression::unknown:
      break;
  }
  return fmt::format("no statement: {} measured before the newest, {} are needed", series.compared,
                     kComparedMin);
}

}  // namespace muster::history
