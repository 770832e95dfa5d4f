#include "adapters/terminal/picture.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::terminal {

int Picture::rows_above_cursor(int columns) const {
  int rows = 0;
  for (const auto& line : block_)
    rows += std::max(1, (measure_(line) + columns - 1) / std::max(1, columns));
  return std::max(0, rows - 1);
}

std::string Picture::wipe(int columns) {
  if (block_.empty()) return {};
  const int up = rows_above_cursor(columns);
  block_.clear();
  return up > 0 ? fmt::format("\r\x1b[{}A\x1b[J", up) : std::string{"\r\x1b[J"};
}

std::string Picture::paint(const std::vector<std::string>& above,
                           const std::vector<std::string>& block, int columns) {
  // The cursor is hidden meanwhile: it would be seen jumping.
  std::string out = "\x1b[?25l" + wipe(columns);
  for (const auto& line : above) out += line + "\n";
  block_ = block;
  for (std::size_t i = 0; i < block_.size(); ++i) out += (i > 0 ? "\n" : "") + block_[i];
  return out + "\x1b[?25h";
}

}  // namespace muster::terminal
