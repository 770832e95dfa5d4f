// A folder that an export writes: it appears as a whole or not at all, and a later export into it
// only adds. What stands there already is held against what is to be written: a copy that was made
// earlier is a witness too.
#pragma once
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace muster::cli {

class ExportFolder {
 public:
  /// What may become of a file that an earlier export wrote.
  enum class Keep {
    same,   ///< nothing: full tiles and bundles
    grows,  ///< it begins with the earlier one: lines
    any     ///< the caller has judged it: checkpoints, keys
  };

  /// `made_of`: what is exported and how; an earlier export of something else is refused. So is a
  /// folder with anything else in it. A link is followed. What killed exports left beside it goes.
  static Result<ExportFolder> begin(std::filesystem::path folder, std::string made_of);
  ExportFolder(ExportFolder&& other) noexcept;
  /// Takes away what was not committed.
  ~ExportFolder();

  /// `name`: relative, and below this folder. An error when it is not, when the disk does not take
  /// it, or when the earlier file says otherwise.
  Result<> write(const std::string& name, const std::string& bytes, Keep keep);
  /// What an earlier export wrote; "" when there is none.
  std::string earlier(const std::string& name) const;
  /// Puts it in the place of the earlier one, at once. An error, and the earlier one stays, when
  /// that has something that this lacks.
  Result<> commit();
  /// What an earlier export here has of the run is taken over as it is: of one whose record was
  /// removed since, that copy is not ours to remove. Nothing when there is none.
  Result<> take_over(const std::string& run);

 private:
  ExportFolder(std::filesystem::path folder, std::filesystem::path fresh, std::string made_of);
  Result<> check_nothing_lost() const;
  std::filesystem::path folder_;
  std::filesystem::path fresh_;  ///< beside it; empty once it is committed
  std::string made_of_;
  int lock_ = -1;  ///< on `fresh_`: it is no leftover
};

}  // namespace muster::cli
