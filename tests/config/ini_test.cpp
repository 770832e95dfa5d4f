// Ansible's INI: what is a line of what, which values are text, and what is refused where.
#include "config/ini.hpp"

#include "config/words.hpp"
#include "config/yaml.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::config;

namespace {

struct Read {
  std::vector<IniSection> sections;
  std::string errors;
};

Read read(const std::string& text) {
  Diagnostics out;
  Read result;
  if (const auto source = make_source("i", text, Dialect::ini, out))
    result.sections = parse_ini(source, out);
  for (const auto& d : out.sorted()) result.errors += to_string(d) + "\n";
  return result;
}

/// Of one variable in a section of variables.
Node value(const std::string& written) {
  const auto [sections, errors] = read("[g:vars]\nk = " + written + "\n");
  REQUIRE(errors.empty());
  return sections.at(1).lines.at(0).variables.at(0).value;
}

}  // namespace

TEST_CASE("sections, their lines, and where they stand") {
  const auto [sections, errors] = read(
      "\xEF\xBB\xBF# a comment\r\n; another\r\nlonely\r\n[web] # of clients\r\n"
      "  w[1:3]:22 a=1 b='x y'  # behind\r\n[all:children]\r\nweb # c\r\n[web:vars]\r\nk=v # "
      "c\r\n");
  REQUIRE(errors.empty());
  REQUIRE(sections.size() == 4);
  CHECK(sections[0].group == "ungrouped");
  CHECK(sections[0].lines.at(0).word == "lonely");
  const auto& host = sections[1].lines.at(0);
  CHECK(host.word == "w[1:3]:22");
  CHECK(to_string(host.place) == "i:5:3");
  REQUIRE(host.variables.size() == 2);
  CHECK(host.variables[1].key == "b");
  CHECK(host.variables[1].value.text == "x y");
  CHECK(to_string(host.variables[1].place) == "i:5:17");
  CHECK(sections[2].kind == IniSection::Kind::children);
  CHECK(sections[2].lines.at(0).word == "web");
  CHECK(sections[3].kind == IniSection::Kind::variables);
  CHECK(sections[3].lines.at(0).variables.at(0).value.text == "v # c");
}

TEST_CASE("values are Python's literals, or text") {
  struct Row {
    std::string written, text;
    bool plain;
  };
  const Row rows[] = {
      {"5", "5", true},
      {"-5", "-5", true},
      {"+5", "5", true},
      {"010", "010", false},
      {"0", "0", true},
      {"2.50", "2.50", true},
      {"5 # five", "5", true},
      {"True", "True", true},
      {"true", "true", false},
      {"yes", "yes", false},
      {"1.2.3", "1.2.3", false},
      {"'a b'", "a b", false},
      {"\"5\"", "5", false},
      {"'it\\'s'", "it's", false},
      {"'a' + 'b'", "'a' + 'b'", false},
      {"'open", "'open", false},
      {"", "", false},
      {"[1, 2]", "[1, 2]", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.written);
    const auto node = value(row.written);
    CHECK(node.is_scalar());
    CHECK(node.text == row.text);
    CHECK(node.plain == row.plain);
  }
  CHECK(value("None").is_null());
}

TEST_CASE("what is wrong in a line is reported there, and the next ones are read") {
  const std::pair<std::string, std::string> rows[] = {
      {"a b\nc", "i:1:3: expected `key=value` behind a host\n"},
      {"a =x", "i:1:3: expected `key=value` behind a host\n"},
      {"a k='x", "i:1:1: a quote (') that is not closed\n"},
      {"a k=x\\", "i:1:1: a backslash at the end of the line\n"},
      {"[g:vars]\nk", "i:2:1: expected `key=value`\n"},
      {"[g:children]\na b", "i:2:1: expected a group, found 'a b'\n"},
      {"[g:hosts:x]", "i:1:1: '[g:hosts:x]' is no section\n"},
      {"[g:host]\nnot read", "i:1:1: '[g:host]' is no section\n"},
      {"[two words]", "i:1:1: '[two words]' is no section\n"},
      {"[]", "i:1:1: '[]' is no section\n"},
      {std::string{"a\0", 2}, "i:1:2: control character \\x00\n"},
      {"a\xc3", "i:1:2: byte \\xc3 is not UTF-8\n"},
  };
  for (const auto& [text, error] : rows) {
    CAPTURE(text);
    CHECK(read(text).errors == error);
  }
}

TEST_CASE("lines of a megabyte take no more than their length") {
  std::string line = "host";
  while (line.size() < (1u << 20)) line += " key=value";
  const auto [sections, errors] = read(line + "\n[" + std::string(1u << 20, '[') + "\n");
  CHECK(errors == "");
  CHECK(sections.at(0).lines.at(0).variables.size() > 100'000);
}

TEST_CASE("words are split as a shell splits them") {
  const auto texts = [](std::string_view line, Comments comments = Comments::none) {
    std::vector<std::string> out;
    const auto words = split_words(line, comments);
    REQUIRE(words);
    for (const auto& word : *words) out.push_back(word.text);
    return out;
  };
  using Texts = std::vector<std::string>;
  CHECK(texts("-o ProxyCommand=\"ssh -W %h:%p b\"  x\\ y '' \"a\\\"b\\n\"") ==
        Texts{"-o", "ProxyCommand=ssh -W %h:%p b", "x y", "", "a\"b\\n"});
  CHECK(texts("a#b c") == Texts{"a#b", "c"});
  CHECK(texts("a#b c", Comments::hash) == Texts{"a"});
  CHECK(texts("'#' # c", Comments::hash) == Texts{"#"});
}
