// What the lab asks of this machine before it touches it.
#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace muster::lab {

/// We are root; else an error that says how to be.
Result<void> need_root(std::string_view command);

/// Every tool that the scripts use is installed; else an error that names the packages.
Result<void> need_tools();

/// Held while a command changes labs on this machine: one at a time. Released when destroyed.
class Lock {
 public:
  static Result<Lock> take();
  Lock(Lock&& other) noexcept : file_(other.file_) { other.file_ = -1; }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  Lock& operator=(Lock&&) = delete;
  ~Lock();

 private:
  explicit Lock(int file) : file_(file) {}
  int file_;
};

}  // namespace muster::lab
