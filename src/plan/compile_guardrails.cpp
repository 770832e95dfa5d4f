// The guardrails of a drill, spelled out: who is asked what, and how many hosts each limit counts.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "plan/compiler.hpp"

namespace muster::plan {
namespace {

using Hosts = std::vector<std::string>;

/// All of them are asked before each effect.
constexpr std::size_t kCountedMax = 500;
/// A share is read from decimal digits: what is a hair off a whole number is that number.
constexpr double kHair = 1e-9;

std::size_t rounded_down(const model::Amount& amount, std::size_t of) {
  return amount.count > 0
             ? static_cast<std::size_t>(amount.count)
             : static_cast<std::size_t>(std::floor(amount.share * static_cast<double>(of) + kHair));
}
std::size_t rounded_up(const model::Amount& amount, std::size_t of) {
  return amount.count > 0
             ? static_cast<std::size_t>(amount.count)
             : static_cast<std::size_t>(std::ceil(amount.share * static_cast<double>(of) - kHair));
}

std::size_t shared(const Hosts& a, const Hosts& b) {
  return static_cast<std::size_t>(std::count_if(a.begin(), a.end(), [&](const auto& host) {
    return std::find(b.begin(), b.end(), host) != b.end();
  }));
}

std::string hosts_text(std::size_t count) {
  return fmt::format("{} host{}", count, count == 1 ? "" : "s");
}

}  // namespace

RoleQuestion Compiler::question(const model::Where& where) {
  if (const auto* sql = std::get_if<model::Text>(&where.question)) return {text(*sql), {}};
  return {{}, argv(std::get<model::Command>(where.question))};
}

/// The hosts of all targets, each once.
Hosts Compiler::aimed_at() const {
  Hosts out;
  for (const auto& fill : drill_.fills)
    for (const auto& host : fill.hosts)
      if (std::find(out.begin(), out.end(), host) == out.end()) out.push_back(host);
  return out;
}

/// Nothing ever reaches a protected host, not even a question.
void Compiler::count(const Hosts& hosts, Limit& into) {
  for (const auto& host : hosts) {
    const bool asked = !in_.inventory.host(host)->is_protected && !protected_twin(host);
    (asked ? into.hosts : into.never_asked).push_back(host);
    if (asked && !plan_.hosts.contains(host)) add_host(host);
  }
}

void Compiler::keep(const model::Keep& from) {
  const auto hosts = in_.inventory.select(*from.of);
  if (!hosts) return out_.error(from.of.place, hosts.error().what, hosts.error().hint);
  Limit made;
  made.kind = Limit::Kind::keep;
  made.of = from.name;
  made.wanted = to_string(from.healthy) + " healthy";
  made.count = rounded_up(from.healthy, hosts->size());
  made.by = "the drill";
  made.place = config::to_string(from.place);
  count(*hosts, made);
  if (from.where) made.healthy = question(*from.where);
  if (made.count > made.hosts.size())
    out_.error(from.place,
               fmt::format("{} of `{}` are to stay healthy, and {} can be asked{}", made.count,
                           from.name, hosts_text(made.hosts.size()),
                           made.never_asked.empty() ? "" : ": a protected one never is"),
               "keep fewer");
  plan_.limits.push_back(std::move(made));
}

void Compiler::at_most(const model::AtMost& from, const std::string& by) {
  const auto targets = aimed_at();
  Hosts all = targets;
  if (from.of) {
    const auto chosen = in_.inventory.select(**from.of);
    if (!chosen) return out_.error(from.of->place, chosen.error().what, chosen.error().hint);
    all = *chosen;
  }
  const std::string of = from.of ? from.name : "the drill's targets";
  if (from.per == model::AtMost::Per::all) return at_most_of(from, by, of, all);
  std::map<std::string, Hosts> parts;
  if (from.per == model::AtMost::Per::zone) {
    for (const auto& host : all) {
      const auto& zone = in_.inventory.host(host)->zone;
      parts[zone.empty() ? of + " without a zone" : of + " in zone " + zone].push_back(host);
    }
  } else {
    for (const auto& group : in_.inventory.groups)
      if (group.name != "all" && group.name != "ungrouped" && shared(group.hosts, all) > 0)
        for (const auto& host : group.hosts)
          if (!from.of || shared({host}, all) > 0) parts["group " + group.name].push_back(host);
  }
  for (const auto& [name, hosts] : parts) at_most_of(from, by, name, hosts);
}

void Compiler::at_most_of(const model::AtMost& from, const std::string& by, const std::string& of,
                          const Hosts& hosts) {
  // Where the drill aims at nothing it adds nothing.
  if (shared(aimed_at(), hosts) == 0) return;
  Limit made;
  made.of = of;
  made.wanted = to_string(from);
  made.by = by;
  made.place = config::to_string(from.place);
  count(hosts, made);
  made.count = rounded_down(from.amount, made.hosts.size());
  if (made.count == 0 && !made.hosts.empty())
    out_.error(from.place,
               fmt::format("{} of {} is less than one ({}): no effect would ever be allowed",
                           to_string(from.amount), hosts_text(made.hosts.size()), of),
               "at_most: 1, or a larger share");
  plan_.limits.push_back(std::move(made));
}

void Compiler::guard(const model::Guard& from) {
  model::Step asks;  // what a check of the same condition would be
  asks.place = from.place;
  asks.action = model::Check{from.condition};
  plan_.guards.push_back({from.name, condition(asks, from.condition), *from.fails_for, from.every,
                          from.timeout, config::to_string(from.place)});
}

void Compiler::guardrails() {
  for (const auto& one : drill_.guardrails.keep) keep(one);
  for (const auto& one : drill_.guardrails.at_most) at_most(one, "the drill");
  for (const auto& demand : plan_.policy)
    for (const auto& one : in_.policy.of(demand.environment)->at_most)
      at_most(one, "the policy of " + demand.environment);
  for (const auto& one : drill_.guardrails.abort_if) guard(one);
  std::size_t asked = 0;
  for (const auto& limit : plan_.limits) asked += limit.hosts.size();
  if (asked > kCountedMax)
    out_.error(drill_.name.place,
               fmt::format("{} would be counted before each effect; {} are the most",
                           hosts_text(asked), kCountedMax),
               "name smaller groups in `keep` and `at_most`");
}

/// A step that its own limits could never allow.
void Compiler::check_limits() {
  for (const auto& made : plan_.steps) {
    const auto* step = drill_.playbook.step(made.id);
    const auto* inject = std::get_if<Inject>(&made.action);
    const auto* restore = std::get_if<Restore>(&made.action);
    const auto* run = std::get_if<Run>(&made.action);
    if (!step || !(inject || restore || (run && !run->no_return))) continue;
    const auto& slot = inject ? inject->slot : restore ? restore->slot : run->slot;
    for (const auto& limit : plan_.limits) check_limit(limit, *step, slot);
  }
}

void Compiler::check_limit(const Limit& limit, const model::Step& step, const std::string& name) {
  const auto* slot = plan_.slot(name);
  if (!slot) return;
  std::size_t hit = shared(slot->hosts, limit.hosts);
  // One of them, and it is not known yet which.
  if (slot->role) hit = hit == slot->hosts.size() ? 1 : 0;
  if (limit.kind == Limit::Kind::at_most && hit > limit.count)
    out_.error(
        step.place,
        fmt::format("`{}` hits {} of {} at once, and `at_most: {}` of {} ({}) allows {}", step.name,
                    hosts_text(hit), limit.of, limit.wanted, limit.by, limit.place, limit.count),
        fmt::format("pick: {{count: {}}}, or another target", limit.count));
  if (limit.kind == Limit::Kind::keep && hit > 0 && limit.hosts.size() - hit < limit.count)
    out_.error(step.place,
               fmt::format("`{}` leaves {} of `{}` healthy at best, and `keep` of {} ({}) wants {}",
                           step.name, limit.hosts.size() - hit, limit.of, limit.by, limit.place,
                           limit.count),
               "hit fewer: pick: {count: 1}");
}

}  // namespace muster::plan
