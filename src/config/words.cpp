#include "config/words.hpp"

#include <fmt/format.h>

#include <optional>

namespace muster::config {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// What is quoted from `at` (behind the opening quote) on; `at` is then behind the closing one.
bool read_quoted(std::string_view line, char quote, std::size_t& at, std::string& into) {
  for (; at < line.size(); ++at) {
    if (line[at] == quote) return ++at, true;
    // In "…" a backslash stands for itself, unless it is before what it could be needed for.
    if (quote == '"' && line[at] == '\\' && at + 1 < line.size() &&
        (line[at + 1] == '"' || line[at + 1] == '\\'))
      ++at;
    into += line[at];
  }
  return false;
}

}  // namespace

Result<std::vector<Word>> split_words(std::string_view line, Comments comments) {
  std::vector<Word> words;
  std::optional<Word> open;
  const auto finish = [&] {
    if (open) words.push_back(*std::move(open));
    open.reset();
  };
  for (std::size_t at = 0; at < line.size();) {
    const char c = line[at];
    if (is_blank(c)) {
      finish();
      ++at;
      continue;
    }
    if (c == '#' && comments == Comments::hash) break;
    if (!open) open = Word{"", at};
    ++at;
    if (c == '\'' || c == '"') {
      if (!read_quoted(line, c, at, open->text))
        return Error{fmt::format("a quote ({}) that is not closed", c)};
    } else if (c == '\\') {
      if (at == line.size()) return Error{"a backslash at the end of the line"};
      open->text += line[at++];
    } else {
      open->text += c;
    }
  }
  finish();
  return words;
}

}  // namespace muster::config
