// Drafts and logs to test with.
#pragma once
#include <string>
#include <vector>

#include "journal/entry.hpp"
#include "journal/kinds.hpp"
#include "journal/tree.hpp"

namespace muster::test {

inline journal::Context a_run(std::string run = "20261122-211505-3f9a0c") {
  journal::Context c;
  c.drill = "orders-primary-loss";
  c.run = std::move(run);
  c.boot_id = "b0071d";
  c.epoch = 1;
  c.actor = {"unix:ana", "uid", "os", ""};
  return c;
}

inline journal::Draft a_draft(std::string_view action, std::string step = {}) {
  journal::Draft d;
  d.ts = wall_time(1'795'382'105'482'787'000);
  d.at = instant(9'100'000'000'000'000);  // 105 days up: above 2^53 ns
  d.action = action;
  d.step = std::move(step);
  return d;
}

/// A log of `count` steps, well chained.
inline std::vector<std::string> a_log(int count, const journal::Context& context = a_run()) {
  std::vector<std::string> log;
  Digest prev;
  for (int i = 0; i < count; ++i) {
    auto bytes = journal::seal(a_draft(journal::kinds::kStepStarted, "step-" + std::to_string(i)),
                               context, static_cast<std::uint64_t>(i), prev);
    prev = journal::leaf_hash(*bytes);
    log.push_back(std::move(*bytes));
  }
  return log;
}

}  // namespace muster::test
