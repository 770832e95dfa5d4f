#include "plan/calls.hpp"

#include <fmt/format.h>

namespace muster::plan {

void each_slot_use(const Plan& plan,
                   const std::function<void(const std::string& slot, const Script* script)>& use) {
  const auto condition = [&](const Condition& c) {
    if (const auto* holds = std::get_if<CommandHolds>(&c)) use(holds->slot, nullptr);
  };
  for (const auto* steps : {&plan.steps, &plan.ends})
    for (const auto& step : *steps) {
      if (const auto* a = std::get_if<Inject>(&step.action))
        use(a->slot, &plan.scripts.at(a->fault));
      if (const auto* a = std::get_if<Restore>(&step.action))
        use(a->slot, &plan.scripts.at(a->provider));
      if (const auto* a = std::get_if<Run>(&step.action))
        use(a->slot, a->undo.empty() ? nullptr : &plan.scripts.at("command"));
      if (const auto* a = std::get_if<Check>(&step.action)) condition(a->condition);
      if (const auto* a = std::get_if<Wait>(&step.action)) condition(a->condition);
    }
  for (const auto& guard : plan.guards) condition(guard.condition);
}

Duration effect_cap(const Plan& plan, Duration lease) {
  return plan.max_duration + lease + std::chrono::minutes{5};
}

std::vector<std::string> role_argv(const RoleQuestion& question) {
  if (!question.argv.empty()) return question.argv;
  // On the host itself and as the database's own user: it asks this server, not whoever answers its
  // address.
  return {"sh", "-c", R"sh([ "$(runuser -u postgres -- psql -XAtqc "$0")" = t ])sh", question.sql};
}

void put_list(std::map<std::string, std::string>& values, const std::string& name,
              const std::vector<std::string>& words) {
  values[name + "_count"] = std::to_string(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) values[fmt::format("{}_{}", name, i)] = words[i];
}

std::map<std::string, std::string> command_values(const std::vector<std::string>& argv,
                                                  const std::vector<std::string>& undo) {
  std::map<std::string, std::string> values;
  put_list(values, "do", argv);
  put_list(values, "undo", undo);
  return values;
}

}  // namespace muster::plan
