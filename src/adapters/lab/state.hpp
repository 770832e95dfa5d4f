// What a lab leaves on the machine's disk: /var/lib/muster-lab/NAME, read by the scripts and by us.
//   lab.conf, nodes/NAME/node.conf   what it is, as shell assignments
//   definition/                      a copy of the definition's folder
//   lib/                             the scripts that made it and that run it
//   key, known_hosts, ssh_config     how to log in
//   nodes/NAME/{disk,saved}.img, init, console.log, provision.log
//   ready                            there when it was made to the end
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/lab/definition.hpp"
#include "base/result.hpp"

namespace muster::lab {

std::filesystem::path root_folder();
std::filesystem::path state_folder(const std::string& lab);

/// Everything that the shared root file system is made from, hashed: where it is kept.
std::filesystem::path base_folder(const Definition& definition, std::string_view base_script);
/// Everything that the lab is made from, hashed: a lab with another one was made from something
/// else.
Result<std::string> fingerprint(const Definition& definition);

std::string lab_conf(const Definition& definition, const std::filesystem::path& base,
                     std::string_view fingerprint);
std::string node_conf(const NodeDefinition& node, std::uint64_t disk_bytes);
/// Reads back what the two above wrote: plain KEY=value or KEY='value' lines.
std::map<std::string, std::string> parse_conf(std::string_view text);

/// The file's text; "" when there is none.
std::string text_of(const std::filesystem::path& file);

/// Writes lab.conf, node.conf and the two folders; the scripts do the rest.
Result<void> write_state(const Definition& definition, const std::filesystem::path& base,
                         std::string_view fingerprint);
/// The scripts of this binary into `folder`.
Result<void> write_scripts(const std::filesystem::path& folder);

}  // namespace muster::lab
