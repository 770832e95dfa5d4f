#include "measure/interval.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::measure {

Interval between(const Moment& from, const Moment& to) {
  Interval length;
  if (to.lo && from.hi) length.lo = std::max(Duration::zero(), *to.lo - *from.hi);
  if (to.hi && from.lo) length.hi = std::max(length.lo, *to.hi - *from.lo);
  return length;
}

Interval operator+(const Interval& a, const Interval& b) {
  Interval sum{a.lo + b.lo, std::nullopt};
  if (a.hi && b.hi) sum.hi = *a.hi + *b.hi;
  return sum;
}

std::string human_interval(const Interval& i) {
  if (!i.hi) return "at least " + human_duration(i.lo);
  if (*i.hi == i.lo) return human_duration(i.lo);
  if (i.lo == Duration::zero()) return "at most " + human_duration(*i.hi);
  return fmt::format("{} to {}", human_duration(i.lo), human_duration(*i.hi));
}

}  // namespace muster::measure
