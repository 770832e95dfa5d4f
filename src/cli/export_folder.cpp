#include "cli/export_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/id.hpp"

namespace muster::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* kMarker = "muster-export";

std::string content(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// All of its file system: one wait, where each of thousands of tiles would be one.
bool make_durable(const fs::path& folder) {
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool good = fd >= 0 && syncfs(fd) == 0;
  if (fd >= 0) close(fd);
  return good;
}

bool write_file(const fs::path& file, const std::string& bytes) {
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0) return false;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const auto n = ::write(fd, bytes.data() + at, bytes.size() - at);
    if (n <= 0) break;
    at += static_cast<std::size_t>(n);
  }
  return close(fd) == 0 && at == bytes.size();
}

Error failed(const fs::path& path) {
  return Error{fmt::format("{} cannot be written: {}", path.string(), std::strerror(errno))};
}

}  // namespace

Result<ExportFolder> ExportFolder::begin(fs::path folder, std::string made_of) {
  std::error_code ec;
  folder = fs::absolute(folder, ec).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();  // a slash at the end
  made_of += "\n";
  if (fs::exists(folder, ec) && !fs::is_empty(folder, ec)) {
    const auto was = content(folder / kMarker);
    if (was.empty())
      return Error{fmt::format("{} is not empty, and no export of Muster", folder.string()),
                   "name a folder that is not there yet"};
    if (was != made_of)
      return Error{fmt::format("{} holds another export: {}", folder.string(),
                               was.substr(0, was.find('\n'))),
                   "name another folder"};
  }
  auto fresh = folder;
  fresh += ".new-" + random_id().substr(0, 8);
  if (!fs::create_directories(fresh, ec) || ec) return failed(fresh);
  return ExportFolder{std::move(folder), std::move(fresh), std::move(made_of)};
}

ExportFolder::ExportFolder(ExportFolder&& other) noexcept
    : folder_{std::move(other.folder_)},
      fresh_{std::exchange(other.fresh_, {})},
      made_of_{std::move(other.made_of_)} {}

ExportFolder::~ExportFolder() {
  std::error_code ec;
  if (!fresh_.empty()) fs::remove_all(fresh_, ec);
}

std::string ExportFolder::earlier(const std::string& name) const {
  return content(folder_ / name);
}

Result<> ExportFolder::write(const std::string& name, const std::string& bytes, Keep keep) {
  std::error_code ec;
  const auto file = fresh_ / name, old_file = folder_ / name;
  fs::create_directories(file.parent_path(), ec);
  if (keep != Keep::any && fs::exists(old_file, ec)) {
    const auto was = content(old_file);
    const bool fits = keep == Keep::same ? was == bytes : bytes.starts_with(was);
    if (!fits)
      return Error{fmt::format("{} was exported earlier with another content: the record was "
                               "changed since, or that copy was",
                               old_file.string()),
                   "keep both; `muster audit verify --checkpoint` with a checkpoint of the copy"};
    if (was == bytes) {
      fs::create_hard_link(old_file, file, ec);
      if (!ec) return {};
    }
  }
  if (!write_file(file, bytes)) return failed(file);
  return {};
}

Result<> ExportFolder::take_over(const std::string& run) {
  std::error_code ec;
  for (fs::directory_iterator it{folder_ / "run", ec}, end; !ec && it != end; it.increment(ec)) {
    const auto name = it->path().filename();
    if (name != run && name.stem() != run) continue;  // a folder of tiles, or a file of lines
    std::error_code failure;
    fs::create_directories(fresh_ / "run", failure);
    fs::copy(it->path(), fresh_ / "run" / name,
             fs::copy_options::recursive | fs::copy_options::create_hard_links, failure);
    if (failure) return failed(fresh_ / "run" / name);
  }
  return {};
}

Result<> ExportFolder::commit() {
  if (!write_file(fresh_ / kMarker, made_of_)) return failed(fresh_ / kMarker);
  std::error_code ec;
  const bool there = fs::exists(folder_, ec);
  const unsigned flags = there ? RENAME_EXCHANGE : RENAME_NOREPLACE;
  if (!make_durable(fresh_) ||
      renameat2(AT_FDCWD, fresh_.c_str(), AT_FDCWD, folder_.c_str(), flags) != 0)
    return failed(folder_);
  if (there) fs::remove_all(fresh_, ec);  // the earlier one now
  fresh_.clear();
  make_durable(folder_.parent_path());
  return {};
}

}  // namespace muster::cli
