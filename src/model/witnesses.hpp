// Who else is told the record's checkpoints, and can say later what they were:
// inventory/witnesses.yaml. None of them need trust Muster, or be trusted with more than keeping
// what it was given.
#pragma once
#include <string>
#include <vector>

#include "base/time.hpp"
#include "config/shape.hpp"
#include "model/inventory.hpp"
#include "model/text.hpp"

namespace muster::model {

struct Witness {
  enum class Kind {
    git,    ///< A clone on the controller; pushed when it has a remote.
    host,   ///< A file on a host of the inventory, appended to.
    syslog  ///< The local log, or a collector over UDP or TCP; cannot be read back.
  };
  Located<std::string> name;
  Kind kind = Kind::git;
  Located<std::string> where;  ///< git: the clone's path; host: its name; syslog: "local" or a URL
  std::string path;            ///< host: the file on it
  std::string kept_by;         ///< Who is master there; "": not said, and then a weak witness.
  Duration within{};           ///< To be told, or asked.
};

struct Witnesses {
  std::vector<Witness> all;
};

/// "git", "host", "syslog": also the keys in witnesses.yaml.
std::string_view name_of(Witness::Kind kind);

const config::Shape& witnesses_file_shape();
const config::Shape& witness_shape();

/// Adds those of one `witnesses:` map.
void read_witnesses(const config::Node& node, Witnesses& witnesses, Diagnostics& out);
/// Hosts that they name must be there.
void check_witnesses(const Witnesses& witnesses, const Inventory& inventory, Diagnostics& out);

}  // namespace muster::model
