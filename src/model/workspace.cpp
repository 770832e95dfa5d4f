#include "model/workspace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "config/yaml.hpp"
#include "model/drill_reader.hpp"
#include "model/inventory_folder.hpp"
#include "model/play.hpp"
#include "model/playbook_reader.hpp"
#include "model/server.hpp"
#include "model/shapes.hpp"

namespace muster::model {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kFolderFilesMax = 20'000;

/// One file, read and parsed; its own errors stay with it until it turns out to be needed.
struct File {
  fs::path path;
  std::string name;  ///< "drills/orders.yaml"
  std::optional<config::Node> document;
  Diagnostics errors;
};

bool is_yaml(const fs::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml";
}

std::vector<fs::path> entries(const fs::path& folder, const std::string& name, Diagnostics& out) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator it{folder, error}, end; !error && it != end; it.increment(error))
    if (it->path().filename().string().front() != '.') paths.push_back(it->path());
  if (error && error != std::errc::no_such_file_or_directory)
    out.error(config::whole(name), "cannot be read: " + error.message());
  if (paths.size() > kFolderFilesMax) {
    out.error(config::whole(name), fmt::format("more than {} files", kFolderFilesMax));
    paths.resize(kFolderFilesMax);
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
/// `into`: a Workspace or a LoadedDrill.
template <class Into>
bool read_own_file(const std::string& file, const config::Node& document, Into& into,
                   Diagnostics& out) {
  if (is_notifications_file(file)) {
    read_notifications(document, into.notifications, out);
    return true;
  }
  if (document.find("calendars")) {
    config::Map map{document, calendars_file_shape(), out};
    if (const auto* node = map.get("calendars")) read_calendars(*node, into.calendars, out);
    map.finish();
    return true;
  }
  if (document.find("retention")) {
    config::Map map{document, retention_file_shape(), out};
    if (const auto* node = map.need("retention")) read_retention(*node, into.retention, out);
    map.finish();
    return true;
  }
  if (document.find("witnesses")) {
    config::Map map{document, witnesses_file_shape(), out};
    if (const auto* node = map.get("witnesses")) read_witnesses(*node, into.witnesses, out);
    map.finish();
    return true;
  }
  if (document.find("secrets")) {
    config::Map map{document, secrets_file_shape(), out};
    if (const auto* node = map.get("secrets")) read_secrets(*node, into.secrets, out);
    map.finish();
    return true;
  }
  if (document.find("policy")) {
    config::Map map{document, policy_file_shape(), out};
    if (const auto* node = map.need("policy")) read_policy(*node, into.policy, out);
    map.finish();
    return true;
  }
  if (!document.find("people")) return false;
  config::Map map{document, people_file_shape(), out};
  if (const auto* node = map.get("people")) read_people(*node, into.people, out);
  map.finish();
  return true;
}

/// The same.
template <class Into>
void read_inventory(const fs::path& root, Into& into, Diagnostics& out) {
  InventoryReader reader{out};
  const OwnFile is_own = [&](const std::string& file, const config::Node& document) {
    return check_server_file(file, document, out) || read_own_file(file, document, into, out);
  };
  if (!read_inventory_folder(root / "inventory", is_own, reader, out)) return;
  into.inventory = reader.finish();
  check_witnesses(into.witnesses, into.inventory, out);
  check_notifications(into.notifications, into.secrets, out);
  check_policy(into.policy, into.people, out);
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

std::optional<Playbook> playbook_of(const File& file, Diagnostics& out) {
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

/// The playbooks that a drill or playbook names: its own, and those of its `play` steps.
void collect_named(const config::Node& node, std::vector<std::string>& into) {
  for (const auto& item : node.items) collect_named(item, into);
  for (const auto& entry : node.entries) {
    if ((entry.key == "play" || entry.key == "playbook") && entry.value.is_scalar() &&
        std::find(into.begin(), into.end(), entry.value.text) == into.end())
      into.push_back(entry.value.text);
    collect_named(entry.value, into);
  }
}

/// The playbooks that the drill needs, alone, so that another one's errors do not matter; all the
/// names, when one is missing, for the nearest.
std::vector<Playbook> wanted_playbooks(const fs::path& root, const File& drill, Diagnostics& out) {
  std::vector<Playbook> playbooks;
  std::vector<std::string> wanted;
  if (drill.document) collect_named(*drill.document, wanted);
  if (wanted.empty()) return playbooks;
  const auto files = read_folder(root, "playbooks", out);
  bool missing = false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    bool found = false;
    for (const auto& file : files) {
      if (name_of(file, "playbook") != wanted[i]) continue;
      found = true;
      if (file.document) collect_named(*file.document, wanted);
      if (auto playbook = playbook_of(file, out))
        add_unique(playbooks, *std::move(playbook), "playbooks", out);
    }
    missing = missing || !found;
  }
  for (const auto& file : files) {
    if (!missing ||
        std::find(wanted.begin(), wanted.end(), name_of(file, "playbook")) != wanted.end())
      continue;
    Diagnostics ignored;
    if (auto playbook = playbook_of(file, ignored)) playbooks.push_back(*std::move(playbook));
  }
  expand_plays(playbooks, out);
  return playbooks;
}

/// `names`: of all drills, also of those that have errors and are not among `drills`.
void check_drill_order(const std::vector<Drill>& drills, const std::vector<std::string>& names,
                       Diagnostics& out) {
  std::vector<Order> orders;
  for (const auto& drill : drills)
    if (drill.schedule && drill.schedule->after)
      orders.push_back({*drill.name, *drill.schedule->after});
  check_order(orders, names, out);
}

}  // namespace

Workspace load_workspace(const fs::path& root, Diagnostics& out) {
  Workspace workspace;
  std::error_code error;
  if (!fs::is_directory(root, error)) {
    out.error(config::whole(root.string()), "is not a folder");
    return workspace;
  }
  read_inventory(root, workspace, out);
  for (auto& file : read_folder(root, "playbooks", out))
    if (auto playbook = playbook_of(file, out))
      add_unique(workspace.playbooks, *std::move(playbook), "playbooks", out);
  expand_plays(workspace.playbooks, out);
  const DrillContext context{workspace.inventory, workspace.people, workspace.playbooks};
  std::vector<std::string> names;
  for (auto& file : read_folder(root, "drills", out)) {
    names.push_back(name_of(file, "drill"));
    Diagnostics own;
    own.add(file.errors);
    auto drill = file.document ? read_drill(*file.document, context, own) : std::nullopt;
    if (drill && own.empty()) add_unique(workspace.drills, *std::move(drill), "drills", own);
    out.add(own);
  }
  check_drill_order(workspace.drills, names, out);
  return workspace;
}

LoadedDrill loaded_drill(const Workspace& workspace, const Drill& drill) {
  return {workspace.inventory,     workspace.people,    drill,
          workspace.secrets,       workspace.witnesses, workspace.calendars,
          workspace.notifications, workspace.policy,    workspace.retention};
}

std::optional<LoadedDrill> load_drill(const fs::path& root, std::string_view name,
                                      Diagnostics& out) {
  LoadedDrill loaded;
  auto files = read_folder(root, "drills", out);
  File* file = find_drill(files, root, name);
  if (!file) {
    std::vector<std::string> right;
    for (const auto& one : files) right.push_back(name_of(one, "drill"));
    out.unknown(config::whole("drills"), fmt::format("there is no drill `{}`", name), name, right);
    return std::nullopt;
  }
  read_inventory(root, loaded, out);
  out.add(file->errors);
  const auto playbooks = wanted_playbooks(root, *file, out);
  if (!file->document) return std::nullopt;
  auto drill = read_drill(*file->document, {loaded.inventory, loaded.people, playbooks}, out);
  if (!drill || !out.empty()) return std::nullopt;
  loaded.drill = *std::move(drill);
  return loaded;
}

Inventory load_inventory(const fs::path& root, Diagnostics& out) {
  return load_hosts(root, out).inventory;
}

Hosts load_hosts(const fs::path& root, Diagnostics& out) {
  LoadedDrill only_hosts;
  read_inventory(root, only_hosts, out);
  return {std::move(only_hosts.inventory), std::move(only_hosts.secrets)};
}

People load_people(const fs::path& root, Diagnostics& out) {
  LoadedDrill all;
  read_inventory(root, all, out);
  return std::move(all.people);
}

LoadedWitnesses load_witnesses(const fs::path& root, Diagnostics& out) {
  LoadedDrill all;
  read_inventory(root, all, out);
  return {std::move(all.inventory), std::move(all.witnesses)};
}

LoadedNotifications load_notifications(const fs::path& root, Diagnostics& out) {
  LoadedDrill all;
  read_inventory(root, all, out);
  return {std::move(all.secrets), std::move(all.notifications)};
}

Retention load_retention(const fs::path& root, Diagnostics& out) {
  LoadedDrill all;
  read_inventory(root, all, out);
  return std::move(all.retention);
}

std::optional<Json> list_inventory(const fs::path& root, Diagnostics& out) {
  InventoryReader reader{out};
  Diagnostics of_others;
  LoadedDrill others;
  const OwnFile is_own = [&](const std::string& file, const config::Node& document) {
    return check_server_file(file, document, of_others) ||
           read_own_file(file, document, others, of_others);
  };
  if (!read_inventory_folder(root / "inventory", is_own, reader, out)) return std::nullopt;
  return reader.list();
}

}  // namespace muster::model
