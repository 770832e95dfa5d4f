// The schemas of all kinds of files, as `muster schema` and `muster init` write them.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace muster::cli {

/// One KIND.json each; makes the folder, overwrites what is there. Gives the files.
Result<std::vector<std::filesystem::path>> write_schemas(const std::filesystem::path& folder);

/// What may stand after `muster schema`: the kinds, and the two that take a NAME.
std::vector<std::string> schema_words();

/// docs/reference.md: every key of a file, fault, restore provider, kind of entry and exit status.
std::string reference_page();
/// Its part on what stands in no file of a workspace.
std::string catalogue_reference();

}  // namespace muster::cli
