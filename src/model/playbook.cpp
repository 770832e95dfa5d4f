#include "model/playbook.hpp"

#include "model/drill.hpp"
#include "model/workspace.hpp"

namespace muster::model {
namespace {

/// Of things that are found by a member: nullptr when nobody has that name.
template <class List, class Name>
auto found(const List& list, Name name, std::string_view wanted) -> const
    typename List::value_type* {
  for (const auto& one : list)
    if (*(one.*name) == wanted) return &one;
  return nullptr;
}

const Step* step_in(const Steps& steps, std::string_view id) {
  for (const auto& step : steps) {
    if (step.id == id) return &step;
    if (const auto* parallel = std::get_if<Parallel>(&step.action))
      for (const auto& branch : parallel->branches)
        if (const auto* inner = step_in(branch, id)) return inner;
  }
  return nullptr;
}

}  // namespace

const std::vector<std::string>& slot_fields() {
  static const std::vector<std::string> fields{"name", "address", "user", "port", "zone"};
  return fields;
}

const Input* Playbook::input(std::string_view wanted) const {
  return found(inputs, &Input::name, wanted);
}
const Slot* Playbook::slot(std::string_view wanted) const {
  return found(slots, &Slot::name, wanted);
}
const Service* Playbook::service(std::string_view wanted) const {
  return found(services, &Service::name, wanted);
}
const Step* Playbook::step(std::string_view id) const {
  return step_in(steps, id);
}

const ServiceObjective* Objectives::service(std::string_view name) const {
  return found(services, &ServiceObjective::service, name);
}

const Fill* Drill::fill(std::string_view slot) const {
  return found(fills, &Fill::slot, slot);
}
const RoleHolder* Drill::role(std::string_view wanted) const {
  return found(roles, &RoleHolder::role, wanted);
}
const GivenInput* Drill::input(std::string_view wanted) const {
  for (const auto& given : inputs)
    if (given.name == wanted) return &given;
  return nullptr;
}

const Drill* Workspace::drill(std::string_view name) const {
  return found(drills, &Drill::name, name);
}

}  // namespace muster::model
