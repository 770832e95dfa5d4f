// What is durable of one run, folded as it grows: what a stranger would know at this moment.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "journal/persons.hpp"
#include "journal/run_state.hpp"
#include "tests/sim/store.hpp"

namespace muster::sim {

class Record {
 public:
  Record(std::shared_ptr<const Disk> disk, std::string run)
      : disk_{std::move(disk)}, run_{std::move(run)} {}

  /// Throws on an entry that cannot be read or folded: the record would be damaged.
  const journal::RunState& state();
  const std::vector<journal::Entry>& entries();
  std::vector<std::string> bytes() const;
  /// Some entry of this kind about this effect (or step) is durable.
  bool has(std::string_view kind, const std::string& about);
  /// "step.started loss", "effect.armed", … in order; for tests that read like a story.
  std::vector<std::string> story();
  /// First difference to what the machine believes; "" when they are the same.
  std::string differs_from(const journal::RunState& believed);

 private:
  void read();
  std::shared_ptr<const journal::Persons> persons_in(const std::string& bytes) const;

  std::shared_ptr<const Disk> disk_;
  std::string run_;
  std::vector<journal::Entry> entries_;
  std::set<std::pair<std::string, std::string>> seen_;
  journal::RunState state_;
};

}  // namespace muster::sim
