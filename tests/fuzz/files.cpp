#include "tests/fuzz/files.hpp"

#include <stdlib.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>

namespace muster::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr std::array kFolders{"drills", "playbooks", "inventory/group_vars", "inventory/host_vars"};
constexpr std::array kNames{"drills/a.yaml",
                            "drills/b.yaml",
                            "playbooks/a.yaml",
                            "playbooks/b.yaml",
                            "inventory/hosts",
                            "inventory/hosts.ini",
                            "inventory/hosts.yaml",
                            "inventory/hosts.json",
                            "inventory/people.yaml",
                            "inventory/secrets.yaml",
                            "inventory/witnesses.yaml",
                            "inventory/group_vars/all",
                            "inventory/group_vars/db.yml",
                            "inventory/host_vars/db-1.yml",
                            "inventory/host_vars/db-2.json"};

}  // namespace

Files files_of(std::string_view bytes, const std::string& first) {
  constexpr std::string_view kHead = "=== ";
  Files files;
  std::string name = first;
  while (!bytes.empty()) {
    const auto end = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
    const auto line = bytes.substr(0, end);
    bytes.remove_prefix(end);
    if (line.starts_with(kHead) && line.ends_with('\n'))
      name = line.substr(kHead.size(), line.size() - kHead.size() - 1);
    else
      files[name] += line;
  }
  return files;
}

Folder::Folder() {
  const bool memory = fs::is_directory("/dev/shm");
  std::string name =
      (fs::path{memory ? "/dev/shm" : fs::temp_directory_path()} / "muster-fuzz-XXXXXX");
  if (!mkdtemp(name.data())) throw std::runtime_error{"no folder can be made: " + name};
  path_ = name;
  for (const auto* folder : kFolders) fs::create_directories(path_ / folder);
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

const fs::path& Folder::hold(const Files& files) {
  for (const auto* name : kNames) {
    const auto it = files.find(name);
    if (it == files.end())
      fs::remove(path_ / name);
    else
      std::ofstream{path_ / name, std::ios::binary | std::ios::trunc} << it->second;
  }
  return path_;
}

}  // namespace muster::fuzz
