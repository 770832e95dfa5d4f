#include "tests/fuzz/target.hpp"

namespace muster::fuzz {

void promise_printable(std::string_view text, const std::string& where) {
  for (const char c : text)
    promise(static_cast<unsigned char>(c) >= ' ' || c == '\n' || c == '\t',
            where + " holds a control character");
}

}  // namespace muster::fuzz
