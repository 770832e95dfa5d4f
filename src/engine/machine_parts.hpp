// The parts of the machine, wired: its phases (machine.cpp), where guardrails stand (gates.cpp),
// its end (conclusion.cpp), and what comes of runs that died (takeover.cpp). Internal to engine/.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/effects.hpp"
#include "engine/findings.hpp"
#include "engine/guards.hpp"
#include "engine/machine.hpp"
#include "engine/preflight.hpp"
#include "engine/services.hpp"
#include "engine/steps.hpp"

namespace muster::engine {

/// The order of a run's phases; each function leads to the next.
struct Machine::Parts {
  plan::Plan plan;
  Core core;
  Effects effects;
  Preflight preflight;
  Services services;
  Conditions conditions;
  Limits limits;
  Guards guards;
  Steps steps;
  std::string stopped;  // why the method did not go to its end
  std::optional<Instant> stopped_at;
  std::function<void()> settled;  // ends the wait for the end of an outage
  bool reverting = false;         // no way back into the method
  bool services_on = false;
  bool concluded = false;  // by this process: the verdict of an earlier one may stand
  bool over = false;

  Parts(plan::Plan p, Settings settings)
      : plan{std::move(p)},
        core{plan, std::move(settings)},
        effects{core, [this](const std::string& why) { halt(why); }},
        preflight{core, effects, [this](const std::string& why) { halt(why); }},
        services{core},
        conditions{core, preflight, services},
        limits{core, preflight, [this](const std::string& why) { guarded(why); }},
        guards{core, conditions, [this](const std::string& why) { guarded(why); }},
        steps{
            core, effects, preflight, services, conditions, limits, [this](const std::string& why) {
              frozen(why);
            }} {}

  void open();
  void locked();
  void warm_up();
  void warm_up_over();
  void before_the_first_effect();
  void method();
  void guarded(const std::string& why);  // a guardrail stops it
  void frozen(const std::string& why);   // a calendar does
  void halt(const std::string& why);
  void hurry(const std::string& why);
  void undo();
  void settle();
  void read_back();
  void ends();
  void stop_services();
  void services_off();
  Findings measure();
  void conclude();
  void close();
  std::string request(const Request& request);  // "" when it was taken, else why not
  std::string abort(const Request& request);
  std::string stop_waiting(const Request& request);
  std::string gone(const Request& request);
  void declare_gone(const Request& request);
  void say_of_host(const Request& request, std::string_view what);
};

}  // namespace muster::engine
