#include "adapters/lab/shapes.hpp"

namespace muster::lab {
namespace {

using namespace config;

Shape made(std::string name, std::string what, std::string help, std::vector<Key> keys) {
  Shape shape;
  shape.name = std::move(name);
  shape.what = std::move(what);
  shape.help = std::move(help);
  shape.keys = std::move(keys);
  return shape;
}

Type script_name() {
  return text("a script beside this file", "^[a-z0-9][A-Za-z0-9._-]{0,63}$");
}

}  // namespace

const Shape& definition_shape() {
  static const Shape shape = made(
      "lab", "a lab", "Real Debian hosts on this machine, to try drills on.",
      {{"lab", text("orders", "^[a-z0-9][a-z0-9-]{0,9}$"), kRequired, "its name"},
       {"network", text("10.231.77.0/24", "^[0-9.]+/[0-9]+$"), kRequired, "a private network"},
       {"controller", text("10.231.77.1", "^[0-9.]+$"), kRequired,
        "this machine's own address in it"},
       {"disk", size(), kRequired, "of each node: as much as it can ever fill; 256MiB to 1TiB"},
       {"base", map(base_shape), kRequired, "the root file system that all nodes share"},
       {"nodes", named(map(node_shape)), kRequired, "1 to 32 hosts"},
       {"afterwards", list(map(node_script_shape)), kOptional,
        "once, one after the other, when every node is provisioned"},
       {"ready", list(map(node_script_shape)), kOptional,
        "after every boot of the lab: each waits until something serves"}});
  return shape;
}

const Shape& base_shape() {
  static const Shape shape =
      made("lab.base", "the base of a lab", "Made once, and kept.",
           {{"suite", text("bookworm", "^[a-z0-9][a-z0-9-]{0,31}$"), kRequired, "of Debian"},
            {"packages", texts(), kOptional, "Debian's packages to install"},
            {"script", script_name(), kOptional, "run as root in it when it is made"}});
  return shape;
}

const Shape& node_shape() {
  static const Shape shape =
      made("lab.node", "a node", "One host.",
           {{"address", text("10.231.77.11", "^[0-9.]+$"), kRequired, "in the lab's network"},
            {"provision", texts(), kOptional,
             "scripts beside this file, run as root in this order; nodes side by side"}});
  return shape;
}

const Shape& node_script_shape() {
  static const Shape shape = made("lab.script", "a script on a node", "Run as root.",
                                  {{"node", text(), kRequired, "the name of a node"},
                                   {"script", script_name(), kRequired, "which one"}});
  return shape;
}

const FileKind& file_kind() {
  static const FileKind kind{"lab", "A lab", "inventory/lab/lab.yaml", map(definition_shape)};
  return kind;
}

}  // namespace muster::lab
