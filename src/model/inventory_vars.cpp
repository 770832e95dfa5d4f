#include "model/inventory_vars.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "config/yaml.hpp"

namespace muster::model {
namespace {

namespace fs = std::filesystem;
using config::Diagnostics;
using config::Dialect;

constexpr std::size_t kVarsFilesMax = 40'000;
constexpr std::size_t kVarsFoldersDeep = 8;
constexpr const char* kExtensions[] = {"", ".yml", ".yaml", ".json"};

bool has_extension_of_variables(const fs::path& path) {
  const auto extension = path.extension().string();
  return std::find(std::begin(kExtensions), std::end(kExtensions), extension) !=
         std::end(kExtensions);
}

VariableFile read_file(const fs::path& path, const std::string& name, Diagnostics& out) {
  VariableFile file;
  // Tabs may stand in JSON, and Ansible reads these names as either.
  const auto dialect = path.extension() == ".json" ? Dialect::ini : Dialect::inventory;
  const auto source = config::read_source(path, name, dialect, out);
  if (!source) return file;
  if (source->text().starts_with(kVaultHead)) {
    file.problem = config::Diagnostic{
        config::whole(name), "is encrypted by ansible-vault",
        "Muster does not open vaults and cannot know what it sets; keep in group_vars/ and "
        "host_vars/ what Muster may read, and vaults beside the playbooks of Ansible"};
    return file;
  }
  auto document = config::parse_yaml(source, Dialect::inventory, out);
  if (!document || document->is_null()) return file;
  if (document->is_map())
    file.document = std::move(document);
  else
    out.error(document->place,
              "expected variables (a map), found " + config::description(*document));
  return file;
}

struct Found {
  fs::path path;
  std::string name;
};

/// Hidden files and backups (`~`) are left out; folders are searched when their name has no dot.
void find_in_folder(const fs::path& folder, const std::string& name, std::size_t depth,
                    std::vector<Found>& into, Diagnostics& out) {
  if (depth > kVarsFoldersDeep) return out.error(config::whole(name), "folders nested too deep");
  for (const auto& path : list_folder(folder, name, kVarsFilesMax, out)) {
    const auto file = path.filename().string();
    if (file.front() == '.' || file.ends_with('~')) continue;
    std::error_code error;
    if (fs::is_directory(path, error)) {
      if (!path.has_extension()) find_in_folder(path, name + "/" + file, depth + 1, into, out);
    } else if (has_extension_of_variables(path)) {
      into.push_back({path, name + "/" + file});
    }
  }
}

}  // namespace

std::vector<fs::path> list_folder(const fs::path& folder, const std::string& name,
                                  std::size_t files_max, Diagnostics& out) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator it{folder, error}, end; !error && it != end; it.increment(error)) {
    if (paths.size() == files_max) {
      out.error(config::whole(name), fmt::format("more than {} files", files_max));
      break;
    }
    paths.push_back(it->path());
  }
  if (error && error != std::errc::no_such_file_or_directory)
    out.error(config::whole(name), "cannot be read: " + error.message());
  std::sort(paths.begin(), paths.end());
  return paths;
}

void read_variable_files(const fs::path& folder, const std::string& shown,
                         const std::vector<std::string>& names, Diagnostics& out,
                         const std::function<void(const std::string&, VariableFile)>& take) {
  std::unordered_set<std::string> there;
  for (const auto& path : list_folder(folder, shown, kVarsFilesMax, out))
    there.insert(path.filename().string());
  if (there.empty()) return;
  for (const auto& name : names) {
    const auto* extension =
        std::find_if(std::begin(kExtensions), std::end(kExtensions),
                     [&](const char* end) { return there.contains(name + end); });
    if (extension == std::end(kExtensions)) continue;
    std::vector<Found> files;
    const auto path = folder / (name + *extension);
    std::error_code error;
    if (fs::is_directory(path, error))
      find_in_folder(path, shown + "/" + name + *extension, 0, files, out);
    else
      files.push_back({path, shown + "/" + name + *extension});
    for (const auto& file : files) take(name, read_file(file.path, file.name, out));
  }
}

}  // namespace muster::model
