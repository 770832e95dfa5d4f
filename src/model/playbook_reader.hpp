// Playbooks of a file, and the parts of one that a drill may hold itself. Private to model/.
#pragma once
#include "config/map.hpp"
#include "model/playbook.hpp"

namespace muster::model {

/// nothing: it has no usable name. Names inside it are checked too.
std::optional<Playbook> read_playbook(const config::Node& document, Diagnostics& out);

/// `services`, `steps`, `ends`; resolves ids.
void read_body(config::Map& map, Playbook& into, Diagnostics& out);

/// A slot's definition; what `one_of:` and `group:` were given is left in `filled` (a playbook's
/// own definition has the word `group` or `true` there).
Slot read_slot(const config::Entry& entry, Located<std::string>& filled, Diagnostics& out);

/// `where: {postgres: …}`, `where: {command: …}`
Where read_where(const config::Node& node, Diagnostics& out);

}  // namespace muster::model
