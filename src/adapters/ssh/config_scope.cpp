#include "adapters/ssh/config_scope.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/text.hpp"

namespace muster::ssh {
namespace {

std::string lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

constexpr std::string_view kFolder = "/etc/ssh/ssh_config.d/*.conf";

}  // namespace

bool tells_no_hosts_apart(std::string_view config, const std::vector<std::string>& read_too) {
  for (const auto& raw : split(config, '\n')) {
    const auto line = trimmed(raw);
    if (line.empty() || line.starts_with('#')) continue;
    if (line.find_first_of("%$\"") != std::string_view::npos) return false;
    const auto end = std::min(line.find_first_of(" \t="), line.size());
    const auto key = lower(line.substr(0, end));
    const auto first = line.find_first_not_of(" \t=", end);
    const auto value = first == std::string_view::npos ? std::string_view{} : line.substr(first);
    if (key == "match" || key == "hostname" || key.starts_with("canonical")) return false;
    if (key == "host" && value != "*") return false;
    if (key == "include" && std::ranges::find(read_too, value) == read_too.end()) return false;
  }
  return true;
}

bool same_for_all_hosts(const std::string& home, const std::vector<std::string>& ssh_args) {
  for (const auto& arg : ssh_args) {
    const auto word = lower(arg);
    if (word.starts_with("-f") || word.find_first_of("%$") != std::string::npos ||
        word.find("include") != std::string::npos || word.find("hostname") != std::string::npos ||
        word.find("canonical") != std::string::npos)
      return false;
  }
  const std::vector<std::string> folder{std::string{kFolder}};
  if (!tells_no_hosts_apart(text_of(home + "/.ssh/config"), {}) ||
      !tells_no_hosts_apart(text_of("/etc/ssh/ssh_config"), folder))
    return false;
  std::error_code ec;
  for (const auto& file : std::filesystem::directory_iterator{"/etc/ssh/ssh_config.d", ec})
    if (file.path().extension() == ".conf" && !tells_no_hosts_apart(text_of(file.path()), {}))
      return false;
  return true;
}

}  // namespace muster::ssh
