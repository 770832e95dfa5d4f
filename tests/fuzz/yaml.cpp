// The strict reader of Muster's own files, the one of other tools' YAML, and Ansible's INI. No
// error means a document; every error is at a place of the file, and can be shown in a terminal.
#include <algorithm>

#include "config/ini.hpp"
#include "config/yaml.hpp"
#include "tests/fuzz/target.hpp"

namespace muster::fuzz {
namespace {

using config::Dialect;

void promise_shown(const config::Diagnostics& out, std::size_t lines) {
  for (const auto& error : out.sorted()) {
    promise(error.place.line <= lines, "an error stands behind the end of the file");
    promise(!error.what.empty(), "an error says nothing");
  }
  promise_printable(config::render(out), "what is shown of the errors");
}

std::size_t count(const config::Node& node) {
  std::size_t n = 1;
  for (const auto& item : node.items) n += count(item);
  for (const auto& entry : node.entries) n += count(entry.value);
  return n;
}

}  // namespace

void yaml(std::string_view bytes) {
  const auto lines = static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n')) + 2;
  for (const auto dialect : {Dialect::strict, Dialect::inventory}) {
    config::Diagnostics out;
    const auto source = config::make_source("file.yaml", std::string{bytes}, dialect, out);
    const auto document = source ? config::parse_yaml(source, dialect, out) : std::nullopt;
    promise(document || !out.empty(), "there is neither a document nor an error");
    if (document) promise(count(*document) <= 2 * config::kInventoryNodesMax, "too many nodes");
    promise_shown(out, lines);
  }
  config::Diagnostics out;
  if (const auto source = config::make_source("hosts", std::string{bytes}, Dialect::ini, out))
    config::parse_ini(source, out);
  promise_shown(out, lines);
}

}  // namespace muster::fuzz
