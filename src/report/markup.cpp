#include "report/markup.hpp"

#include <fmt/format.h>

#include <array>

#include "base/text.hpp"

namespace muster::report {
namespace {

struct Spelling {
  std::string_view bytes;
  std::string_view shown;
};
// The marks that change the direction of reading can make a text read as what it is not; U+FFFE and
// U+FFFF are no characters of XML 1.0.
constexpr std::array<Spelling, 18> kSpellings{{{"&", "&amp;"},
                                               {"<", "&lt;"},
                                               {">", "&gt;"},
                                               {"\"", "&quot;"},
                                               {"'", "&#39;"},
                                               {"\u200e", "\\u{200e}"},
                                               {"\u200f", "\\u{200f}"},
                                               {"\u202a", "\\u{202a}"},
                                               {"\u202b", "\\u{202b}"},
                                               {"\u202c", "\\u{202c}"},
                                               {"\u202d", "\\u{202d}"},
                                               {"\u202e", "\\u{202e}"},
                                               {"\u2066", "\\u{2066}"},
                                               {"\u2067", "\\u{2067}"},
                                               {"\u2068", "\\u{2068}"},
                                               {"\u2069", "\\u{2069}"},
                                               {"\xef\xbf\xbe", "\\u{fffe}"},
                                               {"\xef\xbf\xbf", "\\u{ffff}"}}};

}  // namespace

std::string escaped(std::string_view text) {
  const std::string safe = printable(text);
  std::string out;
  out.reserve(safe.size());
  for (std::string_view rest = safe; !rest.empty();) {
    const Spelling* found = nullptr;
    for (const auto& s : kSpellings)
      if (rest.starts_with(s.bytes)) {
        found = &s;
        break;
      }
    out += found ? found->shown : rest.substr(0, 1);
    rest.remove_prefix(found ? found->bytes.size() : 1);
  }
  return out;
}

Markup& Markup::operator<<(double coordinate) {
  bytes_ += fmt::format("{:.1f}", coordinate);
  return *this;
}

}  // namespace muster::report
