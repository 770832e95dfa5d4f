#include "engine/steps.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "journal/kinds.hpp"
#include "plan/calls.hpp"

namespace muster::engine {

namespace kinds = journal::kinds;
using journal::StepStatus;

namespace {

StepStatus status_of(const Core& core, const std::string& id) {
  const auto it = core.state().steps.find(id);
  return it == core.state().steps.end() ? StepStatus::waiting : it->second.status;
}

bool is_no_return(const plan::Step& step) {
  const auto* run = std::get_if<plan::Run>(&step.action);
  return run && run->no_return;
}

}  // namespace

void Steps::run(const std::vector<plan::Step>& steps, std::function<void()> on_done,
                std::function<void(const std::string&)> on_stop) {
  steps_ = &steps;
  on_done_ = std::move(on_done);
  on_stop_ = std::move(on_stop);
  running_ = true;
  start_ready();
}

void Steps::start_ready() {
  // Starting one step may finish it at once (a mark), and so make another ready: until nothing
  // moves.
  for (bool moved = true; moved && running_;) {
    moved = false;
    for (const auto& step : *steps_) {
      if (!running_ || status_of(core_, step.id) != StepStatus::waiting) continue;
      const bool ready = std::all_of(step.after.begin(), step.after.end(), [&](std::size_t i) {
        return journal::is_over(status_of(core_, (*steps_)[i].id));
      });
      if (!ready) continue;
      // Whoever watches the calendars looks every few seconds: that is too late for what begins
      // now.
      if (frozen()) return;
      start(step);
      moved = true;
    }
  }
  if (!running_ || !under_.empty()) return;
  running_ = false;
  on_done_();
}

bool Steps::frozen() {
  const auto& ask = core_.settings().frozen;
  const auto why = ask ? ask() : std::string{};
  if (why.empty()) return false;
  on_frozen_(why);
  return true;
}

void Steps::start(const plan::Step& step) {
  journal::Draft d = Core::draft(kinds::kStepStarted);
  d.step = step.id;
  d.data = Json{{"word", plan::word_of(step.action)}, {"no_return", is_no_return(step)}};
  core_.record(std::move(d));
  Under& under = under_[step.id];
  under.step = &step;
  // A person has its own way of being late (escalate, proceed): who asks them sets that time limit.
  if (!std::holds_alternative<plan::Ask>(step.action) &&
      !std::holds_alternative<plan::Approve>(step.action))
    under.deadline = core_.at(core_.now() + step.within, [this, id = step.id] {
      if (under_way(id)) out_of_time(id);
    });
  std::visit([&](const auto& action) { begin(step.id, action); }, step.action);
}

void Steps::finish(const Id& id, Ending ending) {
  auto node = under_.extract(id);
  if (node.empty()) return;  // stopped, or out of time, before its answer came
  Under& under = node.mapped();
  core_.cancel(under.deadline);
  if (under.listener) services_.unlisten(*under.listener);
  static constexpr std::string_view kNames[] = {"passed", "failed", "unknown", "skipped"};
  journal::Draft d = Core::draft(kinds::kStepFinished);
  d.step = id;
  d.outcome = kNames[static_cast<std::size_t>(ending.how)];
  d.data = Json::object();
  for (const auto& [key, text] : {std::pair{"why", &ending.why},
                                  {"evidence", &ending.evidence},
                                  {"output", &ending.output},
                                  {"mark", &ending.mark}})
    if (!text->empty()) d.data[key] = evidence_text(*text);
  if (under.flow && ending.restore.is_null())
    ending.restore = catalogue::to_json(under.flow->outcome());
  if (!ending.restore.is_null()) d.data["restore"] = std::move(ending.restore);
  core_.record(std::move(d));
  const bool bad = ending.how == How::failed || ending.how == How::unknown;
  if (!running_) return;
  // What cannot be taken back may yet happen: nothing is injected into that, whatever was asked
  // for.
  const bool may_happen = ending.how == How::unknown && core_.state().steps.at(id).no_return;
  if ((bad && under.step->stop_on_failure) || may_happen) {
    const std::string why = fmt::format("step \"{}\": {}", under.step->name, ending.why);
    stop(why);
    return on_stop_(why);
  }
  start_ready();
}

void Steps::stop(const std::string& why) {
  if (!running_) return;
  running_ = false;
  std::vector<Id> open;
  for (const auto& [id, under] : under_) open.push_back(id);
  for (const auto& id : open) finish(id, {How::unknown, "stopped: " + why, {}, {}, {}, {}});
  for (const auto& step : *steps_)
    if (status_of(core_, step.id) == StepStatus::waiting) {
      journal::Draft d = Core::draft(kinds::kStepFinished);
      d.step = step.id;
      d.outcome = "skipped";
      d.data = Json{{"why", "the drill was stopped before it"}};
      core_.record(std::move(d));
    }
}

// Commands
// -------------------------------------------------------------------------------------------------

void Steps::begin(const Id& id, const plan::Run& action) {
  auto argv = plan::resolve(action.argv, core_.bindings());
  if (!argv) return fail(id, argv.error().what);
  // Secrets stay names here: whoever sends fills them in.
  auto input = plan::resolve_but_secrets(action.standard_input, core_.bindings());
  if (!input) return fail(id, input.error().what);
  if (!action.no_return) {
    auto undo = plan::resolve(action.undo, core_.bindings());
    if (!undo) return fail(id, undo.error().what);
    auto values = plan::command_values(*argv, *undo);
    return limits_.look([this, id, &action, values = std::move(values), input = *input] {
      if (under_way(id))
        effect_on_all(id, action.slot, core_.plan().scripts.at("command"), values, input);
    });
  }
  effects_.hold_all([this, id] { return under_way(id); },
                    [this, id, slot = action.slot, argv = *argv, input = *input](
                        bool ok, const std::string& why) {
                      if (!under_way(id)) return;
                      if (!ok) return fail(id, why);
                      // Holding took its time, and there is no return from what comes now.
                      if (frozen()) return;
                      run_for_good(id, slot, argv, input);
                    });
}

void Steps::run_for_good(const Id& id, const std::string& slot,
                         const std::vector<std::string>& argv, const std::string& standard_input) {
  struct Tally {
    std::size_t left;
    Ending worst;
  };
  // From here on what is held stays held, also when this process dies before the command is sent.
  journal::Draft d = Core::draft(kinds::kStepNoReturn);
  d.step = id;
  core_.record(std::move(d));
  const auto& hosts = targets_.hosts_of(slot);
  auto tally = std::make_shared<Tally>();
  tally->left = hosts.size();
  for (const auto& host : hosts) {
    ports::Call call;
    call.host = core_.plan().hosts.at(host).address;
    call.verb = ports::Verb::command;
    call.long_job = true;
    call.argv = argv;
    call.standard_input = standard_input;
    call.within = under_.at(id).step->within;
    const auto sent = [this, id, host, tally](const ports::Answer& answer) {
      if (answer.said == ports::Said::yes) {
        tally->worst.output += answer.output;
      } else {
        const bool told = answer.said == ports::Said::no;
        // One that may have happened weighs more than one that is known to have failed.
        if (!told || tally->worst.how != How::unknown)
          tally->worst = {told ? How::failed : How::unknown,
                          told ? fmt::format("on {} it ended with status {}", host, answer.status)
                               : fmt::format("on {}: {}; it may have happened", host,
                                             ports::name_of(answer.said)),
                          {},
                          answer.output,
                          {},
                          {}};
      }
      if (--tally->left == 0) finish(id, tally->worst);
    };
    no_return_calls_[id].insert(core_.call(std::move(call), false, sent));
  }
}

void Steps::not_done(const std::set<ActionId>& calls) {
  for (const auto& [step, ids] : no_return_calls_)
    if (std::includes(calls.begin(), calls.end(), ids.begin(), ids.end())) effects_.not_taken(step);
}

// Small words
// ----------------------------------------------------------------------------------------------

void Steps::begin(const Id& id, const plan::Tell& action) {
  auto text = plan::resolve(action.text, core_.bindings());
  if (!text) return fail(id, text.error().what);
  Ending ending;
  ending.output = *text;
  finish(id, std::move(ending));
}

void Steps::begin(const Id& id, const plan::Pause& action) {
  core_.at(core_.now() + action.length, [this, id] { finish(id, {}); });
}

void Steps::begin(const Id& id, const plan::Mark& action) {
  Ending ending;
  ending.mark = action.moment;
  finish(id, std::move(ending));
}

}  // namespace muster::engine
