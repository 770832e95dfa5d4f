// Whether one answer of `ssh -G` holds for every host: `ssh -G` costs eight times what a login
// costs.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace muster::ssh {

/// Pure. The text has nothing that tells one host from another, and nothing that leads elsewhere
/// than to the address that ssh is given: no Match, no Host but `*`, no HostName, no canonical
/// names, no %-token; its Includes are those in `read_too` (they are judged by the same rule). In
/// doubt: false.
bool tells_no_hosts_apart(std::string_view config, const std::vector<std::string>& read_too);

/// The same of the files that ssh reads for this user, and of the inventory's arguments. Reads
/// them.
bool same_for_all_hosts(const std::string& home, const std::vector<std::string>& ssh_args);

}  // namespace muster::ssh
