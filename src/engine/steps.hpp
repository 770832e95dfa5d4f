// Runs the step graph: what is ready starts, what ends is recorded, and the first failure that must
// stop the drill stops it. One small function an action word. Internal to engine/.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalogue/restore.hpp"
#include "engine/conditions.hpp"
#include "engine/core.hpp"
#include "engine/effects.hpp"
#include "engine/limits.hpp"
#include "engine/preflight.hpp"
#include "engine/services.hpp"

namespace muster::engine {

/// Acknowledgements of one step.
inline constexpr std::size_t kAcksMax = 20;

class Steps {
 public:
  /// `on_frozen`: nothing may be begun any more; the drill is to be stopped.
  Steps(Core& core, Effects& effects, Preflight& targets, Services& services,
        Conditions& conditions, Limits& limits, std::function<void(const std::string&)> on_frozen)
      : core_{core},
        effects_{effects},
        targets_{targets},
        services_{services},
        conditions_{conditions},
        limits_{limits},
        on_frozen_{std::move(on_frozen)} {}

  /// `on_done`: all are over. `on_stop`: one failed and must stop the drill.
  void run(const std::vector<plan::Step>& steps, std::function<void()> on_done,
           std::function<void(const std::string& why)> on_stop);
  /// What has not begun is skipped, what is under way is no longer waited for.
  void stop(const std::string& why);
  /// The record is lost, and these calls with it.
  void not_done(const std::set<ActionId>& calls);
  /// What a person does to a step that asks. Empty when it was taken, else why not.
  std::string take(const Request& request);
  bool running() const { return running_; }

 private:
  enum class How { passed, failed, unknown, skipped };
  struct Ending {
    How how = How::passed;
    std::string why;
    std::string evidence;
    std::string output;
    std::string mark;
    Json restore;
  };
  struct Under {
    const plan::Step* step = nullptr;
    Core::Timer deadline{};
    std::optional<std::uint64_t> listener;
    std::unique_ptr<catalogue::RestoreFlow> flow;
    bool escalated = false;
    std::optional<Ending> last;  // what a wait was told last
  };
  using Id = std::string;

  void start_ready();
  void start(const plan::Step& step);
  /// Looks at the freezes. True: on_frozen has been called.
  bool frozen();
  bool under_way(const Id& id) const { return under_.contains(id); }
  void finish(const Id& id, Ending ending);
  void fail(const Id& id, const std::string& why) {
    finish(id, {How::failed, why, {}, {}, {}, {}});
  }

  void begin(const Id& id, const plan::Inject& action);
  void begin(const Id& id, const plan::Revert& action);
  void begin(const Id& id, const plan::Restore& action);
  void begin(const Id& id, const plan::Teardown& action);
  void begin(const Id& id, const plan::Check& action);
  void begin(const Id& id, const plan::Wait& action);
  void begin(const Id& id, const plan::Run& action);
  void begin(const Id& id, const plan::Ask& action);
  void begin(const Id& id, const plan::Approve& action);
  void begin(const Id& id, const plan::Tell& action);
  void begin(const Id& id, const plan::Pause& action);
  void begin(const Id& id, const plan::Mark& action);

  void inject_now(const Id& id, const plan::Inject& action,
                  std::map<std::string, std::string> bound);
  void effect_on_all(const Id& id, const std::string& slot, const plan::Script& script,
                     std::map<std::string, std::string> values,
                     const std::string& standard_input = {});
  void undo_effects_of(const Id& id, const Id& of);
  void wait_for_service(const Id& id, const plan::ServiceIs& condition);
  void run_for_good(const Id& id, const std::string& slot, const std::vector<std::string>& argv,
                    const std::string& standard_input);

  static Ending ending_of(const Told& told);
  void poll(const Id& id, const plan::Condition& condition);
  void out_of_time(const Id& id);

  void restore_now(const Id& id, const plan::Restore& action,
                   const std::map<std::string, std::string>& bound);
  void restore_next(const Id& id, const std::string& effect, catalogue::RestoreNext next);
  void restore_ask(const Id& id, const std::string& effect, catalogue::RestoreQuestion question);

  void ask_person(const Id& id, const plan::Ask& action, const std::string& person,
                  const std::string& escalated_from);
  void nobody_answered(const Id& id);
  void answered(const Id& id, const std::map<std::string, std::string>& answers,
                const journal::Doer& by, bool late);
  std::string acknowledge(const Request& request, const journal::Doer& by);
  std::string skip(const Request& request, const plan::Ask& action, const journal::Doer& by);
  std::string answer(const Request& request, const plan::Ask& action, const journal::Doer& by);

  // approvals.cpp
  void ask_for_signatures(const Id& id, const plan::Approve& action, bool again);
  void too_few_signed(const Id& id);
  std::string take_approval(const Request& request, const plan::Approve& wanted);

  Core& core_;
  Effects& effects_;
  Preflight& targets_;
  Services& services_;
  Conditions& conditions_;
  Limits& limits_;
  std::function<void(const std::string&)> on_frozen_;
  const std::vector<plan::Step>* steps_ = nullptr;
  std::function<void()> on_done_;
  std::function<void(const std::string&)> on_stop_;
  std::map<Id, Under> under_;
  std::map<Id, std::set<ActionId>> no_return_calls_;
  bool running_ = false;
};

}  // namespace muster::engine
