// A line into words, as Ansible and a POSIX shell quote them: blanks part words, '…' and "…" keep
// them together, \ takes the next character as it is. Nothing is expanded.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace muster::config {

struct Word {
  std::string text;    ///< Without its quotes.
  std::size_t at = 0;  ///< Byte of the line at which it begins.
};

enum class Comments {
  none,
  hash  ///< `#` ends the line, also in the middle of a word (as Python's shlex does).
};

/// The error says which quote is left open; it holds nothing of the line.
Result<std::vector<Word>> split_words(std::string_view line, Comments comments);

}  // namespace muster::config
