#include "adapters/terminal/keyboard.hpp"
#include "tests/catch.hpp"

using muster::terminal::LineEditor;

namespace {

struct Typed {
  std::string typed;
  std::vector<std::string> lines;
  std::string left;
};

}  // namespace

TEST_CASE("a line that a person types") {
  const std::vector<Typed> table{
      {"latest\r", {"latest"}, ""},
      {"one\ntwo\nthr", {"one", "two"}, "thr"},
      {"latesz\x7ft\r", {"latest"}, ""},
      {"grün\x7f\x7fn", {}, "grn"},
      {"\x7f\x7f", {}, ""},
      {"two words\x17", {}, "two "},
      {"a line\x15new", {}, "new"},
      {"left\x1b[D\x1b[3~\x1bOPover", {}, "leftover"},
      {"tab\tand bell\x07", {}, "taband bell"},
      {"\r", {""}, ""},
  };
  for (const auto& row : table) {
    LineEditor editor;
    std::vector<std::string> lines;
    for (const char c : row.typed)  // as slow fingers do it
      editor.type({&c, 1}, [&](const std::string& line) { lines.push_back(line); });
    CAPTURE(row.typed);
    CHECK(lines == row.lines);
    CHECK(editor.text() == row.left);
  }
}

TEST_CASE("a cat on the keyboard fills no memory") {
  LineEditor editor;
  for (int i = 0; i < 100; ++i)
    editor.type(std::string(1000, 'x'), [](const std::string&) { FAIL("nobody pressed Enter"); });
  CHECK(editor.text().size() == LineEditor::kBytesMax);
}

TEST_CASE("a line that is full ends with a whole character") {
  for (const std::string last : {"ü", "€", "𝄞"}) {
    LineEditor editor;
    const auto ignore = [](const std::string&) { FAIL("nobody pressed Enter"); };
    const std::string most(LineEditor::kBytesMax - last.size() + 1, 'x');
    editor.type(most, ignore);
    for (const char c : last) editor.type({&c, 1}, ignore);
    CHECK(editor.text() == most);
    editor.type("\x7f" + last, ignore);  // with one character less it fits
    CHECK(editor.text() == most.substr(1) + last);
  }
}
