#include "engine/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "base/text.hpp"
#include "engine/hosts.hpp"
#include "engine/markers.hpp"
#include "journal/kinds.hpp"

namespace muster::engine {

using ports::Answer;
using ports::Said;
using Hosts = std::vector<std::string>;

namespace {

constexpr std::size_t kToldMax = 50;  // hosts by name in one entry
constexpr std::size_t kWhyMax = 300;  // bytes of each

bool contains(const Hosts& hosts, const std::string& host) {
  return std::find(hosts.begin(), hosts.end(), host) != hosts.end();
}

/// Whom a step would hit; nothing: it makes no effect.
const std::string* slot_hit(const plan::Step& step) {
  if (const auto* inject = std::get_if<plan::Inject>(&step.action)) return &inject->slot;
  if (const auto* restore = std::get_if<plan::Restore>(&step.action)) return &restore->slot;
  if (const auto* run = std::get_if<plan::Run>(&step.action); run && !run->no_return)
    return &run->slot;
  return nullptr;
}

/// "keep of orders_db: 1 healthy (the drill, drills/a.yaml:8:3)"
std::string title(const plan::Limit& limit) {
  return fmt::format("{} of {}: {} ({}, {})",
                     limit.kind == plan::Limit::Kind::keep ? "keep" : "at_most", limit.of,
                     limit.wanted, limit.by, limit.place);
}

}  // namespace

// Looking
// ------------------------------------------------------------------------------------------------

std::string Limits::own_effect_on(const std::string& host) const {
  for (const auto& e : core_.state().effects) {
    const bool held = e.status == journal::EffectStatus::held;
    // A restored copy that a no-return step was built upon serves.
    if (e.host == host && (held ? !e.restore : !journal::is_over(e.status)))
      return fmt::format("under {} of this run ({})", e.script, name_of(e.status));
  }
  return {};
}

/// By what the host itself says: it answers, nobody else is at work there, and nothing is left of
/// another run. What this run did there, its own record tells better.
std::string Limits::judged(const std::string& host, const Answer& answer) const {
  if (answer.said != Said::yes) return "cannot be asked; " + told(answer);
  const auto facts = fields_of(answer.evidence);
  const auto& run = core_.settings().context.run;
  if (is_locked(facts, run)) return locked_by(host, facts, core_.settings().store);
  for (const auto& [key, value] : facts) {
    if (!key.starts_with("effect.") || value.starts_with(run + " ")) continue;
    if (value.ends_with(" over") && facts.contains("healed." + key.substr(7))) continue;
    return "carries an effect of run " + value;
  }
  return {};
}

/// Those that are counted and were not asked yet, each once.
Hosts Limits::ask_which(const Seen& seen) const {
  Hosts out;
  std::set<std::string> found = seen.asked;
  for (const auto& limit : core_.plan().limits)
    for (const auto& host : limit.hosts)
      if (own_effect_on(host).empty() && found.insert(host).second) out.push_back(host);
  return out;
}

struct Limits::Look {
  std::size_t left = 0;
  Seen seen;
  std::function<void()> then;
};

void Limits::look(std::function<void()> then) {
  if (core_.plan().limits.empty()) return then();
  auto look = std::make_shared<Look>();
  look->seen.look = ++looks_;
  look->then = std::move(then);
  ask(look);
}

void Limits::ask(const std::shared_ptr<Look>& look) {
  const auto which = ask_which(look->seen);
  if (which.empty()) {
    // What another branch has asked for since is newer.
    if (look->seen.look > seen_.look) seen_ = std::move(look->seen);
    return look->then();
  }
  look->seen.asked.insert(which.begin(), which.end());
  ++look->left;
  const auto answered = [this, look] {
    if (--look->left == 0) ask(look);
  };
  for (const auto& host : which) ask(look, host, answered);
  answered();
}

void Limits::ask(const std::shared_ptr<Look>& look, const std::string& host,
                 const std::function<void()>& answered) {
  ports::Call facts;
  facts.host = core_.plan().hosts.at(host).address;
  facts.verb = ports::Verb::facts;
  ++look->left;
  core_.call(std::move(facts), false, [this, look, host, answered](const Answer& answer) {
    if (auto why = judged(host, answer); !why.empty()) look->seen.down[host] = std::move(why);
    answered();
  });
  const auto& limits = core_.plan().limits;
  for (std::size_t i = 0; i < limits.size(); ++i) {
    if (!limits[i].healthy || !contains(limits[i].hosts, host)) continue;
    ++look->left;
    core_.call(question_call(core_, *limits[i].healthy, host), false,
               [look, i, host, answered](const Answer& answer) {
                 if (answer.said != Said::yes)
                   look->seen.ill[i][host] = "is not known to be healthy; " + told(answer);
                 answered();
               });
  }
}

// Counting
// ------------------------------------------------------------------------------------------------

std::string Limits::why_down(std::size_t index, const std::string& host) const {
  if (auto own = own_effect_on(host); !own.empty()) return own;
  if (!seen_.asked.contains(host)) return "was not asked since an effect of this run ended there";
  if (const auto it = seen_.down.find(host); it != seen_.down.end()) return it->second;
  // Who is ill by any question is down already; of a `keep` its own question counts.
  for (const auto& [asked_by, hosts] : seen_.ill)
    if (const auto it = hosts.find(host); it != hosts.end())
      if (asked_by == index || core_.plan().limits[index].kind == plan::Limit::Kind::at_most)
        return it->second;
  return {};
}

Limits::Count Limits::count(std::size_t index, const Hosts& hit) const {
  const auto& limit = core_.plan().limits[index];
  const auto& others = core_.settings().hit_by_others;
  const auto elsewhere = others ? others() : std::map<std::string, std::string>{};
  Count out;
  std::size_t lost = 0;
  for (const auto& host : limit.hosts) {
    auto why = why_down(index, host);
    if (const auto it = elsewhere.find(host); why.empty() && it != elsewhere.end())
      why = it->second;
    if (!why.empty() || contains(hit, host)) ++lost;
    if (!why.empty()) out.down[host] = bounded(why, kWhyMax);
  }
  const bool keep = limit.kind == plan::Limit::Kind::keep;
  out.would_be = keep ? limit.hosts.size() - lost : lost;
  out.fits = keep ? out.would_be >= limit.count : out.would_be <= limit.count;
  return out;
}

std::string Limits::record_counts(const std::string& step, const Hosts& hit) {
  const auto& limits = core_.plan().limits;
  std::string why, details;
  Json all = Json::array();
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const auto& limit = limits[i];
    const auto counted = count(i, hit);
    Json down = Json::array();
    std::string names, reasons;
    for (const auto& [host, reason] : counted.down) {
      if (down.size() < kToldMax) down.push_back({{"host", host}, {"why", reason}});
      if (names.size() < kWhyMax) names += (names.empty() ? "; down already: " : ", ") + host;
      if (reasons.size() < 4 * kWhyMax) reasons += fmt::format("; {}: {}", host, reason);
    }
    const bool keep = limit.kind == plan::Limit::Kind::keep;
    all.push_back({{"kind", keep ? "keep" : "at_most"},
                   {"of", limit.of},
                   {"wanted", limit.wanted},
                   {"by", limit.by},
                   {"limit_count", limit.count},
                   {"hosts", limit.hosts.size()},
                   {"would_be", counted.would_be},
                   {"fits", counted.fits},
                   {"down", std::move(down)}});
    if (counted.fits || !why.empty()) continue;
    why = fmt::format("guardrail {}: {}{} of {} would be {}{}", title(limit),
                      hit.empty() ? "" : "with " + bounded(joined(hit, ", "), kWhyMax) + " hit, ",
                      counted.would_be, limit.hosts.size(),
                      keep ? "healthy" : "hit or down at once", names);
    details = std::move(reasons);
  }
  journal::Draft d = Core::draft(journal::kinds::kGuardrailCounted);
  d.step = step;
  d.outcome = why.empty() ? "ok" : "refused";
  d.data = Json{{"limits", std::move(all)}, {"hit", hit}};
  if (!why.empty()) d.data["why"] = why + details;
  core_.record(std::move(d));
  return why;
}

bool Limits::admit(const std::string& step, const Hosts& hosts) {
  if (core_.plan().limits.empty()) return true;
  const auto why = record_counts(step, hosts);
  if (!why.empty()) on_refused_(why);
  return why.empty();
}

void Limits::preflight(std::function<void(std::vector<std::string>)> done) {
  if (core_.plan().limits.empty()) return done({});
  look([this, done = std::move(done)] {
    std::vector<std::string> problems;
    if (auto why = record_counts({}, {}); !why.empty()) return done({std::move(why)});
    for (const auto& step : core_.plan().steps) {
      const auto* slot = slot_hit(step);
      if (!slot) continue;
      const auto& hosts = targets_.hosts_of(*slot);
      for (std::size_t i = 0; i < core_.plan().limits.size(); ++i)
        if (!count(i, hosts).fits) {
          problems.push_back(
              fmt::format("step \"{}\": {}", step.name, record_counts(step.id, hosts)));
          break;
        }
    }
    done(std::move(problems));
  });
}

}  // namespace muster::engine
