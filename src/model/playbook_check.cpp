#include "model/playbook_check.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::model {
namespace {

/// The prober keeps at most 32 probes of a service unanswered; the next one is not sent, and a gap
/// widens every interval that is measured.
constexpr int kUnansweredMax = 31;
/// Of fewer, one bad probe decides alone whether the service is up.
constexpr int kProbesInWindow = 5;

void check_rhythm(const Service& service, Diagnostics& out) {
  if (service.timeout > service.every * kUnansweredMax)
    out.error(service.name.place,
              fmt::format("`{}` asks every {} and waits {} for each answer: more than {} probes "
                          "would be unanswered at once, and the next ones could not be sent",
                          *service.name, format_duration(service.every),
                          format_duration(service.timeout), kUnansweredMax),
              fmt::format("timeout: {} or less, or ask less often",
                          format_duration(service.every * kUnansweredMax)));
  // A window below `every` holds none: the reader has said so.
  if (service.up.window >= service.every && service.up.window < service.every * kProbesInWindow)
    out.error(service.name.place,
              fmt::format("`up` of `{}` looks at {}, which holds {} probes of every {}",
                          *service.name, format_duration(service.up.window),
                          service.up.window / service.every, format_duration(service.every)),
              fmt::format("let the window hold {} or more: up: … over {}", kProbesInWindow,
                          format_duration(service.every * kProbesInWindow)));
}

const Run* no_return_in(const Steps& steps) {
  const Run* found = nullptr;
  each_step(steps, [&](const Step& step) {
    const auto* run = std::get_if<Run>(&step.action);
    if (run && run->no_return && !found) found = run;
  });
  return found;
}

/// Whether it arms an undo, which a hold beside it may already have missed.
bool arms(const Step& step) {
  const auto* run = std::get_if<Run>(&step.action);
  return std::holds_alternative<Inject>(step.action) ||
         std::holds_alternative<Restore>(step.action) || (run && run->undo);
}

bool undoes(const Step& step) {
  return std::holds_alternative<Revert>(step.action) ||
         std::holds_alternative<Teardown>(step.action);
}

void check_branches(const Parallel& parallel, Diagnostics& out) {
  for (const auto& branch : parallel.branches) {
    if (!no_return_in(branch)) continue;
    for (const auto& other : parallel.branches) {
      if (&other == &branch) continue;
      each_step(other, [&](const Step& step) {
        if (arms(step))
          out.error(
              step.place,
              fmt::format("`{}` arms an undo in a branch beside a step of no return: it could "
                          "come after that step has put all undos on hold",
                          step.name),
              "put the step of no return behind the `parallel`");
        if (undoes(step))
          out.error(step.place,
                    fmt::format("`{}` undoes something in a branch beside a step of no return: it "
                                "would be chance whether that is undone or held",
                                step.name),
                    "put the step of no return behind the `parallel`");
      });
    }
  }
}

bool is_true(const Fields& with, std::string_view key) {
  const auto* value = find(with, key);
  const auto* text = value ? value->text() : nullptr;
  return text && text->written() == "true";
}

bool names(const std::vector<const Reference*>& references, const std::string& slot) {
  return std::any_of(references.begin(), references.end(),
                     [&](const auto* one) { return one->root() == slot; });
}

/// Points clients at the slot's host, or goes past the return.
bool leads_clients_to(const Run& run, const std::string& slot) {
  if (run.no_return) return true;
  return std::any_of(run.command.argv.begin(), run.command.argv.end(),
                     [&](const Text& text) { return names(text.references(), slot); });
}

/// `teardown` of a promoted copy, after a step that has led clients to it.
class Teardowns {
 public:
  explicit Teardowns(Diagnostics& out) : out_(out) {}

  void on(const Step& step) {
    if (const auto* restore = std::get_if<Restore>(&step.action);
        restore && step.target && is_true(restore->with, "promote"))
      served_.push_back({step.id, step.target->value, ""});
    if (const auto* run = std::get_if<Run>(&step.action))
      for (auto& one : served_)
        if (one.led_by.empty() && leads_clients_to(*run, one.slot)) one.led_by = step.name;
    if (const auto* teardown = std::get_if<Teardown>(&step.action))
      for (const auto& one : served_)
        if (one.step == *teardown->step && !one.led_by.empty())
          out_.error(
              teardown->step.place,
              fmt::format("`{}` was promoted, and `{}` leads clients to it: it would be torn "
                          "down beneath them",
                          one.step, one.led_by),
              "remove the teardown, or lead the clients away and tear down by hand");
  }

