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
  /// folder with anything else in it.
  static Result<ExportFolder> begin(std::filesystem::path folder, std::string made_of);
  ExportFolder(ExportFolder&& other) noexcept;
  /// Takes away what was not committed.
  ~ExportFolder();

  /// `name`: relative, from our own code. An error when the disk does not take it, or the earlier
  /// file says otherwise.
  Result<> write(const std::string& name, const std::string& bytes, Keep keep);
  /// What an earlier export wrote; "" when there is none.
  std::string earlier(const std::string& name) const;
  /// Puts it in the place of the earlier one, at once.
  Result<> commit();
  /// What an earlier export here has of the run is taken over as it is: of one whose record was
  /// removed since, that copy is not ours to remove. Nothing when there is none.
  Result<> take_over(const std::string& run);

 private:
  ExportFolder(std::filesystem::path folder, std::filesystem::path fresh, std::string made_of)
      : folder_{std::move(folder)}, fresh_{std::move(fresh)}, made_of_{std::move(made_of)} {}
  std::filesystem::path folder_;
  std::filesystem::path fresh_;  ///< beside it; empty once it is committed
  std::string made_of_;
};

}  // namespace muster::cli
