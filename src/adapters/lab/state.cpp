#include "adapters/lab/state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "embedded/muster_adapters_lab.hpp"

namespace muster::lab {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFilesMax = 200;
constexpr std::uintmax_t kFolderBytesMax = 16u << 20;

constexpr std::array<std::pair<const char*, std::string_view>, 10> kScripts{{
    {"base.sh", scripts::k_base_sh},
    {"boot.sh", scripts::k_boot_sh},
    {"down.sh", scripts::k_down_sh},
    {"init.sh", scripts::k_init_sh},
    {"lib.sh", scripts::k_lib_sh},
    {"network.sh", scripts::k_network_sh},
    {"node.sh", scripts::k_node_sh},
    {"reset.sh", scripts::k_reset_sh},
    {"status.sh", scripts::k_status_sh},
    {"up.sh", scripts::k_up_sh},
}};

Result<void> write_text(const fs::path& file, std::string_view text) {
  std::ofstream out{file, std::ios::binary | std::ios::trunc};
  out << text;
  out.close();
  if (!out) return Error{fmt::format("{} could not be written", file.string())};
  return {};
}

/// A part of a hash's input that no other part can run into.
void add_part(std::string& input, std::string_view part) {
  input += fmt::format("{}:", part.size());
  input += part;
}

std::string words(const std::vector<NodeScript>& list) {
  std::vector<std::string> made;
  for (const auto& entry : list) made.push_back(entry.node + ":" + entry.script);
  return joined(made, " ");
}

/// The regular files of the definition's folder, by name; bounded, without folders in it.
Result<std::vector<fs::path>> files_of(const fs::path& folder) {
  std::vector<fs::path> files;
  std::uintmax_t bytes = 0;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator{folder, failed}) {
    if (!entry.is_regular_file(failed)) continue;
    bytes += entry.file_size(failed);
    files.push_back(entry.path());
    if (files.size() > kFilesMax || bytes > kFolderBytesMax) {
      return Error{
          fmt::format("{} holds more than {} files or {}", folder.string(), kFilesMax, "16 MiB"),
          "keep what belongs to the lab in a folder of its own"};
    }
  }
  if (failed) return Error{fmt::format("{}: {}", folder.string(), failed.message())};
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

fs::path root_folder() {
  return "/var/lib/muster-lab";
}
fs::path state_folder(const std::string& lab) {
  return root_folder() / lab;
}

std::string text_of(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

fs::path base_folder(const Definition& definition, std::string_view base_script) {
  std::string input;
  add_part(input, scripts::k_base_sh);
  add_part(input, definition.suite);
  add_part(input, joined(definition.packages, " "));
  add_part(input, base_script);
  return root_folder() / "base" / hex(sha256(input)).substr(0, 16);
}

Result<std::string> fingerprint(const Definition& definition) {
  const auto files = files_of(definition.folder());
  if (!files) return files.error();
  std::string input;
  for (const auto& [name, text] : kScripts) add_part(input, text);
  for (const auto& file : *files) {
    add_part(input, file.filename().string());
    add_part(input, text_of(file));
  }
  return hex(sha256(input));
}

std::string lab_conf(const Definition& definition, const fs::path& base,
                     std::string_view fingerprint) {
  std::vector<std::string> nodes;
  for (const auto& node : definition.nodes) nodes.push_back(node.name);
  return fmt::format(
      "LAB={}\nBASE={}\nSUBNET={}\nPREFIX={}\nCONTROLLER={}\nFINGERPRINT={}\nNODES='{}'"
      "\nAFTERWARDS='{}'\nREADY='{}'\n",
      definition.lab, base.string(), to_string(definition.network), definition.network.prefix,
      to_string(definition.controller), fingerprint, joined(nodes, " "),
      words(definition.afterwards), words(definition.ready));
}

std::string node_conf(const NodeDefinition& node, std::uint64_t disk_bytes) {
  return fmt::format("ADDRESS={}\nDISK_MIB={}\nPROVISION='{}'\n", to_string(node.address),
                     disk_bytes >> 20, joined(node.provision, " "));
}

std::map<std::string, std::string> parse_conf(std::string_view text) {
  std::map<std::string, std::string> values;
  for (const auto& line : split(text, '\n')) {
    const auto equals = line.find('=');
    if (equals == std::string::npos) continue;
    std::string_view value{line};
    value.remove_prefix(equals + 1);
    if (value.size() >= 2 && value.front() == '\'' && value.back() == '\'') {
      value = value.substr(1, value.size() - 2);
    }
    values[line.substr(0, equals)] = std::string{value};
  }
  return values;
}

Result<void> write_scripts(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return Error{fmt::format("{}: {}", folder.string(), failed.message())};
  for (const auto& [name, text] : kScripts) {
    if (auto written = write_text(folder / name, text); !written) return written;
  }
  return {};
}

Result<void> write_state(const Definition& definition, const fs::path& base,
                         std::string_view fingerprint) {
  const auto folder = state_folder(definition.lab);
  const auto files = files_of(definition.folder());
  if (!files) return files.error();
  std::error_code failed;
  fs::create_directories(folder / "definition", failed);
  for (const auto& file : *files) {
    fs::copy_file(file, folder / "definition" / file.filename(),
                  fs::copy_options::overwrite_existing, failed);
    if (failed)
      return Error{fmt::format("{} could not be copied: {}", file.string(), failed.message())};
  }
  for (const auto& node : definition.nodes) {
    fs::create_directories(folder / "nodes" / node.name, failed);
    auto written = write_text(folder / "nodes" / node.name / "node.conf",
                              node_conf(node, definition.disk_bytes));
    if (!written) return written;
  }
  if (auto written = write_scripts(folder / "lib"); !written) return written;
  return write_text(folder / "lab.conf", lab_conf(definition, base, fingerprint));
}

}  // namespace muster::lab
