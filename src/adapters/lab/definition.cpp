#include "adapters/lab/definition.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/lab/shapes.hpp"
#include "config/map.hpp"
#include "config/yaml.hpp"

namespace muster::lab {
namespace {

using config::Diagnostics;
using config::Map;
using config::Node;
using config::Place;

constexpr std::uint64_t kDiskBytesMin = 256ull << 20;
constexpr std::uint64_t kDiskBytesMax = 1ull << 40;

// These words go into shell files and command lines: nothing but these characters, and no option's
// dash.
bool is_made_of(std::string_view text, std::string_view more, std::size_t size_max) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= size_max && plain(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return plain(c) || more.find(c) != std::string_view::npos; });
}

std::string host_name(const std::string& text, std::size_t size_max, Place place,
                      Diagnostics& out) {
  if (!text.empty() && (!is_made_of(text, "-", size_max) || text.back() == '-')) {
    out.error(
        place,
        fmt::format("a name of at most {} small letters, digits and dashes was expected, not '{}'",
                    size_max, text));
  }
  return text;
}

std::string script(const std::string& text, const Place& place, Diagnostics& out) {
  if (!is_made_of(text, "-_.ABCDEFGHIJKLMNOPQRSTUVWXYZ", 64)) {
    out.error(place,
              fmt::format("the name of a script beside this file was expected, not '{}'", text),
              "no folders, no blanks");
  }
  return text;
}

std::vector<std::string> scripts(Map& map, Diagnostics& out) {
  std::vector<std::string> names;
  if (const auto list = map.located<std::vector<std::string>>("provision"))
    for (const auto& name : **list) names.push_back(script(name, list->place, out));
  return names;
}

Address host_address(Map& map, std::string_view key, const Network& network, Diagnostics& out) {
  const auto text = map.required_located<std::string>(key);
  if (text->empty()) return {};
  const auto address = parse_address(*text);
  if (!address || !is_host_of(network, *address)) {
    out.error(text.place, fmt::format("an address of a host in {} was expected, not '{}'",
                                      to_string(network), *text));
  }
  return address.value_or(Address{});
}

Network read_network(Map& map, Diagnostics& out) {
  const auto text = map.required_located<std::string>("network");
  if (text->empty()) return {};
  const auto network = parse_network(*text);
  if (!network || !is_private(*network)) {
    out.error(
        text.place,
        fmt::format("a private network such as 10.231.77.0/24 was expected, not '{}'", *text));
  }
  return network.value_or(Network{});
}

void read_base(const Node& node, Definition& definition, Diagnostics& out) {
  Map map{node, base_shape(), out};
  const auto suite = map.required_located<std::string>("suite");
  if (!suite->empty() && !is_made_of(*suite, "-", 32))
    out.error(suite.place, "a Debian suite was expected");
  definition.suite = *suite;
  if (const auto list = map.located<std::vector<std::string>>("packages")) {
    definition.packages = **list;
    for (const auto& package : definition.packages) {
      if (!is_made_of(package, "+-.", 100)) {
        out.error(list->place, fmt::format("'{}' is not a name of a Debian package", package));
      }
    }
  }
  if (const auto name = map.located<std::string>("script")) {
    definition.base_script = script(**name, name->place, out);
  }
  map.finish();
}

void read_nodes(const Node& node, Definition& definition, Diagnostics& out) {
  if (!node.is_map() || node.entries.empty() || node.entries.size() > kNodesMax) {
    out.error(node.place, fmt::format("1 to {} nodes were expected, by name", kNodesMax));
    return;
  }
  std::vector<Address> taken{definition.controller};
  for (const auto& entry : node.entries) {
    NodeDefinition made;
    made.name = host_name(entry.key, kNodeNameMax, entry.place, out);
    if (made.name == "lab" || made.name == "machine" || made.name == "lo" ||
        made.name == "localhost" || made.name == "controller") {
      out.error(entry.place, fmt::format("'{}' is taken by the lab itself", made.name),
                "choose another name");
    }
    Map map{entry.value, node_shape(), out};
    if (!map) continue;
    made.address = host_address(map, "address", definition.network, out);
    if (std::find(taken.begin(), taken.end(), made.address) != taken.end()) {
      out.error(entry.place, fmt::format("the address of '{}' is taken", made.name));
    }
    taken.push_back(made.address);
    made.provision = scripts(map, out);
    map.finish();
    definition.nodes.push_back(std::move(made));
  }
}

