// Who holds a store: an exclusive lock beside it, with the holder's pid and command inside, so that
// a second process can say who was first. The kernel frees it when the holder dies, however it
// dies.
#pragma once
#include <string>

#include "base/result.hpp"

namespace muster::sqlite {

class LockFile {
 public:
  /// Takes the lock at once or says who has it. Not inherited by programs that are started.
  static Result<LockFile> take(const std::string& path);
  /// "pid 123 (muster run orders)" as the holder wrote it; "" when nobody ever did. Does not take
  /// the lock: says who held it last.
  static std::string holder(const std::string& path);

  /// Adds to what the holder wrote, as "run ID of DRILL". Only by who holds it; for the reader, so
  /// a failure is nobody's business.
  static void note(const std::string& path, const std::string& text);

  /// Removes what the holder wrote: for a command whose words must not stay.
  static void forget(const std::string& path);

  LockFile(LockFile&& other) noexcept;
  LockFile& operator=(LockFile&&) = delete;
  ~LockFile();

 private:
  explicit LockFile(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace muster::sqlite
