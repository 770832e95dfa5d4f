// Small plans for the simulated fleet, made by hand: what the loader would make of a drill's file.
#pragma once
#include <initializer_list>
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace muster::sim {

/// Hosts db1, db2, lb1 and the controller; slots primary (found by its role), standby, front, both;
/// the role dba (chen, deputy dee); the scripts of the catalogue's faults as far as the fleet knows
/// them.
plan::Plan bare_plan();
/// The same with the service "orders" (with a ledger) and an RTO of 2 min.
plan::Plan orders_plan();

/// One after the other, unless `beside`. Ids as given, or s1, s2, …
plan::Plan with_steps(plan::Plan plan, std::vector<plan::Step> steps);

plan::Step inject(const std::string& fault, const std::string& slot = "primary");
plan::Step revert(const std::string& step);
plan::Step run_undo(const std::string& slot, std::vector<std::string> argv,
                    std::vector<std::string> undo);
plan::Step no_return(const std::string& slot, std::vector<std::string> argv);
plan::Step check(plan::Condition condition);
plan::Step wait_for(plan::Condition condition, Duration within = std::chrono::minutes{2});
plan::Step ask(plan::Late late, std::optional<std::string> fallback = std::nullopt);
plan::Step tell(const std::string& text);
plan::Step pause(Duration length);
plan::Step mark(const std::string& moment);

plan::Condition service_is(bool up);
plan::Condition probe_is(bool up);
plan::Condition command_holds(const std::string& slot, std::vector<std::string> argv);

plan::Step named(plan::Step step, const std::string& id);
plan::Step within(plan::Step step, Duration limit);
plan::Step go_on(plan::Step step);  // on_failure: continue
plan::Step beside(
    plan::Step step);  // a branch parallel to the step before it; the next one waits for all

/// The backups come back on the standby; the copy is removed.
plan::Plan restore_test();
plan::Step restore(const std::string& slot, std::map<std::string, std::string> values);
/// The drill of the README: lose the primary, ask, promote the standby, switch the front door,
/// wait.
plan::Plan primary_loss();

}  // namespace muster::sim
