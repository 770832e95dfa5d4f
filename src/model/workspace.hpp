// Reads a workspace: a folder with drills/*.yaml, playbooks/*.yaml and inventory/. Blocking file
// reads; call it at start-up or on a worker.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "model/calendars.hpp"
#include "model/drill.hpp"
#include "model/inventory.hpp"
#include "model/notifications.hpp"
#include "model/people.hpp"
#include "model/policy.hpp"
#include "model/retention.hpp"
#include "model/secrets.hpp"
#include "model/witnesses.hpp"

namespace muster::model {

struct Workspace {
  Inventory inventory;
  People people;
  Secrets secrets;
  Witnesses witnesses;
  Calendars calendars;
  Notifications notifications;
  Policy policy;
  Retention retention;
  std::vector<Playbook> playbooks;  ///< In the order of their files' names.
  std::vector<Drill> drills;        ///< Same; only those without errors.
  const Drill* drill(std::string_view name) const;
};

/// All of it, with all errors. What could not be read is missing from the value; trust the value
/// only when `out` is empty.
Workspace load_workspace(const std::filesystem::path& root, Diagnostics& out);

/// What one drill needs, and the errors of that only: a colleague's half-written drill does not
/// stand in the way. `name` is a drill's name, or a path of its file. Nothing: `out` says why.
struct LoadedDrill {
  Inventory inventory;
  People people;
  Drill drill;
  Secrets secrets;
  Witnesses witnesses;
  Calendars calendars;
  Notifications notifications = {};
  Policy policy;
  Retention retention;
};
/// The same of a workspace that is read already.
LoadedDrill loaded_drill(const Workspace& workspace, const Drill& drill);
std::optional<LoadedDrill> load_drill(const std::filesystem::path& root, std::string_view name,
                                      Diagnostics& out);

/// The hosts alone. Trust the value only when `out` is empty.
Inventory load_inventory(const std::filesystem::path& root, Diagnostics& out);

/// What inventory/ says of witnesses, and of the hosts that some of them are. The same.
struct LoadedWitnesses {
  Inventory inventory;
  Witnesses witnesses;
};
LoadedWitnesses load_witnesses(const std::filesystem::path& root, Diagnostics& out);
/// What inventory/ says of notifications, and of the secrets that they need. The same.
struct LoadedNotifications {
  Secrets secrets;
  Notifications notifications;
};
LoadedNotifications load_notifications(const std::filesystem::path& root, Diagnostics& out);
/// Who exists. The same.
People load_people(const std::filesystem::path& root, Diagnostics& out);
/// The hosts, and the secrets that reaching them may need; the drills may be as broken as they
/// like.
struct Hosts {
  Inventory inventory;
  Secrets secrets;
};
Hosts load_hosts(const std::filesystem::path& root, Diagnostics& out);

/// How long the record is kept. The same.
Retention load_retention(const std::filesystem::path& root, Diagnostics& out);

/// What `ansible-inventory --list` says of the same files: {_meta: {hostvars}, GROUP: {hosts,
/// children}}. Values whose names speak of passwords, tokens or secrets are hidden.
std::optional<Json> list_inventory(const std::filesystem::path& root, Diagnostics& out);

}  // namespace muster::model
