#include "config/yaml.hpp"

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>

#include "config/tree_builder.hpp"

namespace muster::config {

std::optional<Node> parse_yaml(const std::shared_ptr<const Source>& source, Dialect dialect,
                               Diagnostics& out) {
  TreeBuilder builder{source, dialect, out};
  try {
    std::istringstream in{source->text()};
    YAML::Parser parser{in};
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const TreeBuilder::Stop&) {
    return std::nullopt;
  } catch (const YAML::Exception& e) {
    out.error(builder.place(e.mark), "not YAML: " + e.msg);
    return std::nullopt;
  }
  return builder.take();
}

}  // namespace muster::config
