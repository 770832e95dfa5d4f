// Where a value stands in a user's file. Every message about a file carries one.
#pragma once
#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muster::config {

/// One file as it was read: its name as messages show it (relative to the workspace), and its text
/// (UTF-8, without a byte order mark). Immutable and shared by all places in it.
class Source {
 public:
  Source(std::string name, std::string text);
  const std::string& name() const { return name_; }
  const std::string& text() const { return text_; }
  /// The line's text without its end; 1-based; "" when there is no such line.
  std::string_view line(std::uint32_t number) const;

 private:
  std::string name_;
  std::string text_;
  std::vector<std::size_t> starts_;
};

/// 1-based; the column counts characters (code points), as editors do. A default Place is
/// "nowhere": what a test or the program itself made.
struct Place {
  std::shared_ptr<const Source> source;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/// The file, or folder, of that name as a whole.
Place whole(const std::string& name);
/// "drills/orders.yaml:12:5", or "-" for nowhere.
std::string to_string(const Place& place);

/// In the order of files' names, lines, columns.
bool before(const Place& a, const Place& b);

/// A value that remembers its place. Equal when the values are: a moved line is no other drill.
template <class T>
struct Located {
  T value{};
  Place place;

  Located() = default;
  Located(T v, Place p = {}) : value(std::move(v)), place(std::move(p)) {}
  const T& operator*() const { return value; }
  const T* operator->() const { return &value; }
  bool operator==(const Located& other) const { return value == other.value; }
};

}  // namespace muster::config
