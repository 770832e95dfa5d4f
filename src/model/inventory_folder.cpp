#include "model/inventory_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "base/text.hpp"
#include "config/yaml.hpp"
#include "model/inventory_vars.hpp"

namespace muster::model {
namespace {

namespace fs = std::filesystem;
using config::Dialect;

constexpr std::size_t kFilesMax = 2000;
constexpr std::size_t kFoldersDeep = 8;
constexpr const char* kExport =
    "Muster runs no inventory scripts: write what it says into a file, with "
    "`ansible-inventory -i FILE --list --export --yaml > inventory/hosts.yaml`, and keep the "
    "script elsewhere";

/// What Ansible leaves out of a folder (INVENTORY_IGNORE_EXTS), but for `.ini`: a file of that name
/// in inventory/ is meant to be read.
bool is_ignored(const std::string& name) {
  if (name.front() == '.' || name == "group_vars" || name == "host_vars" || name == "vars_plugins")
    return true;
  for (const auto* end : {".pyc", ".pyo", ".swp", ".bak", "~", ".rpm", ".md", ".txt", ".rst",
                          ".orig", ".cfg", ".retry"})
    if (name.ends_with(end)) return true;
  return false;
}

bool is_yaml_or_json(const fs::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml" || path.extension() == ".json";
}

/// Without an extension Ansible tries YAML before INI. A word with a colon behind it is YAML's
/// alone: in INI neither a host nor a section ends so.
bool looks_like_yaml(std::string_view text) {
  while (!text.empty()) {
    const auto line = trimmed(text.substr(0, text.find('\n')));
    text.remove_prefix(
        std::min(text.size(), text.find('\n') == text.npos ? text.size() : text.find('\n') + 1));
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    const auto word = line.substr(0, line.find_first_of(" \t"));
    return word == "---" || word.front() == '{' || word.ends_with(':');
  }
  return false;
}

/// Its first bytes; "" when it cannot be read (whoever reads it then says so).
std::string head_of(const fs::path& path) {
  // A pipe would be waited for.
  if (std::error_code error; !fs::is_regular_file(path, error)) return "";
  std::ifstream in{path, std::ios::binary};
  std::string head(16, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return head;
}

class FolderReader {
 public:
  FolderReader(const OwnFile& is_own, InventoryReader& reader, Diagnostics& out)
      : is_own_(is_own), reader_(reader), out_(out) {}

  void read(const fs::path& folder, const std::string& name, std::size_t depth) {
    if (depth > kFoldersDeep) return refuse(name, "folders nested too deep", "");
    for (const auto& path : list_folder(folder, name, kFilesMax, out_)) {
      const auto file = path.filename().string();
      if (is_ignored(file)) continue;
      std::error_code error;
      if (!fs::is_directory(path, error)) {
        read_file(path, name + "/" + file, depth == 0);
        continue;
      }
      // The lab's own folder says how its hosts are made; it is no inventory of them.
      if (!fs::exists(path / "lab.yaml", error)) read(path, name + "/" + file, depth + 1);
    }
  }

 private:
  void refuse(const std::string& name, std::string what, std::string hint) {
    out_.error(config::whole(name), std::move(what), std::move(hint));
  }

  void read_file(const fs::path& path, const std::string& name, bool on_top) {
    const auto head = head_of(path);
    const bool program = head.starts_with("#!") || head.starts_with(
                                                       "\x7f"
                                                       "ELF");
    if (program && !is_yaml_or_json(path))
      return refuse(name, "is a program, perhaps a dynamic inventory", kExport);
    if (head.starts_with(kVaultHead))
      return refuse(name, "is encrypted by ansible-vault",
                    "Muster does not open vaults; keep hosts in plain files, and only secrets in "
                    "vaults");
    if (path.extension() == ".toml")
      return refuse(name, "TOML inventories are not read",
                    "`ansible-inventory -i FILE --list --export --yaml` writes it as YAML");
    const auto source = config::read_source(
        path, name,
        is_yaml_or_json(path) && path.extension() != ".json" ? Dialect::inventory : Dialect::ini,
        out_);
    if (!source) return;
    if (is_yaml_or_json(path))
      read_yaml(source, on_top);
    else if (path.extension().empty() && looks_like_yaml(source->text()))
      read_yaml(config::make_source(name, source->text(), Dialect::inventory, out_), on_top);
    else
      reader_.read(config::parse_ini(source, out_));
  }

  void read_yaml(const std::shared_ptr<const config::Source>& source, bool on_top) {
    auto document = source ? config::parse_yaml(source, Dialect::inventory, out_) : std::nullopt;
    if (!document) return;
    if (on_top && is_own_(source->name(), *document)) return;
    if (const auto* plugin = document->find("plugin"); plugin && plugin->is_scalar())
      return out_.error(plugin->place,
                        fmt::format("the configuration of the inventory plugin {}, no inventory",
                                    config::description(*plugin)),
                        kExport);
    reader_.read(*std::move(document));
  }

  const OwnFile& is_own_;
  InventoryReader& reader_;
  Diagnostics& out_;
};

}  // namespace

bool read_inventory_folder(const fs::path& folder, const OwnFile& is_own, InventoryReader& reader,
                           Diagnostics& out) {
  const auto name = folder.filename().string();
  FolderReader{is_own, reader, out}.read(folder, name, 0);
  if (!reader.reconcile()) return false;
  std::vector<std::string> groups, hosts;
  for (const auto& group : reader.tree().groups()) groups.push_back(group.name);
  for (const auto& host : reader.tree().hosts()) hosts.push_back(host.name);
  read_variable_files(folder / "group_vars", name + "/group_vars", groups, out,
                      [&](const std::string& group, VariableFile file) {
                        if (file.document)
                          reader.read_group_file(group, *std::move(file.document));
                        else if (file.problem)
                          reader.add_group_problem(group, *std::move(file.problem));
                      });
  read_variable_files(folder / "host_vars", name + "/host_vars", hosts, out,
                      [&](const std::string& host, VariableFile file) {
                        if (file.document)
                          reader.read_host_file(host, *std::move(file.document));
                        else if (file.problem)
                          reader.add_host_problem(host, *std::move(file.problem));
                      });
  return true;
}

}  // namespace muster::model
