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

/// Overwrites and empties it.
void forget(std::string& text);

}  // namespace muster::secrets
