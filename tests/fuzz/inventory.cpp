// An inventory of INI, YAML and files of variables, as Ansible would read it; and patterns over it,
// one a line below `=== patterns`. What a pattern selects is in the inventory, once, and not
// nobody.
#include <set>

#include "base/text.hpp"
#include "model/workspace.hpp"
#include "tests/fuzz/files.hpp"
#include "tests/fuzz/target.hpp"

namespace muster::fuzz {

void inventory(std::string_view bytes) {
  static Folder folder;
  auto files = files_of(bytes, "inventory/hosts.ini");
  const auto patterns = split(files["patterns"], '\n');
  const auto& root = folder.hold(files);
  config::Diagnostics out, listing;
  const auto read = model::load_inventory(root, out);
  model::list_inventory(root, listing);
  promise_printable(config::render(out), "what is shown of the errors");
  for (const auto& group : read.groups)
    for (const auto& host : group.hosts)
      promise(read.host(host) != nullptr, "a group has a host that is none");
  for (const auto& pattern : patterns) {
    const auto selected = read.select(pattern);
    if (!selected) continue;
    promise(!selected->empty(), "a pattern selects nobody");
    promise(std::set(selected->begin(), selected->end()).size() == selected->size(),
            "a pattern selects a host twice");
    for (const auto& host : *selected)
      promise(read.host(host) != nullptr, "a pattern selects who is not there");
  }
}

}  // namespace muster::fuzz
