// Small operations on text for people: the nearest right word, quoting for display, bounds.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// The candidate nearest to `word` (edit distance with transposition at most 1 + length/4), or ""
/// when none is near.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

/// As a POSIX shell would need it; for display only, never to build what is executed.
std::string shell_quoted(std::string_view arg);
std::string shell_quoted(std::span<const std::string> argv);

/// At most `bytes_max` bytes, cut at a UTF-8 boundary, with " …[N bytes more]" when something was
/// cut.
std::string bounded(std::string_view text, std::size_t bytes_max);

/// Control characters (but newline and tab) and bytes that are no UTF-8 become visible \xNN: what a
/// target said can then be shown in a terminal and stored as JSON.
std::string printable(std::string_view bytes);

/// Each `word` that stands by itself (no letter, digit, `_`, `-` or byte above ASCII beside it),
/// replaced.
std::string with_word_replaced(std::string_view text, std::string_view word,
                               std::string_view instead);
bool has_word(std::string_view text, std::string_view word);

std::vector<std::string> split(std::string_view text, char separator);
std::string_view trimmed(std::string_view text);
std::string joined(std::span<const std::string> parts, std::string_view separator);

}  // namespace muster
