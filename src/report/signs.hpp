// The four signs that every output uses beside its words, so that no meaning rests on colour alone.
#pragma once
#include <string_view>

#include "report/summary.hpp"

namespace muster::report {

enum class Sign {
  good,    // met, held, proven, done
  bad,     // missed, failed, not proven undone
  unsure,  // could not be told: never good
  none     // not reached, not asked
};

constexpr std::string_view glyph(Sign s) {
  constexpr std::string_view glyphs[] = {"✓", "✗", "?", "–"};
  return glyphs[static_cast<std::size_t>(s)];
}

inline Sign sign_of(measure::Met met) {
  return met == measure::Met::yes ? Sign::good : met == measure::Met::no ? Sign::bad : Sign::unsure;
}

inline Sign sign_of(journal::StepStatus s) {
  using journal::StepStatus;
  if (s == StepStatus::passed) return Sign::good;
  if (s == StepStatus::failed) return Sign::bad;
  return s == StepStatus::skipped || s == StepStatus::waiting ? Sign::none : Sign::unsure;
}

/// Where an effect was left: proven undone is good, held on purpose is neither.
inline Sign sign_of(journal::EffectStatus s) {
  using journal::EffectStatus;
  if (s == EffectStatus::reverted || s == EffectStatus::self_reverted) return Sign::good;
  if (s == EffectStatus::held || s == EffectStatus::moot || s == EffectStatus::intent)
    return Sign::none;
  return s == EffectStatus::revert_failed ? Sign::bad : Sign::unsure;
}

inline Sign sign_of(const Verdict& v) {
  using measure::DrillResult;
  if (!v.result) return Sign::unsure;
  if (v.state == measure::DrillState::dirty || v.result == DrillResult::fail) return Sign::bad;
  if (v.result == DrillResult::pass) return Sign::good;
  return v.result == DrillResult::not_run ? Sign::none : Sign::unsure;
}

}  // namespace muster::report
