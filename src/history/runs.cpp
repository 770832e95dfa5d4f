#include "history/runs.hpp"

#include <algorithm>

#include "journal/kinds.hpp"
#include "journal/retention.hpp"

namespace muster::history {

namespace kinds = journal::kinds;

namespace {

std::string text_in(const Json& data, const char* key) {
  const auto it = data.is_object() ? data.find(key) : data.end();
  return it != data.end() && it->is_string() ? it->get<std::string>() : std::string{};
}

std::optional<std::uint64_t> number_in(const Json& data, const char* key) {
  const auto it = data.is_object() ? data.find(key) : data.end();
  if (it == data.end() || !it->is_number_unsigned()) return std::nullopt;
  return it->get<std::uint64_t>();
}

std::optional<Duration> duration_in(const Json& data, const char* key) {
  if (!data.is_object() || !data.contains(key)) return std::nullopt;
  const auto value = journal::ns_from_json(data.at(key));
  if (!value) return std::nullopt;
  return Duration{*value};
}

/// Its elements; none when there is no such list.
const Json& list_in(const Json& data, const char* key) {
  static const Json kNone = Json::array();
  const auto it = data.is_object() ? data.find(key) : data.end();
  return it != data.end() && it->is_array() ? *it : kNone;
}

Objective objective_of(const Json& one) {
  Objective out;
  out.kind = text_in(one, "objective");
  out.service = text_in(one, "service");
  out.met = text_in(one, "met");
  out.limit = duration_in(one, "limit");
  out.lost = number_in(one, "lost");
  out.lost_max = number_in(one, "lost_max");
  if (one.is_object() && one.contains("actual"))
    if (const auto lo = duration_in(one.at("actual"), "lo"))
      out.actual = measure::Interval{*lo, duration_in(one.at("actual"), "hi")};
  return out;
}

Exercise exercise_of(const Json& one, const char* name) {
  const auto proven = one.is_object() ? one.find("proven") : one.end();
  return {text_in(one, name), text_in(one, "host"), text_in(one, "end"),
          proven != one.end() && proven->is_boolean() && proven->get<bool>(), text_in(one, "step")};
}

std::string upper(std::string text) {
  for (auto& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

bool fits(const Run& run, const Filter& f) {
  const auto is = [](const std::string& wanted, const std::string& found) {
    return wanted.empty() || wanted == found;
  };
  return is(f.drill, run.drill) && is(f.state, run.state) && is(f.by, run.by) &&
         is(upper(f.result), run.closed ? run.result : "OPEN") &&
         (!f.since || run.opened >= *f.since) && (!f.until || run.opened < *f.until) &&
         (f.host.empty() ||
          std::find(run.hosts.begin(), run.hosts.end(), f.host) != run.hosts.end());
}

}  // namespace

bool Run::is_test() const {
  return result == "PASS" || result == "FAIL" || result == "INCONCLUSIVE";
}

bool Run::passed() const {
  return result == "PASS" && state == "clean";
}

void add_summary(Run& run, const Json& summary) {
  if (!summary.is_object()) return;
  run.summarised = true;
  run.objectives.clear();
  run.hosts.clear();
  run.faults.clear();
  run.restores.clear();
  run.roles.clear();
  run.took = duration_in(summary, "took_ns");
  run.left_out = number_in(summary, "left_out").value_or(0);
  for (const auto& one : list_in(summary, "objectives"))
    run.objectives.push_back(objective_of(one));
  for (const auto& one : list_in(summary, "hosts"))
    if (one.is_string()) run.hosts.push_back(one.get<std::string>());
  for (const auto& one : list_in(summary, "faults"))
    run.faults.push_back(exercise_of(one, "fault"));
  for (const auto& one : list_in(summary, "restores"))
    run.restores.push_back(exercise_of(one, "provider"));
  for (const auto& one : list_in(summary, "roles"))
    run.roles.push_back({text_in(one, "role"), text_in(one, "person")});
}

void Runs::add(const journal::Entry& entry) {
  if (entry.action == kinds::kRunOpened && places_.emplace(entry.run, all_.size()).second) {
    Run run;
    run.id = entry.run;
    run.drill = entry.drill;
    run.by = entry.actor.principal;
    run.opened = entry.ts;
    all_.push_back(std::move(run));
  }
  const auto pruned =
      entry.action == kinds::kRecordPruned ? journal::read_pruned(entry) : std::nullopt;
  const auto place = places_.find(pruned ? pruned->run : entry.run);
  if (place == places_.end()) return;
  auto& run = all_[place->second];
  if (pruned && pruned->whole) run.removed = true;
  if (entry.action != kinds::kRunClosed) return;
  run.closed = entry.ts;
  run.result = entry.outcome;
  run.state = text_in(entry.data, "state");
  run.entries = number_in(entry.data, "size").value_or(0);
  if (entry.data.is_object() && entry.data.contains("summary"))
    add_summary(run, entry.data.at("summary"));
}

std::vector<const Run*> filtered(const std::vector<Run>& runs, const Filter& filter) {
  std::vector<const Run*> out;
  for (const auto& run : runs)
    if (fits(run, filter)) out.push_back(&run);
  if (filter.newest > 0 && out.size() > filter.newest)
    out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(filter.newest));
  return out;
}

}  // namespace muster::history
