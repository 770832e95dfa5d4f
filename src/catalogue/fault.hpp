// The catalogue of faults. A fault is one POSIX sh file that answers `precheck`, `inject`,
// `verify`, `revert` and `clean`; its header comments declare what this struct holds. No C++ is
// needed for a new one. Format of the header and what a script may rely on: docs/faults.md.
#pragma once
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "catalogue/parameter.hpp"

namespace muster::catalogue {

/// Who reverts the effect when the runner is dead.
enum class Healer {
  target,    // a dead-man on the target itself
  guardian,  // a dead-man on another host, which holds the out-of-band command (power)
  restore,   // only a restore step mends it
  nobody     // it cannot be undone; needs the policy's leave
};
std::string_view name_of(Healer healer);

struct Fault {
  std::string name;   // "disk.fill"
  std::string title;  // one line for people
  std::vector<Parameter> parameters;
  std::vector<std::string> tools;  // commands that must exist where the script runs
  Healer healer = Healer::target;
  bool root = true;  // needs uid 0 where it runs
  std::string
      undone_by;  // the list parameter that is the undo; nothing is undone without it. Mostly ""
  std::string
      script;     // the whole text that travels: the shared functions, then the fault's own file
  Digest sha256;  // of `script`
};

/// Reads a fault's file (`text` without the shared functions); errors name the line of the header.
Result<Fault> parse_fault(std::string_view file_name, std::string_view text);

/// The whole text that travels for a file of the catalogue (a fault's or a restore's): the shared
/// functions, the file, and the dispatch, so that `sh SCRIPT FUNCTION` calls one of its functions.
std::string complete_script(std::string_view file);

/// Functions that several faults share and name in their header (`uses: NAME …`), by name
/// (catalogue/shared/NAME.sh). They stand before the fault's own file, in the order named.
const std::map<std::string, std::string_view>& shared_parts();

/// The faults that came with this binary, by name.
const std::map<std::string, Fault>& builtin_faults();

/// What runs on every target: the frames' verbs (lock, arm, inject, …) as shell functions, sent
/// once a channel.
std::string_view target_script();

}  // namespace muster::catalogue
