// The file that describes a lab (inventory/lab/lab.yaml):
//   lab: orders                            # at most 10 characters: it names an interface
//   network: 10.231.77.0/24
//   controller: 10.231.77.1                # this machine in it
//   disk: 4GiB                             # of each node; what a node can fill at most
//   base: {suite: bookworm, packages: [postgresql-15], script: base.sh}
//   nodes:
//     db-1: {address: 10.231.77.11, provision: [primary.sh]}
//   afterwards:
//     - {node: db-1, script: backup.sh}
//   ready:
//     - {node: db-1, script: serves.sh}      # gets no copy of the folder: it must be whole in
//     itself
// Scripts are files of the same folder, which every node gets a copy of.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "adapters/lab/address.hpp"
#include "base/result.hpp"
#include "config/diagnostics.hpp"
#include "config/node.hpp"

namespace muster::lab {

inline constexpr std::size_t kLabNameMax = 10;   ///< "mlab-" and it make an interface's name (15).
inline constexpr std::size_t kNodeNameMax = 15;  ///< It names the node's end of the bridge.
inline constexpr std::size_t kNodesMax = 32;

struct NodeDefinition {
  std::string name;
  Address address;
  std::vector<std::string> provision;  ///< Run as root, in this order; nodes side by side.
};

/// A script of the definition's folder, run as root on a node.
struct NodeScript {
  std::string node;
  std::string script;
};

struct Definition {
  std::string lab;
  Network network;
  Address controller;
  std::uint64_t disk_bytes = 0;
  std::string suite;
  std::vector<std::string> packages;
  std::string base_script;  ///< May be empty.
  std::vector<NodeDefinition> nodes;
  std::vector<NodeScript>
      afterwards;  ///< Once, one after the other, when all nodes are provisioned.
  std::vector<NodeScript>
      ready;  ///< After every boot of the lab: each waits until something serves.

  std::filesystem::path file;  ///< Absolute.
  std::filesystem::path folder() const { return file.parent_path(); }
};

/// Reads what the document says; what is wrong goes to `out`. Whether scripts exist is not looked
/// at.
Definition read_definition(const config::Node& document, config::Diagnostics& out);

/// The whole file, with its scripts in place; the error holds all that is wrong, with lines quoted.
Result<Definition> load_definition(const std::filesystem::path& file);

}  // namespace muster::lab
