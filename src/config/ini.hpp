// Ansible's INI inventories as sections of located lines. It is no other program's INI: a line in
// a section of hosts is split as a shell would, values are Python's literals where they are some,
// and `#` means something else in each kind of section.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "config/diagnostics.hpp"
#include "config/node.hpp"

namespace muster::config {

struct IniLine {
  Place place;
  std::string word;              ///< A host (perhaps a range, with a port), or a group; else "".
  std::vector<Entry> variables;  ///< `key=value`; the later of two equal keys counts.
};

struct IniSection {
  enum class Kind { hosts, children, variables };
  std::string group;
  Kind kind = Kind::hosts;
  Place place;
  std::vector<IniLine> lines;
};

/// The first section is that of the lines before any: the hosts of `ungrouped`. Wrong lines are
/// reported and left out. A quoted value, and all that is no literal of Python's, is text that is
/// not `plain`; numbers, `True`, `False` are plain, `None` is null; lists and maps stay text.
std::vector<IniSection> parse_ini(const std::shared_ptr<const Source>& source, Diagnostics& out);

}  // namespace muster::config
