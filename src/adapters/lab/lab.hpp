// The lab: real Debian hosts on this machine for trying drills, described by a file of the
// workspace.
//
// A node is a root file system, a process tree, a network namespace and a disk of its own, with
// systemd as its first process (reference: lab). All that a lab makes lies in
// /var/lib/muster-lab/NAME or carries its name; the root file system below all nodes is kept in
// /var/lib/muster-lab/base. Linux and root only.
//
// Everything here blocks, for seconds to a minute (up). One command at a time on a machine, but for
// power and status, which never wait for another one. What is done on the machine is in the *.sh
// beside this file.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace muster::lab {

/// Called for each thing that is done, with a line that begins with the seconds since the command
/// began.
using Progress = std::function<void(std::string_view line)>;

/// A value of a definition file's `nodes`, as it is now.
struct NodeStatus {
  std::string name;
  std::string address;
  bool power = false;             ///< Its first process lives.
  bool sshd = false;              ///< It let us in just now.
  std::int64_t since_unix_s = 0;  ///< When it got power; 0 without.
};

struct Status {
  std::string lab;
  bool ready = false;  ///< False: its making was cut short, or is under way.
  std::vector<NodeStatus> nodes;
};

enum class Power { down, up, status };

/// Makes the lab that the file defines, or says that it is there already; gives power to nodes that
/// are off. Leftovers of an `up` that was cut short are removed first. On failure what was made
/// stays, to be looked at; when interrupted (SIGINT, SIGTERM) it is removed.
Result<void> up(const std::filesystem::path& definition, const Progress& progress);

/// The labs that exist on this machine, whole or in pieces; in the order of their names.
std::vector<std::string> existing();
/// `name`, or the only lab that exists when it is empty; an error when it cannot be told.
Result<std::string> chosen(std::string_view name);

/// Ends and removes everything of a lab, except the base. Fine when there is nothing.
Result<void> down(const std::string& lab, const Progress& progress);

/// All nodes as they were when `up` was through, within seconds: their disks, then their power.
Result<void> reset(const std::string& lab, const Progress& progress);

Result<Status> status(const std::string& lab);

/// The out-of-band switch of one node. `down` is a power loss: everything on it dies at once, and
/// its address answers nothing any more; `up` boots it from the same disk and returns when it lets
/// us in (30 s at most). Both are fine when it is so already. Answers whether it has power
/// afterwards.
Result<bool> power(const std::string& lab, const std::string& node, Power what);

/// The command line (ssh) that opens a shell on a node, or runs a command there as ssh does.
Result<std::vector<std::string>> shell(const std::string& lab, const std::string& node,
                                       const std::vector<std::string>& command);

}  // namespace muster::lab
