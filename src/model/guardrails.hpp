// What stops a drill before it does harm (docs/guardrails.md). Values; the reader and its shape
// stand in guardrail_reader.cpp.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "model/blast_radius.hpp"
#include "model/playbook.hpp"

namespace muster::model {

/// `orders_db: 1 healthy`: so many of the group stay as they should be.
struct Keep {
  Located<std::string> of;  ///< A host, a group, or a pattern.
  std::string name;         ///< The key.
  Place place;
  Amount healthy;
  std::optional<Where> where;  ///< What a healthy one says yes to, besides answering at all.
};

/// One of `abort_if`: what must not be hurt.
struct Guard {
  Place place;
  std::string name;  ///< Given, or made of what it asks.
  Condition condition;
  Located<Duration> fails_for;
  Duration every{};
  Duration timeout{};  ///< Of each question. Not of a service's state, which is not asked.
};

struct Guardrails {
  std::optional<Located<Duration>> max_duration;  ///< Of the whole run, from its opening.
  std::vector<Keep> keep;
  std::vector<AtMost> at_most;
  std::vector<Guard> abort_if;
};

}  // namespace muster::model
