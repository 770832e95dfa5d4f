// The files of group_vars/ and host_vars/. Private to model/.
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/diagnostics.hpp"
#include "config/node.hpp"

namespace muster::model {

inline constexpr std::string_view kVaultHead = "$ANSIBLE_VAULT;";

/// What is in a folder, by name; nothing when it is not there. More than `files_max` is an error.
std::vector<std::filesystem::path> list_folder(const std::filesystem::path& folder,
                                               const std::string& name, std::size_t files_max,
                                               config::Diagnostics& out);

/// A map of variables, or why nobody can know what is in the file, or neither (an empty file, or
/// one whose errors are in `out`).
struct VariableFile {
  std::optional<config::Node> document;
  std::optional<config::Diagnostic> problem;
};

/// For each of `names`, in their order, the files that are its own: of NAME, NAME.yml, NAME.yaml,
/// NAME.json the first that is there; of a folder NAME all in it, sorted, also in folders beneath.
void read_variable_files(const std::filesystem::path& folder, const std::string& shown,
                         const std::vector<std::string>& names, config::Diagnostics& out,
                         const std::function<void(const std::string& name, VariableFile)>& take);

}  // namespace muster::model
