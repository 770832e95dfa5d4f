// `keep` and `at_most`: before each effect the hosts that the plan's limits count are asked anew,
// and the effect is begun only when with it every limit still holds. What counts as healthy is told
// in docs/guardrails.md. Internal to engine/.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/core.hpp"
#include "engine/preflight.hpp"

namespace muster::engine {

class Limits {
 public:
  /// `on_refused`: an effect may not be begun; the drill is to be stopped.
  Limits(Core& core, const Preflight& targets, std::function<void(const std::string&)> on_refused)
      : core_{core}, targets_{targets}, on_refused_{std::move(on_refused)} {}

  /// After the locks are taken, and before anything is touched: what is amiss already, and each
  /// step that could not be allowed as things are now.
  void preflight(std::function<void(std::vector<std::string> problems)> done);

  /// Asks all that are counted, those excepted that this run has hit itself; those too, when their
  /// effect ends meanwhile. Without limits `then` is called at once.
  void look(std::function<void()> then);

  /// By the last look, and all that this run has announced until now: may these be hit too? Records
  /// what was counted. False: on_refused has been called. Who is admitted announces its effects
  /// before it returns to the machine, so that two branches cannot count the same host twice.
  bool admit(const std::string& step, const std::vector<std::string>& hosts);

 private:
  /// Who cannot be counted on, and why; of a question of `keep` by the limit's index. Who was not
  /// asked cannot be counted on, either.
  struct Seen {
    std::uint64_t look = 0;  // the how manyth it was
    std::set<std::string> asked;
    std::map<std::string, std::string> down;
    std::map<std::size_t, std::map<std::string, std::string>> ill;
  };
  struct Look;
  struct Count {
    std::map<std::string, std::string> down;  // members, each with why
    std::size_t would_be = 0;                 // keep: healthy then; at_most: hit or down then
    bool fits = true;
  };
  Count count(std::size_t index, const std::vector<std::string>& hit) const;
  std::string why_down(std::size_t index, const std::string& host) const;
  std::string own_effect_on(const std::string& host) const;
  std::string judged(const std::string& host, const ports::Answer& answer) const;
  /// "" when all limits hold with these hit; records the counting.
  std::string record_counts(const std::string& step, const std::vector<std::string>& hit);
  std::vector<std::string> ask_which(const Seen& seen) const;
  void ask(const std::shared_ptr<Look>& look);
  void ask(const std::shared_ptr<Look>& look, const std::string& host,
           const std::function<void()>& answered);

  Core& core_;
  const Preflight& targets_;
  std::function<void(const std::string&)> on_refused_;
  Seen seen_;
  std::uint64_t looks_ = 0;
};

}  // namespace muster::engine
