// Finished lines that scroll away above a block that stays at the bottom, as bytes for a terminal
// (ECMA-48). Pure: a value that remembers what it painted last.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace muster::terminal {

class Picture {
 public:
  /// How many columns a text takes.
  using Measure = std::function<int(std::string_view)>;
  explicit Picture(Measure measure) : measure_{std::move(measure)} {}

  /// The bytes that write `above` where the block was, and the block anew below it; the cursor ends
  /// behind the block's last line. `columns`: of the screen now; when it became narrower the old
  /// block's lines may take several rows each.
  std::string paint(const std::vector<std::string>& above, const std::vector<std::string>& block,
                    int columns);
  /// Takes the block away.
  std::string wipe(int columns);

 private:
  int rows_above_cursor(int columns) const;

  Measure measure_;
  std::vector<std::string> block_;
};

}  // namespace muster::terminal
