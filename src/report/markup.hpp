// Writing HTML, SVG and XML so that text stays text. What stands in the source as a literal is
// markup; everything else that is streamed in (a name, an evidence, a path) is escaped. There is no
// way to put a run-time string in as markup other than through another Markup.
#pragma once
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace muster::report {

/// For element content and for quoted attribute values, in HTML and XML alike. Control characters,
/// broken UTF-8, what XML forbids, and the marks that reverse the direction of reading become
/// visible text.
std::string escaped(std::string_view text);

class Markup {
 public:
  template <std::size_t N>
  Markup& operator<<(const char (&literal)[N]) {
    bytes_.append(literal, N - 1);
    return *this;
  }
  Markup& operator<<(const Markup& inner) {
    bytes_ += inner.bytes_;
    return *this;
  }
  Markup& operator<<(const std::string& text) { return *this << std::string_view{text}; }
  Markup& operator<<(std::string_view text) {
    bytes_ += escaped(text);
    return *this;
  }
  template <std::integral T>
  Markup& operator<<(T number) {
    bytes_ += std::to_string(number);
    return *this;
  }
  /// Coordinates: one digit after the point.
  Markup& operator<<(double coordinate);

  /// Bytes that are part of the program (an embedded style sheet), never of a record.
  Markup& trusted(std::string_view own) {
    bytes_ += own;
    return *this;
  }
  bool empty() const { return bytes_.empty(); }
  const std::string& str() const { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace muster::report
