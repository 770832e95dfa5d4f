// `muster init [DIR]`: a workspace that checks clean and explains itself.
#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/schemas.hpp"
#include "cli/terminal.hpp"
#include "config/scalar.hpp"
#include "embedded/muster.hpp"

namespace muster::cli {

namespace {

namespace fs = std::filesystem;

struct Template {
  std::string_view name;
  std::string_view text;
};

constexpr std::array<Template, 6> kTemplates{{
    {"README.md", embedded::k_workspace_md},
    {"drills/restore-test.yaml", embedded::k_restore_test_yaml},
    {"playbooks/.gitkeep", embedded::k_playbooks_gitkeep},
    {"inventory/hosts.yaml", embedded::k_hosts_yaml},
    {"inventory/people.yaml", embedded::k_people_yaml},
    {"reports/.gitignore", embedded::k_reports_gitignore},
}};
constexpr std::string_view kSchemas = ".schema";

/// The login whose owner `me` is; root where it is no plain word.
std::string login() {
  const passwd* entry = getpwuid(getuid());
  const std::string name = entry ? entry->pw_name : "";
  return config::is_name(name) ? name : "root";
}

std::string filled(std::string_view text) {
  constexpr std::string_view kLogin = "@LOGIN@";
  std::string out{text};
  for (auto at = out.find(kLogin); at != std::string::npos; at = out.find(kLogin))
    out.replace(at, kLogin.size(), login());
  return out;
}

/// Files that are there already, links that lead nowhere too.
std::vector<std::string> in_the_way(const fs::path& folder) {
  std::vector<std::string> found;
  std::error_code ec;
  const auto look = [&](const fs::path& name) {
    if (fs::exists(fs::symlink_status(folder / name, ec))) found.push_back(name.string());
  };
  for (const auto& one : kTemplates) look(one.name);
  look(kSchemas);
  return found;
}

/// Never over anything: what came into being since in_the_way() is left alone as well.
Result<> write_new(const fs::path& path, const std::string& text) {
  std::error_code ec;
  fs::create_directories(path.parent_path(), ec);
  if (ec)
    return Error{fmt::format("{} cannot be made: {}", path.parent_path().string(), ec.message())};
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0)
    return Error{fmt::format("{} cannot be written: {}", path.string(), std::strerror(errno))};
  const auto written = ::write(fd, text.data(), text.size());
  const bool whole = written == static_cast<ssize_t>(text.size());
  if (::close(fd) != 0 || !whole)
    return Error{fmt::format("{} could not be written whole", path.string()), "is there space?"};
  return {};
}

int init(const fs::path& folder) {
  if (const auto found = in_the_way(folder); !found.empty())
    return complain(Error{fmt::format("{} holds already: {}", folder.string(), joined(found, ", ")),
                          "nothing was written; choose an empty folder, or move them away"},
                    kUsage);
  for (const auto& one : kTemplates) {
    const auto path = folder / one.name;
    if (const auto written = write_new(path, filled(one.text)); !written)
      return complain(written.error(), kFail);
    say(path.string());
  }
  const auto schemas = write_schemas(folder / kSchemas);
  if (!schemas) return complain(schemas.error(), kFail);
  say(fmt::format("{} ({} schemas, for editors)", (folder / kSchemas).string(), schemas->size()));
  const bool here = folder == ".";
  const std::string muster =
      here ? "muster" : "muster -C " + shell_quoted(std::string_view{folder.string()});
  say(fmt::format(
      "\nA workspace. README.md explains it. Name a staging host of yours in {}, then:\n"
      "  {} check\n  {} plan restore-test\n  {} run restore-test",
      (folder / "inventory/hosts.yaml").string(), muster, muster, muster));
  return kOk;
}

}  // namespace

void add_init(CLI::App& app, Where&, int& code) {
  auto* command = app.add_subcommand(
      "init", "Makes a workspace that explains itself, with a restore test to begin with");
  auto folder = std::make_shared<std::string>(".");
  command->add_option("DIR", *folder, "Where (default: here); nothing is ever overwritten");
  command->callback([folder, &code] { code = init(fs::path{*folder}.lexically_normal()); });
}

}  // namespace muster::cli
