// Shapes as JSON Schema and as a page. Whether real files fit is asked of an independent validator
// in tests/cli/.
#include "config/schema.hpp"

#include "config/reference.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::config;

namespace {

const Shape& leaf() {
  static const Shape shape = [] {
    Shape one;
    one.name = "leaf";
    one.what = "a leaf";
    one.help = "The end.";
    one.keys = {{"size", config::size(), preset("1KiB"), "how large"},
                {"count", integer(1, 9), kRequired, "how many"}};
    return one;
  }();
  return shape;
}

/// Holds itself.
const Shape& tree() {
  static const Shape shape = [] {
    Shape one;
    one.name = "tree";
    one.what = "a tree";
    one.help = "Branches.";
    one.keys = {{"kind", word({"oak", "elm"}), preset("oak"), "which | what"},
                {"left", map(tree), kOptional, ""},
                {"leaves", list(map(leaf), 1), kOptional, ""},
                {"within", either({duration(), reference()}), kOptional, ""},
                {"a", text(), kOptional, ""},
                {"b", text(), kOptional, ""}};
    one.one_of = {"a", "b"};
    one.refused = {{"root", "dig", ""}};
    one.others = insertion();
    one.cases = {{"kind", "elm", "left", map(leaf), true}};
    return one;
  }();
  return shape;
}

const FileKind& kind() {
  static const FileKind one{"tree", "Trees", "trees/*.yaml", map(tree)};
  return one;
}

}  // namespace

TEST_CASE("a schema says what the shape says") {
  const Json schema = schema_of(kind());
  CHECK(schema.at("$schema") == "https://json-schema.org/draft/2020-12/schema");
  CHECK(schema.at("$id") == "urn:muster:schema:tree");
  CHECK(schema.at("$ref") == "#/$defs/tree");
  const Json& t = schema.at("$defs").at("tree");
  CHECK(t.at("properties").at("kind").at("enum") == Json::array({"oak", "elm"}));
  CHECK(t.at("properties").at("kind").at("default") == "oak");
  CHECK(t.at("properties").at("kind").at("description") == "which | what");
  CHECK(t.at("properties").at("left").at("$ref") == "#/$defs/tree");
  CHECK(t.at("properties").at("leaves").at("items").at("$ref") == "#/$defs/leaf");
  CHECK(t.at("properties").at("leaves").at("minItems") == 1);
  CHECK(t.at("properties").at("within").at("anyOf").size() == 2);
  CHECK(t.at("oneOf").size() == 2);
  CHECK(t.at("additionalProperties").is_object());
  CHECK(t.at("allOf").at(0).at("then").at("required") == Json::array({"left"}));
  CHECK_FALSE(t.at("properties").contains("root"));
  CHECK_FALSE(t.contains("required"));
  const Json& l = schema.at("$defs").at("leaf");
  CHECK(l.at("additionalProperties") == false);
  CHECK(l.at("required") == Json::array({"count"}));
}

TEST_CASE("a page says what the shape says") {
  CHECK(reference_of(std::vector<FileKind>{kind()}) ==
        "## Trees\n"
        "`trees/*.yaml`: [tree](#tree).\n\n"
        "### tree\n"
        "Branches.\n\n"
        "| key | type | default | |\n"
        "|---|---|---|---|\n"
        "| `kind` | `oak`, `elm` | `oak` | which \\| what |\n"
        "| `left` | [tree](#tree) |  |  |\n"
        "| `leaves` | list of [leaf](#leaf) |  |  |\n"
        "| `within` | duration or `${…}` |  |  |\n"
        "| `a` | text | one of these |  |\n"
        "| `b` | text | one of these |  |\n"
        "| *a name of your own* | text with `${…}` | | |\n"
        "\nWith `kind: elm`, `left` is [leaf](#leaf).\n"
        "\nNot in this version: `root`.\n\n"
        "### leaf\n"
        "The end.\n\n"
        "| key | type | default | |\n"
        "|---|---|---|---|\n"
        "| `size` | size | `1KiB` | how large |\n"
        "| `count` | whole number, 1 to 9 | required | how many |\n\n");
}
