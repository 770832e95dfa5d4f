// Who holds a store: an exclusive lock beside it, with the holder's pid and command inside, so that
// a second process can say who was first. The kernel frees it when the holder dies, however it
// dies.
#pragma once
#include <chrono>
#include <string>

#include "base/result.hpp"

namespace muster::sqlite {

/// Who holds a store now.
struct Holder {
  enum class Is {
    nobody,
    somebody,
    not_known
  } is = Is::not_known;  // not_known: it may not be read
  std::string who;       // "pid 123 (muster run orders)" as the holder wrote it; "" when it did not
  /// It runs a drill or serves, so it is there for long, and answers over its socket.
  bool answers() const;
  bool serves() const;  // it is a server, which is there until it is ended
  bool is_this_process() const;
};

class LockFile {
 public:
  /// Another command is done in a moment.
  static constexpr std::chrono::milliseconds kWaitMost{5'000};

  /// Takes the lock or says who has it: at once when that one answers others, else after `most`.
  /// Not inherited by programs that are started. Blocks.
  static Result<LockFile> take(const std::string& path, std::chrono::milliseconds most = kWaitMost);
  /// Makes nothing. For a moment nobody else can take the lock.
  static Holder look(const std::string& path);

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