std::vector<NodeScript> node_scripts(const Node* node, const Definition& definition,
                                     Diagnostics& out) {
  std::vector<NodeScript> made;
  if (!node) return made;
  if (!node->is_sequence()) out.error(node->place, "a list of {node: …, script: …} was expected");
  for (const auto& item : node->items) {
    Map map{item, node_script_shape(), out};
    if (!map) continue;
    const auto name = map.required_located<std::string>("node");
    const auto file = map.required_located<std::string>("script");
    map.finish();
    std::vector<std::string> names;
    for (const auto& known : definition.nodes) names.push_back(known.name);
    if (!name->empty() && std::find(names.begin(), names.end(), *name) == names.end()) {
      out.unknown(name.place, fmt::format("`{}` is not a node of this lab", *name), *name, names);
    }
    if (!file->empty()) made.push_back({*name, script(*file, file.place, out)});
  }
  return made;
}

void look_for_scripts(const Definition& definition, const Place& place, Diagnostics& out) {
  std::vector<std::string> wanted;
  if (!definition.base_script.empty()) wanted.push_back(definition.base_script);
  for (const auto& node : definition.nodes) {
    wanted.insert(wanted.end(), node.provision.begin(), node.provision.end());
  }
  for (const auto* list : {&definition.afterwards, &definition.ready}) {
    for (const auto& entry : *list) wanted.push_back(entry.script);
  }
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  for (const auto& name : wanted) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(definition.folder() / name, ignored)) {
      out.error(place, fmt::format("the script '{}' is not there", name),
                "it belongs beside " + definition.file.filename().string());
    }
  }
}

}  // namespace

Definition read_definition(const Node& document, Diagnostics& out) {
  Definition definition;
  Map map{document, definition_shape(), out};
  if (!map) return definition;
  const auto name = map.required_located<std::string>("lab");
  definition.lab = host_name(*name, kLabNameMax, name.place, out);
  if (definition.lab == "base")
    out.error(name.place, "'base' is taken by the lab itself", "choose another name");
  definition.network = read_network(map, out);
  definition.controller = host_address(map, "controller", definition.network, out);
  definition.disk_bytes = map.required<config::Size>("disk").bytes;
  if (map.has("disk") &&
      (definition.disk_bytes < kDiskBytesMin || definition.disk_bytes > kDiskBytesMax)) {
    out.error(map.key_place("disk"), "256MiB to 1TiB were expected");
  }
  if (const Node* base = map.need("base")) read_base(*base, definition, out);
  if (const Node* nodes = map.need("nodes")) read_nodes(*nodes, definition, out);
  definition.afterwards = node_scripts(map.get("afterwards"), definition, out);
  definition.ready = node_scripts(map.get("ready"), definition, out);
  map.finish();
  return definition;
}

Result<Definition> load_definition(const std::filesystem::path& file) {
  Diagnostics out;
  Definition definition;
  const auto source = config::read_source(file, file.string(), config::Dialect::strict, out);
  const auto document =
      source ? config::parse_yaml(source, config::Dialect::strict, out) : std::nullopt;
  if (document) {
    definition = read_definition(*document, out);
    definition.file = std::filesystem::absolute(file).lexically_normal();
    if (out.empty()) look_for_scripts(definition, document->place, out);
  }
  if (!out.empty()) return Error{config::render(out)};
  return definition;
}

}  // namespace muster::lab
