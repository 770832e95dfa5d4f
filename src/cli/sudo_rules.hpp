// What `muster sudoers` says of one host: the gate, the sudoers file, and what both are for. Pure.
#pragma once
#include <string>
#include <vector>

#include "base/json.hpp"
#include "plan/gate.hpp"

namespace muster::cli {

struct SudoRules {
  std::string host;
  std::string user;     // who comes by ssh
  std::string run_as;   // whom sudo makes of them
  bool asks = false;    // sudo asks for that user's password
  bool in_use = false;  // the inventory has `muster_gate` there
  std::string path;     // of the gate
  plan::Gate gate;
  std::vector<std::string> drills;
};

/// "muster-orders-loss": sudo reads no file of sudoers.d whose name has a dot.
std::string sudoers_name(const SudoRules& rules);
/// The one line that allows anything.
std::string sudoers_rule(const SudoRules& rules);
/// The whole file, with that line.
std::string sudoers_file(const SudoRules& rules);

std::string text_of(const SudoRules& rules);
Json json_of(const SudoRules& rules);
/// Once, below all hosts: what whoever comes as that user can do by it.
std::string what_it_allows(const std::vector<SudoRules>& all);

}  // namespace muster::cli
