// How a drill went over time: each run's interval against its objective, and whether the newest one
// is worse than all before it. No means: a handful of measured intervals has none worth printing.
// Pure.
#pragma once
#include <string>
#include <vector>

#include "history/runs.hpp"

namespace muster::history {

struct Point {
  const Run* run = nullptr;
  Objective objective;
};

enum class Regression {
  none,    ///< the newest is not above all of the last ones
  yes,     ///< it is, as a whole: whatever the measuring error
  unknown  ///< too few measured before it, or it was not measured itself
};

struct Series {
  std::string kind, service;
  std::vector<Point> points;  ///< of runs that tested something; the oldest first
  Regression regression = Regression::unknown;
  std::size_t compared = 0;  ///< with how many before it
};

/// The newest is held against so many measured ones before it, and against no fewer than the
/// second.
inline constexpr std::size_t kComparedMax = 5;
inline constexpr std::size_t kComparedMin = 3;

/// A series for each objective that ever was, in the order of their names. `runs`: of one drill, in
/// the order in which they were opened; must outlive the answer.
std::vector<Series> trends_of(const std::vector<const Run*>& runs);

/// A chart of plain ASCII, a line a run: the interval `[==]` on a scale from zero, the limit as
/// `|`, an end that is not known as `>`. At most `newest` of the runs.
std::string chart_of(const Series& series, std::size_t newest);

/// One sentence.
std::string sentence_of(const Series& series);

}  // namespace muster::history
