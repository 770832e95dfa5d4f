#include "model/workspace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "config/yaml.hpp"
#include "model/drill_reader.hpp"
#include "model/inventory_folder.hpp"
#include "model/playbook_reader.hpp"

namespace muster::model {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kFilesMax = 2000;

/// One file, read and parsed; its own errors stay with it until it turns out to be needed.
struct File {
  fs::path path;
  std::string name;  ///< "drills/orders.yaml"
  std::optional<config::Node> document;
  Diagnostics errors;
};

Place place_of(const std::string& name) {
  return {std::make_shared<config::Source>(name, ""), 0, 0};
}

bool is_yaml(const fs::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml";
}

std::vector<fs::path> entries(const fs::path& folder, const std::string& name, Diagnostics& out) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator it{folder, error}, end; !error && it != end; it.increment(error))
    if (it->path().filename().string().front() != '.') paths.push_back(it->path());
  if (error && error != std::errc::no_such_file_or_directory)
    out.error(place_of(name), "cannot be read: " + error.message());
  if (paths.size() > kFilesMax) {
    out.error(place_of(name), fmt::format("more than {} files", kFilesMax));
    paths.resize(kFilesMax);
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

File read_file(const fs::path& path, const std::string& folder, config::Dialect dialect) {
  File file{path, folder + "/" + path.filename().string(), std::nullopt, {}};
  if (const auto source = config::read_source(path, file.name, dialect, file.errors))
    file.document = config::parse_yaml(source, dialect, file.errors);
  return file;
}

std::vector<File> read_folder(const fs::path& root, const std::string& folder, Diagnostics& out) {
  std::vector<File> files;
  for (const auto& path : entries(root / folder, folder, out))
    if (is_yaml(path)) files.push_back(read_file(path, folder, config::Dialect::strict));
  return files;
}

/// What the file calls itself (`drill: NAME`), else its stem.
std::string name_of(const File& file, std::string_view key) {
  const auto* node = file.document ? file.document->find(key) : nullptr;
  return node && node->is_scalar() ? node->text : file.path.stem().string();
}

/// The files in inventory/ that are no inventories but Muster's own.
bool read_own_file(const std::string& name, const config::Node& document, People& people,
                   Diagnostics& out) {
  if (name == "inventory/secrets.yaml" || name == "inventory/secrets.yml") return true;
  if (!document.find("people") && !document.find("policy")) return false;
  config::Map map{document, "a file of people", out};
  if (const auto* node = map.get("people")) read_people(*node, people, out);
  map.later("policy", "an unlabelled host is production; nothing else is demanded yet");
  map.finish();
  return true;
}

void read_inventory(const fs::path& root, Inventory& inventory, People& people, Diagnostics& out) {
  InventoryReader reader{out};
  const OwnFile is_own = [&](const std::string& name, const config::Node& document) {
    return read_own_file(name, document, people, out);
  };
  if (read_inventory_folder(root / "inventory", is_own, reader, out)) inventory = reader.finish();
}

/// Adds it unless its name is taken.
template <class T>
void add_unique(std::vector<T>& list, T value, std::string_view what, Diagnostics& out) {
  for (const auto& other : list)
    if (*other.name == *value.name)
      return out.error(value.name.place, fmt::format("there are two {} `{}`", what, *value.name),
                       "the other one: " + config::to_string(other.name.place));
  list.push_back(std::move(value));
}

std::optional<Playbook> playbook_of(File& file, Diagnostics& out) {
  out.add(file.errors);
  return file.document ? read_playbook(*file.document, out) : std::nullopt;
}

File* find_drill(std::vector<File>& files, const fs::path& root, std::string_view name) {
  for (auto& file : files)
    if (name_of(file, "drill") == name) return &file;
  std::error_code error;
  for (auto& file : files)
    if (file.name == name || file.path.stem() == name || fs::equivalent(file.path, name, error) ||
        fs::equivalent(file.path, root / name, error))
      return &file;
  return nullptr;
}

/// The playbook that the drill names, alone, so that another one's errors do not matter; all the
/// names, when there is none, for the nearest.
std::vector<Playbook> wanted_playbook(const fs::path& root, const File& drill, Diagnostics& out) {
  std::vector<Playbook> playbooks;
  const auto* wanted = drill.document ? drill.document->find("playbook") : nullptr;
  if (!wanted || !wanted->is_scalar()) return playbooks;
  for (auto& file : read_folder(root, "playbooks", out)) {
    const auto name = name_of(file, "playbook");
    if (name == wanted->text) {
      if (auto playbook = playbook_of(file, out))
        add_unique(playbooks, *std::move(playbook), "playbooks", out);
    }
  }
  if (!playbooks.empty()) return playbooks;
  for (auto& file : read_folder(root, "playbooks", out)) {
    Diagnostics ignored;
    if (auto playbook = playbook_of(file, ignored)) playbooks.push_back(*std::move(playbook));
  }
  return playbooks;
}

}  // namespace

Workspace load_workspace(const fs::path& root, Diagnostics& out) {
  Workspace workspace;
  std::error_code error;
  if (!fs::is_directory(root, error)) {
    out.error(place_of(root.string()), "is not a folder");
    return workspace;
  }
  read_inventory(root, workspace.inventory, workspace.people, out);
  for (auto& file : read_folder(root, "playbooks", out))
    if (auto playbook = playbook_of(file, out))
      add_unique(workspace.playbooks, *std::move(playbook), "playbooks", out);
  const DrillContext context{workspace.inventory, workspace.people, workspace.playbooks};
  for (auto& file : read_folder(root, "drills", out)) {
    Diagnostics own;
    own.add(file.errors);
    auto drill = file.document ? read_drill(*file.document, context, own) : std::nullopt;
    if (drill && own.empty()) add_unique(workspace.drills, *std::move(drill), "drills", own);
    out.add(own);
  }
  return workspace;
}

std::optional<LoadedDrill> load_drill(const fs::path& root, std::string_view name,
                                      Diagnostics& out) {
  LoadedDrill loaded;
  auto files = read_folder(root, "drills", out);
  File* file = find_drill(files, root, name);
  if (!file) {
    std::vector<std::string> right;
    for (const auto& one : files) right.push_back(name_of(one, "drill"));
    out.unknown(place_of("drills"), fmt::format("there is no drill `{}`", name), name, right);
    return std::nullopt;
  }
  read_inventory(root, loaded.inventory, loaded.people, out);
  out.add(file->errors);
  const auto playbooks = wanted_playbook(root, *file, out);
  if (!file->document) return std::nullopt;
  auto drill = read_drill(*file->document, {loaded.inventory, loaded.people, playbooks}, out);
  if (!drill || !out.empty()) return std::nullopt;
  loaded.drill = *std::move(drill);
  return loaded;
}

Inventory load_inventory(const fs::path& root, Diagnostics& out) {
  Inventory inventory;
  People people;
  read_inventory(root, inventory, people, out);
  return inventory;
}

std::optional<Json> list_inventory(const fs::path& root, Diagnostics& out) {
  InventoryReader reader{out};
  Diagnostics of_people;
  People people;
  const OwnFile is_own = [&](const std::string& name, const config::Node& document) {
    return read_own_file(name, document, people, of_people);
  };
  if (!read_inventory_folder(root / "inventory", is_own, reader, out)) return std::nullopt;
  return reader.list();
}

}  // namespace muster::model
