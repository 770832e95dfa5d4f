#include "cli/export_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "base/id.hpp"
#include "base/text.hpp"

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

/// Names come from the record too, and whoever wrote that must not choose where files are put.
bool is_below(std::string_view name) {
  const auto parts = split(name, '/');
  return std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7f; }) &&
         std::none_of(parts.begin(), parts.end(),
                      [](const auto& part) { return part.empty() || part == "." || part == ".."; });
}

/// A tile or a bundle that is not full: a fuller one comes in its place.
bool is_partial(const std::string& name) {
  return name.ends_with(".p") || name.find(".p/") != std::string::npos;
}

/// Open, and locked if the file system can do that; -1: not.
int locked(const fs::path& folder) {
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
  close(fd);
  return -1;
}

/// All that is in it an export writes, and there is something: an empty one may be that of an
/// export that is about to lock it.
bool holds_an_export(const fs::path& folder) {
  bool any = false;
  std::error_code ec;
  for (fs::directory_iterator it{folder, ec}, end; !ec && it != end; it.increment(ec)) {
    const auto name = it->path().filename().string();
    any = true;
    if (name != "run" && name != "keys" && name != "persons.json" && name != kMarker &&
        name != "workspace" && !name.starts_with("workspace."))
      return false;
  }
  return any && !ec;
}

/// An export holds its lock while it goes on; where nothing can be locked, nothing is left over.
bool is_left_over(const fs::path& folder) {
  const int fd = locked(folder);
  if (fd < 0) return false;
  struct stat is {};
  const bool ours = fstat(fd, &is) == 0 && is.st_uid == geteuid();
  close(fd);
  return ours && holds_an_export(folder);
}

constexpr const char* kFreshMark = ".new-";
constexpr std::size_t kFreshDigits = 8;

/// What exports into this folder left that were killed.
void remove_leftovers(const fs::path& folder) {
  const auto begin = folder.filename().string() + kFreshMark;
  std::vector<fs::path> found;
  std::error_code ec;
  for (fs::directory_iterator it{folder.parent_path(), ec}, end; !ec && it != end;
       it.increment(ec)) {
    const auto name = it->path().filename().string();
    if (name.size() == begin.size() + kFreshDigits && name.starts_with(begin) &&
        name.find_first_not_of("0123456789abcdef", begin.size()) == name.npos &&
        is_left_over(it->path()))
      found.push_back(it->path());
  }
  for (const auto& path : found) fs::remove_all(path, ec);
}

}  // namespace

Result<ExportFolder> ExportFolder::begin(fs::path folder, std::string made_of) {
  std::error_code ec;
  folder = fs::absolute(folder, ec).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();  // a slash at the end
  if (fs::is_symlink(fs::symlink_status(folder, ec))) {
    const auto real = fs::canonical(folder, ec);
    if (ec)
      return Error{fmt::format("{} is a link to what is not there", folder.string()),
                   "make the folder that it points to, or name another"};
    folder = real;
  }
  made_of += "\n";
  if (fs::exists(folder, ec) && !fs::is_directory(folder, ec))
    return Error{fmt::format("{} is no folder", folder.string()),
                 "name a folder that is not there yet"};
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
  remove_leftovers(folder);
  auto fresh = folder;
  fresh += kFreshMark + random_id().substr(0, kFreshDigits);
  if (!fs::create_directories(fresh, ec) || ec) return failed(fresh);
  return ExportFolder{std::move(folder), std::move(fresh), std::move(made_of)};
}

ExportFolder::ExportFolder(fs::path folder, fs::path fresh, std::string made_of)
    : folder_{std::move(folder)},
      fresh_{std::move(fresh)},
      made_of_{std::move(made_of)},
      lock_{locked(fresh_)} {}

ExportFolder::ExportFolder(ExportFolder&& other) noexcept
    : folder_{std::move(other.folder_)},
      fresh_{std::exchange(other.fresh_, {})},
      made_of_{std::move(other.made_of_)},
      lock_{std::exchange(other.lock_, -1)} {}

ExportFolder::~ExportFolder() {
  std::error_code ec;
  if (!fresh_.empty()) fs::remove_all(fresh_, ec);
  if (lock_ >= 0) close(lock_);
}

std::string ExportFolder::earlier(const std::string& name) const {
  return content(folder_ / name);
}

Result<> ExportFolder::write(const std::string& name, const std::string& bytes, Keep keep) {
  if (!is_below(name))
    return Error{fmt::format("the record wants a file written under the name '{}'",
                             printable(bounded(name, 80))),
                 "it was changed: nothing is written; `muster audit verify`"};
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

Result<> ExportFolder::check_nothing_lost() const {
  std::error_code ec, not_there;
  for (fs::recursive_directory_iterator it{folder_, ec}, end; !ec && it != end; it.increment(ec)) {
    const auto name = it->path().lexically_relative(folder_).generic_string();
    // Whom entries name may be left out at any time.
    if (is_partial(name) || name == "persons.json") continue;
    if (!fs::exists(fs::symlink_status(fresh_ / name, not_there)))
      return Error{fmt::format("{} is there from an earlier export, and the record has nothing for "
                               "it any more",
                               printable(it->path().string())),
                   "nothing is written. Keep that export, it is the proof, and see `muster audit "
                   "verify`; a file of your own move away"};
  }
  if (ec) return Error{fmt::format("{} cannot be read: {}", folder_.string(), ec.message())};
  return {};
}

Result<> ExportFolder::commit() {
  if (!write_file(fresh_ / kMarker, made_of_)) return failed(fresh_ / kMarker);
  std::error_code ec;
  const bool there = fs::exists(folder_, ec);
  if (there)
    if (const auto good = check_nothing_lost(); !good) return good.error();
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
