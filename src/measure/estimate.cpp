#include "measure/estimate.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace muster::measure {
namespace {

void add(Estimate& e, std::string what, const std::optional<Duration>& declared) {
  if (declared)
    e.parts.push_back({std::move(what), {*declared, *declared}, Provenance::declared});
  else
    e.left_out.push_back(std::move(what));
}

std::string sentence_of(const Estimate& e, bool restored) {
  if (!restored) return "No estimate of the RTO: the restore did not come to its end.";
  const char* fits = !e.total.hi || *e.total.hi > e.rto
                         ? (e.total.lo > e.rto ? "above" : "not surely below")
                         : "within";
  auto text = fmt::format(
      "Estimated recovery time {}, {} the declared RTO of {}; an estimate, not a test of it",
      human_interval(e.total), fits, human_duration(e.rto));
  if (!e.left_out.empty()) text += "; without " + joined(e.left_out, ", ");
  return text + ".";
}

}  // namespace

std::string_view name(Provenance p) {
  return p == Provenance::measured ? "measured" : "declared";
}

Estimate estimate_rto(const std::optional<Interval>& restore, const EstimateQuestion& question) {
  Estimate e;
  e.rto = question.rto;
  add(e, "detect", question.detect);
  add(e, "decide", question.decide);
  if (restore)
    e.parts.push_back({"restore (S to V)", *restore, Provenance::measured});
  else
    e.left_out.emplace_back("restore (S to V)");
  add(e, "reroute", question.reroute);
  e.total = {Duration::zero(), Duration::zero()};
  for (const auto& p : e.parts) e.total = e.total + p.length;
  if (!restore) e.total.hi.reset();
  e.sentence = sentence_of(e, restore.has_value());
  return e;
}

}  // namespace muster::measure
