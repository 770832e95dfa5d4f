// One input as several files, readable as one text:
//   === drills/a.yaml
//   drill: a
// What stands before the first such line is the file that the target names.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace muster::fuzz {

using Files = std::map<std::string, std::string>;

Files files_of(std::string_view bytes, const std::string& first);

/// A folder of this process's own, in memory where that can be had; gone when the process ends.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  /// Holds these files then, and no others. Only those whose folder and name a workspace has are
  /// written: no name of an input leads anywhere else.
  const std::filesystem::path& hold(const Files& files);

 private:
  std::filesystem::path path_;
};

}  // namespace muster::fuzz
