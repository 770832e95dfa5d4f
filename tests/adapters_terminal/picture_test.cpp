#include "adapters/terminal/picture.hpp"

#include "tests/catch.hpp"

using muster::terminal::Picture;

namespace {

Picture picture() {
  return Picture{[](std::string_view text) { return static_cast<int>(text.size()); }};
}
std::string hidden(const std::string& bytes) {
  return "\x1b[?25l" + bytes + "\x1b[?25h";
}

}  // namespace

TEST_CASE("finished lines scroll away above the block, which is painted anew") {
  auto p = picture();
  CHECK(p.paint({"one"}, {"block", "prompt"}, 80) == hidden("one\nblock\nprompt"));
  CHECK(p.paint({"two"}, {"block 2"}, 80) == hidden("\r\x1b[1A\x1b[Jtwo\nblock 2"));
  CHECK(p.paint({}, {"block 3"}, 80) == hidden("\r\x1b[Jblock 3"));
  CHECK(p.wipe(80) == "\r\x1b[J");
  CHECK(p.wipe(80).empty());
}

TEST_CASE("a block whose lines wrapped on a narrower screen is taken away whole") {
  auto p = picture();
  p.paint({}, {std::string(79, 'a'), std::string(79, 'b'), "c"}, 80);
  // 79 columns take two rows of 40: two and two above the cursor's.
  CHECK(p.wipe(40) == "\r\x1b[4A\x1b[J");
}
