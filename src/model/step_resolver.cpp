// Which step a `revert` or a `teardown` means.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "model/step_reader.hpp"

namespace muster::model {
namespace {

struct Seen {
  std::vector<std::string> injects;
  std::vector<std::string> restores;
};

bool contains(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

class Resolver {
 public:
  explicit Resolver(Diagnostics& out) : out_(out) {}

  void walk(Steps& steps, Seen& seen) {
    for (auto& step : steps) {
      const auto [first, fresh] = lines_.try_emplace(step.id, step.place.line);
      if (!fresh)
        out_.error(step.place, fmt::format("two steps have the id `{}`", step.id),
                   fmt::format("the other is in line {}", first->second));
      if (std::holds_alternative<Inject>(step.action)) seen.injects.push_back(step.id);
      if (std::holds_alternative<Restore>(step.action)) seen.restores.push_back(step.id);
      if (auto* revert = std::get_if<Revert>(&step.action))
        refer(revert->step, seen.injects, "inject");
      if (auto* teardown = std::get_if<Teardown>(&step.action)) {
        mean_the_only_one(*teardown, seen);
        refer(teardown->step, seen.restores, "restore");
      }
      if (auto* parallel = std::get_if<Parallel>(&step.action)) branches(*parallel, seen);
    }
  }

 private:
  /// `teardown: restore`, where there is one restore step.
  static void mean_the_only_one(Teardown& teardown, const Seen& seen) {
    if (*teardown.step == "restore" && !contains(seen.restores, "restore") &&
        seen.restores.size() == 1)
      teardown.step.value = seen.restores.front();
  }

  void refer(const Located<std::string>& id, const std::vector<std::string>& right,
             std::string_view word) {
    if (!contains(right, *id))
      out_.unknown(id.place, fmt::format("`{}` is the id of no earlier `{}` step", *id, word), *id,
                   right);
  }

  /// A branch sees what came before and its own steps; what follows sees all of them.
  void branches(Parallel& parallel, Seen& seen) {
    const Seen earlier = seen;
    for (auto& branch : parallel.branches) {
      Seen own = earlier;
      walk(branch, own);
      for (std::size_t i = earlier.injects.size(); i < own.injects.size(); ++i)
        seen.injects.push_back(own.injects[i]);
      for (std::size_t i = earlier.restores.size(); i < own.restores.size(); ++i)
        seen.restores.push_back(own.restores[i]);
    }
  }

  Diagnostics& out_;
  std::map<std::string, std::uint32_t> lines_;
};

}  // namespace

void resolve_steps(Steps& steps, Steps& ends, Diagnostics& out) {
  Seen seen;
  Resolver resolver{out};
  resolver.walk(steps, seen);
  resolver.walk(ends, seen);
}

}  // namespace muster::model
