#include "cli/sweep_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/time.hpp"

namespace muster::cli {

namespace {

using engine::FoundEffect;
using engine::Swept;
using engine::SweptHost;

/// Bytes of hosts: printable, and not without end.
std::string shown(const std::string& text) {
  return bounded(printable(text), 300);
}

std::string of_run(const std::string& run, const std::string& who, const std::string& drill,
                   const std::string& store) {
  std::string out = "run " + shown(run);
  if (!drill.empty()) out += " of " + shown(drill);
  if (!who.empty()) out += ", by " + shown(who);
  if (!store.empty()) out += ", store " + shown(store).substr(0, 12);
  return out;
}

std::string leased(std::int64_t left_s) {
  return left_s > 0 ? fmt::format("LEASED for {} s more: its run may be alive", left_s)
                    : "its lease is over";
}

std::string line_of(const FoundEffect& e, const std::string& at) {
  if (e.state == "arming") return fmt::format("effect {}: its arming did not end", shown(e.id));
  std::string out =
      fmt::format("{}{} {}", shown(e.fault),
                  e.host.empty() || e.host == at ? "" : " on " + shown(e.host), shown(e.state));
  if (!e.healed_by.empty()) out += fmt::format(", undone by {}", shown(e.healed_by));
  if (e.age_s) out += fmt::format(", {} old", format_duration(std::chrono::seconds{*e.age_s}));
  out += "; " + of_run(e.run, e.who, e.drill, e.store) + "; " + leased(e.left_s);
  if (e.healed_by.empty() && e.state != "held" && !e.dead_man) out += "; its dead-man is gone";
  return out;
}

void lines_of(const SweptHost& host, std::string& out) {
  const auto line = [&](const std::string& text) {
    out += fmt::format("{}{}: {}", out.empty() ? "" : "\n", host.host, text);
  };
  const auto& s = host.before;
  if (!s.reached) return line("UNREACHABLE: " + bounded(printable(s.why), 1000));
  for (const auto& e : s.effects) line(line_of(e, host.host));
  if (s.lock)
    line(fmt::format("lock of {}; {}",
                     of_run(s.lock->run, s.lock->who, s.lock->drill, s.lock->store),
                     leased(s.lock->left_s)));
  for (const auto& l : s.leftovers)
    line(l.kind == "state"
             ? fmt::format("{}: stands among the effects, and is none by its name: not Muster's; "
                           "look at it, and remove it by hand",
                           shown(l.where))
             : fmt::format("{} {}: of effect {}, which is armed nowhere here", shown(l.kind),
                           shown(l.where), shown(l.effect)));
  for (const auto& where : s.not_searched) line("the search for files was " + shown(where));
  if (s.found() == 0)
    line(s.uid.empty() || s.uid == "0"
             ? "nothing"
             : "nothing that uid " + shown(s.uid) +
                   " can see; what root has armed needs `ansible_become`");
}

/// How much of it the host keeps when it is not forced (catalogue/target/sweep.sh).
std::size_t kept_of(const engine::Survey& s) {
  const bool is_leased = s.lock && s.lock->left_s > 0;
  std::size_t kept = 0;
  bool rests_on_it = is_leased;  // the lock
  for (const auto& e : s.effects) {
    if (e.left_s <= 0 && e.state != "held" && !(e.state == "arming" && is_leased)) continue;
    ++kept;
    rests_on_it = rests_on_it || (s.lock && s.lock->run == e.run);
  }
  return kept + (s.lock && rests_on_it ? 1 : 0);
}

std::string_view word_of(Swept::Is is) {
  switch (is) {
    case Swept::Is::healed:
      return "healed";
    case Swept::Is::kept:
      return "kept";
    case Swept::Is::failed:
      return "NOT PROVEN UNDONE";
  }
  return "?";
}

Json json_of(const engine::Survey& s) {
  Json effects = Json::array(), leftovers = Json::array();
  for (const auto& e : s.effects)
    effects.push_back({{"effect", e.id},
                       {"run", e.run},
                       {"fault", e.fault},
                       {"state", e.state},
                       {"store", e.store},
                       {"who", e.who},
                       {"drill", e.drill},
                       {"host", e.host},
                       {"healed_by", e.healed_by},
                       {"dead_man", e.dead_man},
                       {"left_s", e.left_s},
                       {"age_s", e.age_s ? Json(*e.age_s) : Json()}});
  for (const auto& l : s.leftovers)
    leftovers.push_back({{"kind", l.kind}, {"effect", l.effect}, {"where", l.where}});
  Json out{{"reached", s.reached},
           {"effects", effects},
           {"leftovers", leftovers},
           {"not_searched", s.not_searched}};
  if (!s.reached) out["why"] = s.why;
  if (s.lock)
    out["lock"] = {{"run", s.lock->run},
                   {"who", s.lock->who},
                   {"drill", s.lock->drill},
                   {"store", s.lock->store},
                   {"left_s", s.lock->left_s}};
  return out;
}

}  // namespace

std::string found_text(const engine::Sweep& sweep) {
  std::string out;
  for (const auto& host : sweep.hosts()) lines_of(host, out);
  return out;
}

std::string done_text(const engine::Sweep& sweep) {
  std::string out;
  for (const auto& host : sweep.hosts())
    for (const auto& s : host.done)
      out += fmt::format("{}{}: {}: {}{}", out.empty() ? "" : "\n", host.host, word_of(s.is),
                         shown(s.what), s.why.empty() ? "" : ": " + shown(s.why));
  return out;
}

std::string next_text(const engine::Sweep& sweep) {
  std::size_t found = 0, kept = 0;
  for (const auto& host : sweep.hosts()) {
    found += host.before.found();
    kept += kept_of(host.before);
  }
  if (kept == 0) return "`--revert` undoes it.";
  const std::string force =
      "leased to a run that may be alive (`muster abort` ends it), or held on purpose. When you "
      "know that it must go: --revert --force --reason \"why\".";
  if (kept == found) return "`--revert` would keep all of it: it is " + force;
  return fmt::format("`--revert` undoes it, but keeps {} of {}: {}", kept, found, force);
}

std::string counts_text(const engine::SweepSummary& s) {
  return fmt::format("found {}, healed {}, kept {}, not proven undone {}, unreachable {}", s.found,
                     s.healed, s.kept, s.failed, s.unreachable);
}

Json sweep_json(const engine::Sweep& sweep) {
  const auto s = sweep.summary();
  Json hosts = Json::array();
  for (const auto& host : sweep.hosts()) {
    Json done = Json::array();
    for (const auto& d : host.done)
      done.push_back({{"what", d.what},
                      {"effect", d.effect},
                      {"is", d.is == Swept::Is::failed ? "not proven undone" : word_of(d.is)},
                      {"why", d.why}});
    hosts.push_back({{"host", host.host}, {"found", json_of(host.before)}, {"done", done}});
  }
  return {{"found", s.found},
          {"healed", s.healed},
          {"kept", s.kept},
          {"not_proven_undone", s.failed},
          {"unreachable", s.unreachable},
          {"hosts", hosts}};
}

}  // namespace muster::cli
