// A folder of its own that goes away, for files with secrets.
#pragma once
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "base/id.hpp"

namespace muster::test {

class Folder {
 public:
  Folder() { std::filesystem::create_directories(root_); }
  ~Folder() { std::filesystem::remove_all(root_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& name, const std::string& text, mode_t mode = 0600) const {
    const auto path = root_ / name;
    std::ofstream{path, std::ios::binary} << text;
    ::chmod(path.c_str(), mode);
    return path.string();
  }
  const std::filesystem::path& root() const { return root_; }

 private:
  std::filesystem::path root_ =
      std::filesystem::temp_directory_path() / ("muster-test-" + muster::random_id());
};

}  // namespace muster::test