 private:
  struct Served {
    std::string step, slot, led_by;
  };
  Diagnostics& out_;
  std::vector<Served> served_;
};

/// `revert` and `teardown` of what a step of no return, between the two, has put on hold.
class Holds {
 public:
  explicit Holds(Diagnostics& out) : out_(out) {}

  void on(const Step& step) {
    const auto* restore = std::get_if<Restore>(&step.action);
    // Of a promoted copy Teardowns tells more.
    if (arms(step) && !(restore && is_true(restore->with, "promote")))
      live_.push_back({step.id, ""});
    if (const auto* run = std::get_if<Run>(&step.action); run && run->no_return)
      for (auto& one : live_)
        if (one.held_by.empty()) one.held_by = step.name;
    if (const auto* revert = std::get_if<Revert>(&step.action)) refuse(revert->step);
    if (const auto* teardown = std::get_if<Teardown>(&step.action)) refuse(teardown->step);
  }

 private:
  struct Live {
    std::string step, held_by;
  };
  void refuse(const Located<std::string>& id) {
    for (const auto& one : live_)
      if (one.step == *id && !one.held_by.empty())
        out_.error(id.place,
                   fmt::format("`{}` is held by the step of no return `{}`: it cannot be undone "
                               "after that one",
                               one.step, one.held_by),
                   "undo it before that step, or leave it in place: what is held is listed in the "
                   "report");
  }
  Diagnostics& out_;
  std::vector<Live> live_;
};

/// By itself, or by the person whom it asks.
bool may_cause_an_outage(const Step& step) {
  return std::visit(
      [](const auto& action) {
        using A = std::decay_t<decltype(action)>;
        return !(std::is_same_v<A, Restore> || std::is_same_v<A, Revert> ||
                 std::is_same_v<A, Teardown> || std::is_same_v<A, Check> ||
                 std::is_same_v<A, Wait> || std::is_same_v<A, Tell> || std::is_same_v<A, Pause> ||
                 std::is_same_v<A, Mark> || std::is_same_v<A, Parallel> ||
                 std::is_same_v<A, Approve>);
      },
      step.action);
}

}  // namespace

void check_playbook(const Playbook& playbook, Diagnostics& out) {
  for (const auto& service : playbook.services) check_rhythm(service, out);
  Teardowns teardowns{out};
  Holds holds{out};
  each_step(playbook.steps, [&](const Step& step) {
    if (const auto* parallel = std::get_if<Parallel>(&step.action)) check_branches(*parallel, out);
    teardowns.on(step);
    holds.on(step);
  });
}

void check_limits(const Drill& drill, Diagnostics& out) {
  bool possible = false;
  Duration pauses{};
  each_step(drill.playbook.steps, [&](const Step& step) {
    possible = possible || may_cause_an_outage(step);
    if (const auto* pause = std::get_if<Pause>(&step.action))
      pauses = std::max(pauses, pause->length);
  });
  const auto& most = drill.guardrails.max_duration;
  if (most && pauses >= **most)
    out.error(most->place,
              fmt::format("`max_duration` of {} ends the run within a pause of {}",
                          format_duration(**most), format_duration(pauses)),
              "allow more, or pause less");
  for (const auto& service : drill.playbook.services) {
    if (!possible && service.outage == Outage::expected)
      out.error(
          service.name.place,
          fmt::format("`{}` expects an outage, and no step could cause one: the drill would be "
                      "INVALID",
                      *service.name),
          "outage: tolerated, or a step that injects, runs or asks for something");
    if (most && service.warm_up >= **most)
      out.error(
          most->place,
          fmt::format("`max_duration` of {} ends the run while `{}` still warms up for {}",
                      format_duration(**most), *service.name, format_duration(service.warm_up)),
          "allow more, or warm up for less");
  }
}

}  // namespace muster::model
