// `${…}` in texts, values and commands.
#include "model/command.hpp"
#include "model/value.hpp"

#include "config/yaml.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::model;

namespace {

config::Node node_of(const std::string& text) {
  Diagnostics errors;
  auto node = config::parse_yaml(config::make_source("f", text, config::Dialect::strict, errors),
                                 config::Dialect::strict, errors);
  REQUIRE(errors.empty());
  return *node;
}

std::string text_errors(const std::string& text) {
  Diagnostics out;
  parse_text(node_of(text), out);
  return out.empty() ? "" : config::to_string(out.sorted().at(0));
}

std::string command_errors(const std::string& text) {
  Diagnostics out;
  parse_command(node_of(text), out);
  return out.empty() ? "" : config::to_string(out.sorted().at(0));
}

}  // namespace

TEST_CASE("literals, references and escapes") {
  Diagnostics out;
  const auto text = parse_text(node_of("host=${front.address} cost $5 $${x} ${db}"), out);
  REQUIRE(out.empty());
  REQUIRE(text.parts.size() == 4);
  CHECK(std::get<std::string>(text.parts[0]) == "host=");
  CHECK(std::get<Reference>(text.parts[1]).path == std::vector<std::string>{"front", "address"});
  CHECK(std::get<std::string>(text.parts[2]) == " cost $5 ${x} ");
  CHECK_FALSE(text.is_literal());
  CHECK_FALSE(text.whole());
  CHECK(config::to_string(text.references().at(0)->place) == "f:1:6");
  CHECK(config::to_string(text.references().at(1)->place) == "f:1:37");
  CHECK(parse_text(node_of("\"${db}\""), out).whole()->root() == "db");
  CHECK(parse_text(node_of("\"\""), out).is_literal());
}

TEST_CASE("places of references in blocks and repeated references") {
  Diagnostics out;
  const auto block = parse_text(node_of("|\n  one\n  two ${a} ${a}\n"), out);
  REQUIRE(block.references().size() == 2);
  CHECK(config::to_string(block.references()[0]->place) == "f:3:7");
  CHECK(config::to_string(block.references()[1]->place) == "f:3:12");
}

TEST_CASE("what is no reference") {
  CHECK(text_errors("a ${b") == "f:1:3: `${` is not closed");
  CHECK(text_errors("a ${}") == "f:1:3: `${}` is not a reference");
  CHECK(text_errors("\"${a b}\"") == "f:1:2: `${a b}` is not a reference");
  CHECK(text_errors("\"${a..b}\"") == "f:1:2: `${a..b}` is not a reference");
  CHECK(text_errors("\"${1 + 2}\"") == "f:1:2: `${1 + 2}` is not a reference");
  CHECK(text_errors("\"${secret.DB}\"") ==
        "f:1:2: `${secret.DB}` cannot stand here: it would be shown, recorded, or passed as an "
        "argument");
  CHECK(text_errors("[a]") == "f:1:1: expected text, found a list");
}

TEST_CASE("commands are lists; one string is a line for sh") {
  Diagnostics out;
  CHECK(parse_command(node_of("[echo, \"${x}\", 010]"), out).argv.at(2).written() == "010");
  const auto line = parse_command(node_of("a | b"), out);
  CHECK(line.shell);
  CHECK(line.argv.at(2).written() == "a | b");
  CHECK(out.empty());
  CHECK(command_errors("[]") == "f:1:1: an empty command");
  CHECK(command_errors("\"\"") == "f:1:1: an empty command");
  CHECK(command_errors("{a: b}") == "f:1:1: expected a command, found a map");
  CHECK(command_errors("[a, [b]]") == "f:1:5: expected text, found a list");
}

TEST_CASE("nothing is ever inserted in a line for a shell") {
  CHECK(command_errors("echo ${x}") == "f:1:6: `${x}` inside a line for a shell");
  CHECK(command_errors("[sh, -c, \"echo ${x}\"]") == "f:1:16: `${x}` inside a line for a shell");
  CHECK(command_errors("[sudo, /bin/bash, -ec, \"${x}\"]") ==
        "f:1:25: `${x}` inside a line for a shell");
  CHECK(command_errors("[sh, -c, 'echo \"$1\"', sh, \"${x}\"]").empty());
  CHECK(command_errors("[grep, -c, \"${x}\"]").empty());
}

TEST_CASE("values keep their words until a type is known") {
  Diagnostics out;
  const auto value = parse_value(node_of("{a: [x, {query: \"${q}\"}], b: yes}"), out);
  REQUIRE(value);
  CHECK(find(*value->map(), "b")->text()->written() == "yes");
  CHECK(find(*value->map(), "a")->list()->size() == 2);
  CHECK(references(*value).at(0)->root() == "q");
  CHECK_FALSE(parse_value(node_of("~"), out));
}

TEST_CASE("what fits a type") {
  struct Row {
    ValueType type;
    std::vector<std::string> fits, misfits;
  };
  const Row rows[] = {
      {ValueType::string, {"x"}, {""}},
      {ValueType::integer, {"0", "-3", "010"}, {"1.5", "x", "", "1 "}},
      {ValueType::boolean, {"true", "false"}, {"yes", "on", "True", ""}},
      {ValueType::duration, {"15m"}, {"15", "-1s"}},
      {ValueType::size, {"1GiB"}, {"1"}},
      {ValueType::time, {"latest", "2026-11-22T21:15:05Z"}, {"yesterday", "2026-11-22"}},
      {ValueType::list, {}, {"a"}},
  };
  for (const auto& row : rows) {
    CAPTURE(to_string(row.type));
    for (const auto& text : row.fits) CHECK(misfit(text, row.type) == "");
    for (const auto& text : row.misfits) CHECK(misfit(text, row.type) != "");
  }
}
