// Milliseconds to read an inventory of 10,000 hosts (groups in groups, variables of all kinds,
// group_vars/ for each group), against Python's own YAML parser (yaml.safe_load, without C) on the
// same file in the same run: what Ansible needs before it has merged anything.
//
//   cmake --preset release && cmake --build --preset release --target bench_inventory
//   build/release/bench/bench_inventory
//
// The limit is one second. Without python3 and its yaml module only the milliseconds are printed.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/id.hpp"
#include "model/workspace.hpp"

using namespace muster;
namespace fs = std::filesystem;

namespace {

constexpr int kHosts = 10'000;
constexpr int kGroups = 200;
constexpr int kRounds = 5;

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream{path} << text;
}

void write_inventory(const fs::path& folder) {
  std::string yaml =
      "all:\n  vars: {ansible_user: ops, muster_environment: staging}\n  children:\n";
  for (int g = 0; g < kGroups; ++g) {
    yaml += fmt::format("    site{}:\n      children:\n        tier{}:\n          hosts:\n", g, g);
    for (int h = g; h < kHosts; h += kGroups)
      yaml += fmt::format(
          "            host-{0:05}.example.org:\n              ansible_host: 10.{1}.{2}.{3}\n"
          "              muster_zone: zone-{4}\n              rack: r{5}\n",
          h, h >> 16, h >> 8 & 255, h & 255, h % 3, h % 40);
    write(folder / "inventory/group_vars" / fmt::format("tier{}.yml", g),
          fmt::format("ansible_port: {}\nansible_become: true\nservice: s{}\nlist: [1, 2, 3]\n",
                      2200 + g, g));
  }
  write(folder / "inventory/hosts.yaml", yaml);
  std::string ini = "[every:children]\n";
  for (int g = 0; g < kGroups; ++g) ini += fmt::format("tier{}\n", g);
  write(folder / "inventory/more", ini + "[every:vars]\nowner=nobody\n");
}

double milliseconds(std::chrono::steady_clock::time_point since) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - since)
      .count();
}

}  // namespace

int main() {
  const auto folder = fs::temp_directory_path() / ("muster-bench-" + random_id());
  write_inventory(folder);
  double best = 1e9;
  for (int i = 0; i < kRounds; ++i) {
    config::Diagnostics out;
    const auto start = std::chrono::steady_clock::now();
    const auto inventory = model::load_inventory(folder, out);
    best = std::min(best, milliseconds(start));
    if (!out.empty() || inventory.hosts.size() != kHosts) {
      fmt::print("the inventory was not read:\n{}", config::render(out));
      return 1;
    }
  }
  const auto file = (folder / "inventory/hosts.yaml").string();
  const auto python =
      fmt::format("python3 -c 'import yaml; yaml.safe_load(open(\"{}\"))' 2>/dev/null", file);
  const auto start = std::chrono::steady_clock::now();
  const bool there = std::system(python.c_str()) == 0;
  const double theirs = milliseconds(start);
  fmt::print("{} hosts, {} groups, group_vars: {:.0f} ms (limit 1000 ms: {:.2f} of it)\n", kHosts,
             2 * kGroups + 2, best, best / 1000);
  if (there)
    fmt::print("python3 yaml.safe_load of hosts.yaml alone: {:.0f} ms; ratio {:.2f}\n", theirs,
               best / theirs);
  else
    fmt::print("SKIPPED: python3 with yaml is not installed, no ratio\n");
  fs::remove_all(folder);
  return best < 1000 ? 0 : 1;
}
