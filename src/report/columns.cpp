#include "report/columns.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace muster::report {
namespace {

/// One thing that is shown or not shown as a whole.
struct Piece {
  std::size_t bytes = 1;
  int columns = 1;
  bool colour = false;
};

struct Range {
  std::uint32_t from, to;
};
constexpr std::array<Range, 7> kNarrow{{{0x0300, 0x036F},
                                        {0x0483, 0x0489},
                                        {0x0591, 0x05BD},
                                        {0x200B, 0x200F},
                                        {0x20D0, 0x20FF},
                                        {0xFE00, 0xFE0F},
                                        {0xFE20, 0xFE2F}}};
constexpr std::array<Range, 9> kWide{{{0x1100, 0x115F},
                                      {0x2E80, 0x303E},
                                      {0x3041, 0xA4CF},
                                      {0xAC00, 0xD7A3},
                                      {0xF900, 0xFAFF},
                                      {0xFE30, 0xFE6F},
                                      {0xFF00, 0xFF60},
                                      {0x1F300, 0x1FAFF},
                                      {0x20000, 0x3FFFD}}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, std::uint32_t c) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& r) { return c >= r.from && c <= r.to; });
}

Piece piece_at(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.starts_with("\x1b[")) {
    const auto end = text.find('m');
    return {end == text.npos ? text.size() : end + 1, 0, true};
  }
  const unsigned char first = byte(0);
  if ((first & 0xC0) == 0x80) return {1, 0, false};  // the rest of a character that was cut
  const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (length == 1 || text.size() < length) return {};
  std::uint32_t c = first & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) c = c << 6 | (byte(i) & 0x3Fu);
  return {length, within(kNarrow, c) ? 0 : within(kWide, c) ? 2 : 1, false};
}

}  // namespace

int columns_of(std::string_view text) {
  int columns = 0;
  while (!text.empty()) {
    const Piece piece = piece_at(text);
    columns += piece.columns;
    text.remove_prefix(piece.bytes);
  }
  return columns;
}

std::string cut_to(std::string_view text, int columns, bool unicode) {
  if (columns <= 0) return {};
  if (columns_of(text) <= columns) return std::string{text};
  std::string out;
  int used = 0;
  bool full = false;
  while (!text.empty()) {
    const Piece piece = piece_at(text);
    if (!piece.colour && !full && used + piece.columns > columns - 1) {
      out += unicode ? "…" : "~";
      full = true;
    }
    if (piece.colour || !full) out += text.substr(0, piece.bytes);
    used += piece.columns;
    text.remove_prefix(piece.bytes);
  }
  return out;
}

std::string padded(std::string_view text, int columns) {
  std::string out{text};
  out.append(static_cast<std::size_t>(std::max(0, columns - columns_of(text))), ' ');
  return out;
}

}  // namespace muster::report
