#include "engine/markers.hpp"

#include <fmt/format.h>

namespace muster::engine {

std::string fact(const Facts& facts, const std::string& key) {
  const auto it = facts.find(key);
  return it == facts.end() ? std::string{} : it->second;
}

bool is_locked(const Facts& facts, const std::string& run) {
  const auto holder = fact(facts, "lock.run");
  return !holder.empty() && holder != run && fact(facts, "lock.left_s") != "0";
}

std::string locked_by(const std::string& host, const Facts& facts, const std::string& own_store) {
  const auto store = fact(facts, "lock.store"), left = fact(facts, "lock.left_s");
  const std::string advice =
      store.empty() ? ""
      : store == own_store
          ? "; it is of this store: `muster recover` gives it back when its process died"
          : fmt::format(
                "; by another controller, its store is {}: wait for it, or, when that "
                "controller is lost, `muster sweep {}`",
                store, host);
  return fmt::format("{} is locked by run {} of {} ({}){}{}", host, fact(facts, "lock.run"),
                     fact(facts, "lock.who"), fact(facts, "lock.drill"),
                     left.empty() ? "" : fmt::format(", for {} s more unless it is extended", left),
                     advice);
}

bool is_forgotten(const Facts& facts, const std::string& effect, const std::string& own_store) {
  return fact(facts, "store." + effect) == own_store && facts.contains("healed." + effect) &&
         fact(facts, "effect." + effect).ends_with(" over");
}

std::string in_the_way(const std::string& host, const std::string& effect, const Facts& facts,
                       const std::string& own_store) {
  const auto store = fact(facts, "store." + effect);
  return fmt::format(
      "{} still carries an effect of {}: {} ({}); {}", host,
      store.empty() || store == own_store ? "an earlier run" : "another controller's run", effect,
      fact(facts, "effect." + effect),
      store.empty() || store == own_store
          ? "`muster recover` looks after it"
          : fmt::format("`muster recover` there looks after it; when that controller (store {}) is "
                        "lost: `muster sweep {}`",
                        store, host));
}

}  // namespace muster::engine
