// Text with `${…}` in it. Parsed when the file is read, resolved by plan/ (and, for answers of
// people, by the run). There is no expression language: a reference is a dotted name, nothing else.
#pragma once
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/diagnostics.hpp"
#include "config/node.hpp"
#include "config/place.hpp"

namespace muster::model {

using config::Diagnostics;
using config::Located;
using config::Place;

/// `${front.address}` is {"front", "address"}; never empty. The place is that of its `$`.
struct Reference {
  std::vector<std::string> path;
  Place place;
  const std::string& root() const { return path.front(); }
};
std::string to_string(const Reference& reference);

struct Text {
  using Part = std::variant<std::string, Reference>;
  Place place;
  std::vector<Part> parts;  ///< No two literals in a row; empty for "".
  bool plain = true;        ///< Not quoted in the file.

  Text() = default;
  explicit Text(std::string literal, Place at = {});

  bool is_literal() const;
  /// The text when there is no reference in it, else what was written (`${a} and b`): for messages.
  std::string written() const;
  /// The reference when the text is nothing but it: its value keeps its type. Else nullptr.
  const Reference* whole() const;
  std::vector<const Reference*> references() const;
};

/// Whether `${secret.NAME}` may stand in a text: only where it neither is shown to people nor kept
/// in a record, an argument or an environment (docs/secrets.md).
enum class SecretsHere { refused, allowed };

/// `$${` stands for `${`. Errors (not closed, not a name, a secret where none may be) go to `out`
/// at their place.
Text parse_text(const config::Node& scalar, Diagnostics& out,
                SecretsHere secrets = SecretsHere::refused);

}  // namespace muster::model
