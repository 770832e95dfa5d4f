#include "plan/playbook_alone.hpp"

#include "plan/compiler.hpp"

namespace muster::plan {
namespace {

/// Something that fits the type; "" for text, which stays open.
std::string some(model::ValueType type) {
  using enum model::ValueType;
  switch (type) {
    case integer:
      return "1";
    case boolean:
      return "true";
    case duration:
      return "1s";
    case size:
      return "1MiB";
    case time:
      return "latest";
    case string:
    case list:
      break;
  }
  return "";
}

}  // namespace

void check_alone(const model::Playbook& playbook, const model::Secrets& secrets,
                 config::Diagnostics& out) {
  model::LoadedDrill loaded;
  loaded.secrets = secrets;
  auto& drill = loaded.drill;
  drill.name = playbook.name;
  drill.playbook = playbook;
  for (const auto& input : playbook.inputs)
    if (input.preset)
      drill.inputs.push_back({*input.name, input.type, *input.preset});
    else if (const auto value = some(input.type); !value.empty())
      drill.inputs.push_back(
          {*input.name, input.type, {input.name.place, model::Text{value, input.name.place}}});
  Compiler{loaded, {}, out}.run();
}

}  // namespace muster::plan
