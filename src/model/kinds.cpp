// The kinds of files of a workspace.
#include "model/calendars.hpp"
#include "model/notifications.hpp"
#include "model/policy.hpp"
#include "model/retention.hpp"
#include "model/server.hpp"
#include "model/shapes.hpp"
#include "model/witnesses.hpp"

namespace muster::model {

std::span<const config::FileKind> file_kinds() {
  using namespace config;
  static const std::vector<FileKind> kinds{
      {"drill", "Drills", "drills/*.yaml",
       either({map(drill_of_playbook_shape), map(drill_with_steps_shape)})},
      {"playbook", "Playbooks", "playbooks/*.yaml", map(playbook_shape)},
      {"people", "People", "inventory/people.yaml", map(people_file_shape)},
      {"policy", "Policy", "inventory/policy.yaml", map(policy_file_shape)},
      {"secrets", "Secrets", "inventory/secrets.yaml", map(secrets_file_shape)},
      {"witnesses", "Witnesses", "inventory/witnesses.yaml", map(witnesses_file_shape)},
      {"calendars", "Calendars", "inventory/calendars.yaml", map(calendars_file_shape)},
      {"notifications", "Notifications", "inventory/notifications.yaml",
       map(notifications_file_shape)},
      {"server", "Server", "inventory/server.yaml", map(server_file_shape)},
      {"retention", "Retention", "inventory/retention.yaml", map(retention_file_shape)},
  };
  return kinds;
}

}  // namespace muster::model
