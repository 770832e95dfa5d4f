// What may be asked by whom, in four kinds. docs/server.md tells them to users.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace muster::api {

enum class Scope : std::uint8_t {
  read = 1,     ///< the record, and what is under way
  run = 2,      ///< start, stop, hold; notes
  approve = 4,  ///< what a person does in their own name: answers, roles, approvals
  admin = 8     ///< tokens
};

std::string_view name_of(Scope scope);

/// A set of them.
class Scopes {
 public:
  Scopes() = default;
  static Scopes all();
  /// "read,run": each once, in any order; at least one.
  static Result<Scopes> parse(std::string_view text);

  void add(Scope scope) { bits_ |= static_cast<std::uint8_t>(scope); }
  void remove(Scope scope) { bits_ &= static_cast<std::uint8_t>(~static_cast<unsigned>(scope)); }
  bool has(Scope scope) const { return (bits_ & static_cast<std::uint8_t>(scope)) != 0; }
  /// In the order above.
  std::vector<std::string> names() const;
  bool operator==(const Scopes&) const = default;

 private:
  std::uint8_t bits_ = 0;
};

}  // namespace muster::api
