// The bytes of one secret while Muster needs them: in memory that is not swapped out (as far as the
// kernel lets us), and overwritten when it is given back.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace muster::secrets {

class Held {
 public:
  /// Takes the bytes over: those in `bytes` are overwritten.
  explicit Held(std::string&& bytes);
  ~Held();
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  std::string_view bytes() const { return {data_, size_}; }

 private:
  char* data_ = nullptr;
  std::size_t size_ = 0;
};

/// From now on a crash of this process leaves no core, and nobody without CAP_SYS_PTRACE reads its
/// memory or environment in /proc. What it starts is as ever (exec undoes it): that is why no limit
/// on cores is set, which a service that a drill starts anew would inherit. Not under
/// AddressSanitizer, whose search for leaks would end in a failure without that right.
void keep_memory_private();

/// Overwrites and empties it.
void forget(std::string& text);

}  // namespace muster::secrets
