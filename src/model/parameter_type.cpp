#include "model/parameter_type.hpp"

namespace muster::model {
namespace {

using namespace config;

Type whole_number(const catalogue::Parameter& parameter) {
  using Limits = std::numeric_limits<std::int64_t>;
  Type type = integer();
  if (parameter.least != Limits::min()) type.least = parameter.least;
  if (parameter.most != Limits::max()) type.most = parameter.most;
  return type;
}

}  // namespace

Type type_of(const catalogue::Parameter& parameter) {
  using P = catalogue::ParameterType;
  if (!parameter.words.empty()) return either({word(parameter.words), reference()});
  switch (parameter.type) {
    case P::string:
      return insertion();
    case P::path:
      return insertion("/an/absolute/path", "^/|\\$\\{");
    case P::integer:
      return either({whole_number(parameter), reference()});
    case P::boolean:
      return either({boolean(), word({"true", "false"}), reference()});
    case P::duration:
      return either({duration(), reference()});
    case P::size:
      return either({size(), reference()});
    case P::percent:
      return either({share(), reference()});
    case P::time:
      return insertion("2026-11-22T21:15:05Z, latest", "^latest$|^[0-9]{4}-[0-9]{2}-|\\$\\{");
    case P::list:
      return either({list(either({insertion(), named(insertion())})), insertion()});
    case P::address:
      return insertion("host:port", "^.+:[0-9]+$|\\$\\{");
    case P::url:
      return insertion("http://…", "^https?://|\\$\\{");
    case P::command:
      return command();
  }
  return value();
}

Key key_of(const catalogue::Parameter& parameter) {
  return {
      parameter.name, type_of(parameter), {parameter.required, parameter.fallback}, parameter.help};
}

}  // namespace muster::model
