#include "engine/survey.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "engine/effects.hpp"
#include "engine/markers.hpp"

namespace muster::engine {

namespace {

std::optional<std::int64_t> number(const std::string& text) {
  std::int64_t out = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size())
    return std::nullopt;
  return out;
}

/// The first word of `text`, which then holds the rest.
std::string take(std::string& text) {
  const auto blank = text.find(' ');
  std::string word = text.substr(0, blank);
  text.erase(0, blank == std::string::npos ? text.size() : blank + 1);
  return word;
}

FoundEffect effect_of(const std::string& id, const Facts& facts) {
  FoundEffect e;
  e.id = id;
  std::string words = fact(facts, "effect." + id);
  e.run = take(words);
  e.fault = take(words);
  e.state = e.run == "-" ? "arming" : take(words);
  e.store = fact(facts, "store." + id);
  e.who = fact(facts, "who." + id);
  e.drill = fact(facts, "drill." + id);
  e.host = fact(facts, "host." + id);
  e.healed_by = fact(facts, "healed." + id);
  e.dead_man = fact(facts, "deadman." + id) == "live";
  e.age_s = number(fact(facts, "age_s." + id));
  e.left_s = number(fact(facts, "left_s." + id)).value_or(0);
  return e;
}

}  // namespace

Survey read_survey(const ports::Answer& answer) {
  Survey out;
  out.reached = answer.said == ports::Said::yes;
  if (!out.reached) {
    out.why = told(answer);
    return out;
  }
  const auto facts = fields_of(answer.evidence);
  out.uid = fact(facts, "uid");
  if (const auto run = fact(facts, "lock.run"); !run.empty())
    out.lock = FoundLock{run, fact(facts, "lock.who"), fact(facts, "lock.drill"),
                         fact(facts, "lock.store"), number(fact(facts, "lock.left_s")).value_or(0)};
  for (const auto& [key, value] : facts) {
    if (key.starts_with("effect.")) out.effects.push_back(effect_of(key.substr(7), facts));
    if (!key.starts_with("leftover.")) continue;
    FoundLeftover left;
    left.where = value;
    left.kind = take(left.where);
    left.effect = take(left.where);
    if (left.kind == "search")
      out.not_searched.push_back(left.where);
    else
      out.leftovers.push_back(std::move(left));
  }
  // Undone in the reverse order of arming; who does not tell its age goes last.
  std::stable_sort(out.effects.begin(), out.effects.end(), [](const auto& a, const auto& b) {
    return a.age_s.value_or(INT64_MAX) < b.age_s.value_or(INT64_MAX);
  });
  return out;
}

}  // namespace muster::engine
