// Hostile and odd bytes, and where the message points.
#include "config/yaml.hpp"

#include <fmt/format.h>

#include "tests/catch.hpp"

using namespace muster::config;

namespace {

struct Parsed {
  std::optional<Node> node;
  Diagnostics errors;
};

Parsed parse(std::string bytes, Dialect dialect = Dialect::strict) {
  Parsed out;
  if (const auto source = make_source("f", std::move(bytes), dialect, out.errors))
    out.node = parse_yaml(source, dialect, out.errors);
  return out;
}

std::string errors(std::string bytes, Dialect dialect = Dialect::strict) {
  std::string out;
  for (const auto& d : parse(std::move(bytes), dialect).errors.sorted()) out += to_string(d) + "\n";
  return out;
}

std::string at(const std::optional<Node>& node, std::string_view key) {
  REQUIRE(node);
  const auto* value = node->find(key);
  REQUIRE(value);
  return value->text + " " + to_string(value->place);
}

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("what is refused, and where") {
  struct Row {
    std::string what, text, error;
  };
  const Row rows[] = {
      {"duplicate", "a: 1\nb: 2\na: 3\n", "f:3:1: `a` is here twice\n"},
      {"two duplicates", "{a: 1, a: 2, a: 3}",
       "f:1:8: `a` is here twice\nf:1:14: `a` is here twice\n"},
      {"quoted duplicate", "a: 1\n'a': 3\n", "f:2:1: `a` is here twice\n"},
      {"anchor", "a: &x 1\n", "f:1:4: an anchor\n"},
      {"anchor on a map", "a: &x\n  b: 1\n", "f:1:4: an anchor\n"},
      {"alias", "a: &x 1\nb: *x\n", "f:1:4: an anchor\nf:2:4: an alias\n"},
      {"merge key", "a: 1\n<<: {b: 1}\n", "f:2:1: a merge key\n"},
      {"tag", "a: !!str 1\n", "f:1:4: a tag\n"},
      {"own tag", "a: !vault x\n", "f:1:4: a tag\n"},
      {"empty tag", "a: ! x\n", "f:1:4: a tag\n"},
      {"tag on a list", "a: !!set [x]\n", "f:1:4: a tag\n"},
      {"second document", "a: 1\n---\nb: 2\n", "f:2:1: a second document\n"},
      {"tab", "a:\n\tb: 1\n", "f:2:1: a tab in the indentation\n"},
      {"tab after blanks", "a:\n  \tb: 1\n", "f:2:3: a tab in the indentation\n"},
      {"NUL", std::string("a: x\0y\n", 7), "f:1:5: control character \\x00\n"},
      {"escape", "a: 1\nb: \x1b[31m\n", "f:2:4: control character \\x1b\n"},
      {"lone carriage return", "a: 1\rb: 2\n", "f:1:5: control character \\x0d\n"},
      {"latin-1", "a: caf\xe9\n", "f:1:7: byte \\xe9 is not UTF-8\n"},
      {"overlong", "a: \xc0\xaf\n", "f:1:4: byte \\xc0 is not UTF-8\n"},
      {"UTF-16",
       std::string("\xff\xfe"
                   "a\0",
                   4),
       "f:1:1: byte \\xff is not UTF-8\n"},
      {"list as key", "? [a]\n: b\n", "f:1:3: a list as a key\n"},
      {"null as key", "~: b\n", "f:1:1: nothing as a key\n"},
      {"syntax", "a: [1, 2\nb: 3\n", "f:2:2: not YAML: end of sequence flow not found\n"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CHECK(errors(row.text) == row.error);
  }
}

TEST_CASE("an alias of nothing is refused, in the parser's words") {
  // yaml-cpp 0.8 also says which anchor it is.
  const std::string refused = "f:1:4: not YAML: the referenced anchor is not defined";
  const auto said = errors("a: *x\n");
  CAPTURE(said);
  CHECK((said == refused + "\n" || said == refused + ": x\n"));
}

TEST_CASE("limits end the parse and say so") {
  CHECK(errors(repeated("[", 40) + repeated("]", 40)) == "f:1:33: nested deeper than 32 levels\n");
  CHECK(errors("a: [" + repeated("x,", 200'000) + "]").find("more than 200000 values") !=
        std::string::npos);
  CHECK(errors(std::string((1u << 20) + 1, 'x')) == "f: the file is larger than 1.0 MiB\n");
  CHECK(errors(std::string(2u << 20, '#'), Dialect::inventory).empty());
}

TEST_CASE("floods of brackets and dashes stay bounded") {
  CHECK(parse(std::string(1u << 20, '[')).errors.count() == 1);
  CHECK(parse(repeated("- ", 1 << 18)).errors.count() == 1);
  CHECK(parse(repeated("{a: ", 1 << 18)).errors.count() == 1);
}

TEST_CASE("what is accepted") {
  CHECK(at(parse("\xEF\xBB\xBF"
                 "a: 1\n")
               .node,
           "a") == "1 f:1:4");
  CHECK(at(parse("x: 0\r\na: 1\r\n").node, "a") == "1 f:2:4");
  CHECK(at(parse("---\na: yes\n").node, "a") == "yes f:2:4");
  CHECK(at(parse("a: 010").node, "a") == "010 f:1:4");
  CHECK(at(parse("{\"ä\": ö, a: 1}").node, "a") == "1 f:1:13");
  CHECK(at(parse("a: \"x\\ny\"").node, "a") == "x\ny f:1:4");
  CHECK(at(parse("a: |\n  x\n  y\n").node, "a") == "x\ny\n f:1:4");
  CHECK(at(parse("a: x\ty\n").node, "a") == "x\ty f:1:4");
  const auto empty = parse("# nothing\n");
  REQUIRE(empty.node);
  CHECK(empty.node->is_null());
  CHECK(parse("a:\nb: ~\n").node->find("a")->is_null());
  CHECK(parse("a: 'true'").node->find("a")->plain == false);
}

TEST_CASE("duplicates keep the first value, so that later errors still show") {
  const auto parsed = parse("a: 1\na: 2\n");
  CHECK(at(parsed.node, "a") == "1 f:1:4");
  CHECK(parsed.node->entries.size() == 1);
}

TEST_CASE("inventories of other tools: anchors, aliases and merges are expanded") {
  const auto parsed = parse(
      "base: &b {x: 1, y: 2}\n"
      "more: &m {y: 9, z: 3}\n"
      "one: {<<: *b, y: 5}\n"
      "two:\n  <<: [*b, *m]\n"
      "three: *b\n",
      Dialect::inventory);
  REQUIRE(parsed.errors.empty());
  CHECK(parsed.node->find("one")->find("x")->text == "1");
  CHECK(parsed.node->find("one")->find("y")->text == "5");
  CHECK(parsed.node->find("two")->find("y")->text == "2");
  CHECK(parsed.node->find("two")->find("z")->text == "3");
  CHECK(at(*parsed.node->find("three"), "x") == "1 f:1:14");
}

TEST_CASE("a bomb of aliases is refused within its bound") {
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 12; ++i)
    bomb += fmt::format("a{0}: &a{0} [*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1}]\n", i,
                        i - 1);
  CHECK(errors(bomb, Dialect::inventory).find("expand to more than 100000 values") !=
        std::string::npos);
  CHECK(errors("a: &a [*a]\n", Dialect::inventory) ==
        "f:1:8: an alias inside of what it stands for\n");
  std::string chain = "a0: &a0 [x]\n";
  for (int i = 1; i < 60; ++i) chain += fmt::format("a{0}: &a{0} [*a{1}]\n", i, i - 1);
  CHECK(errors(chain, Dialect::inventory).find("32 levels") != std::string::npos);
}
