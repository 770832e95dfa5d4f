// What stands under `with:` of an `inject` or `restore` step, made from the catalogue's own
// parameters.
#pragma once
#include <vector>

#include "catalogue/fault.hpp"
#include "model/shapes.hpp"

namespace muster::model {

/// Those of its parameters that a playbook gives: a guardian's commands are the inventory's
/// business.
std::vector<catalogue::Parameter> given_parameters(const catalogue::Fault& fault);

/// nullptr when there is none of that name. Static.
const Shape* fault_shape(std::string_view fault);
const Shape* restore_shape(std::string_view provider);

/// The words after `inject:` and `restore:`.
std::vector<std::string> fault_names();
std::vector<std::string> restore_names();

/// "when `inject` says disk.fill, `with` is …", for each of them.
std::vector<config::Case> fault_cases();
std::vector<config::Case> restore_cases();

}  // namespace muster::model
