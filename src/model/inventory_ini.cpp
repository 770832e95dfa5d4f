// Ansible's INI inventories: sections of hosts, children and variables. A group may be named as a
// child before its own section comes; it then joins when that section does, as in Ansible.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "model/inventory_reader.hpp"

namespace muster::model {

class InventoryReader::IniSource {
 public:
  IniSource(InventoryReader& reader, const std::vector<config::IniSection>& sections)
      : reader_(reader), tree_(reader.tree_), out_(reader.out_), sections_(sections) {}

  void read() {
    for (const auto& section : sections_) {
      if (!reader_.is_group_name(section.group, section.place)) continue;
      const auto group = open(section);
      for (const auto& line : section.lines) read_line(section, line, group);
    }
    for (const auto& [name, pending] : pending_)
      if (pending.parents.empty())
        out_.error(pending.place,
                   fmt::format("variables of the group `{}`, which is not there", name),
                   fmt::format("it needs a section [{}] or [{}:children]", name, name));
      else
        out_.error(pending.place, fmt::format("the child `{}` is no group", name),
                   fmt::format("it needs a section [{}], be it an empty one", name));
  }

 private:
  using Kind = config::IniSection::Kind;
  /// Named, but without a section of hosts or children so far.
  struct Pending {
    Place place;
    std::vector<std::string> parents;  ///< Empty: only variables were given.
  };

  InventoryTree::Index open(const config::IniSection& section) {
    const bool fresh = !tree_.find_group(section.group);
    if (fresh && section.kind == Kind::variables)
      pending_.try_emplace(section.group, Pending{section.place, {}});
    const auto group = tree_.add_group(section.group, section.place);
    if (section.kind != Kind::variables) join(section.group, 0);
    return group;
  }

  /// The group joins its parents, and those theirs, when they waited too.
  void join(const std::string& name, std::size_t depth) {
    const auto found = pending_.find(name);
    if (found == pending_.end() || depth > 100) return;
    const auto parents = found->second.parents;
    pending_.erase(found);
    for (const auto& parent : parents) {
      tree_.add_child(tree_.add_group(parent, {}), tree_.add_group(name, {}));
      join(parent, depth + 1);
    }
  }

  void read_line(const config::IniSection& section, const config::IniLine& line,
                 InventoryTree::Index group) {
    if (section.kind == Kind::children) return read_child(section, line, group);
    const auto& kept = keep(line);
    if (section.kind == Kind::variables) {
      for (const auto& entry : kept.entries)
        tree_.set_group_variable(group, entry.key, {entry.place, &entry.value}, out_);
      return;
    }
    if (line.word.ends_with(':'))
      return out_.error(line.place,
                        fmt::format("`{}` is not a host's name", bounded(line.word, 80)),
                        "is this YAML? then the file is named *.yaml");
    for (const auto host : reader_.add_hosts(line.word, line.place, group))
      for (const auto& entry : kept.entries)
        tree_.set_host_variable(host, entry.key, {entry.place, &entry.value}, out_);
  }

  void read_child(const config::IniSection& section, const config::IniLine& line,
                  InventoryTree::Index group) {
    if (!reader_.is_group_name(line.word, line.place)) return;
    const auto child = tree_.find_group(line.word);
    if (child) return tree_.add_child(group, *child);
    auto& pending = pending_.try_emplace(line.word, Pending{line.place, {}}).first->second;
    pending.parents.push_back(section.group);
  }

  const config::Node& keep(const config::IniLine& line) {
    config::Node map;
    map.kind = config::Node::Kind::map;
    map.place = line.place;
    map.entries = line.variables;
    return reader_.keep(std::move(map));
  }

  InventoryReader& reader_;
  InventoryTree& tree_;
  Diagnostics& out_;
  const std::vector<config::IniSection>& sections_;
  std::map<std::string, Pending> pending_;
};

void InventoryReader::read(const std::vector<config::IniSection>& sections) {
  IniSource{*this, sections}.read();
}

}  // namespace muster::model
