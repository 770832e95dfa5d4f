// All that is wrong with a user's files, collected: a reader mends a file once, not once per error.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/place.hpp"

namespace muster::config {

struct Diagnostic {
  Place place;
  std::string what;  ///< What was expected and what was found.
  std::string hint;  ///< What to do; may be empty.
};

/// Not thread-safe. Holds at most kErrorsMax; what comes after is only counted. The same words at
/// the same place count once: a group's variable is read again for each of its hosts.
class Diagnostics {
 public:
  static constexpr std::size_t kErrorsMax = 100;

  void error(Place place, std::string what, std::string hint = {});
  /// "`drils` is not a key of a drill", hint "did you mean `drills`?" or the list of what there is.
  void unknown(Place place, std::string what, std::string_view word,
               std::span<const std::string> right);

  bool empty() const { return count_ == 0; }
  std::size_t count() const { return count_; }
  /// In the order of the files' names, lines, columns.
  std::vector<Diagnostic> sorted() const;
  /// Takes over what another one collected.
  void add(const Diagnostics& other);

 private:
  std::vector<Diagnostic> errors_;
  std::size_t count_ = 0;
};

/// "file:line:col: what"
std::string to_string(const Diagnostic& diagnostic);

/// For a terminal, sorted, each as
///   drills/a.yaml:3:1: `drils` is not a key of a drill
///     3 | drils: x
///       | ^
///     did you mean `drill`?
std::string render(const Diagnostics& diagnostics);

}  // namespace muster::config
