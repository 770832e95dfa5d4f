#include "base/canonical_reader.hpp"

#include "base/json_builder.hpp"
#include "tests/catch.hpp"

using namespace muster;

namespace {

/// `n` lists in each other.
std::string nested(int n, const std::string& inside = "") {
  return std::string(static_cast<std::size_t>(n), '[') + inside +
         std::string(static_cast<std::size_t>(n), ']');
}

}  // namespace

TEST_CASE("what is canonical is read as what it says") {
  for (const std::string text :
       {"{}", "[]", "null", "true", "\"\"", "0", "-1", "9007199254740991", "-9007199254740991",
        R"({"a":1,"b":{"a":[1,-2,"x",null,true,false,{},[]]},"c":"ö€🔥"})",
        R"({"":1,"A":1,"a":1,"aa":1,"b":1})", R"({"\n":1,"\u001f":"\b\t\n\f\r\"\\\u0000/"})",
        "\"\x7f\"", "[[],[[]],{\"a\":{}}]"}) {
    CAPTURE(text);
    JsonBuilder built;
    REQUIRE(read_canonical(text, built));
    REQUIRE(built.is_whole());
    const auto value = built.take();
    CHECK(value == *parse_json(text));
    CHECK(*canonical_json(value) == text);
  }
  for (const auto& text : {nested(65), nested(64, "1")}) {
    JsonBuilder built;
    CHECK(read_canonical(text, built));
    CHECK(canonical_json(*parse_json(text)).has_value());
  }
}

TEST_CASE("whatever could be spelt otherwise is not canonical") {
  for (const std::string text : {"",
                                 " ",
                                 "{} ",
                                 " {}",
                                 "{ }",
                                 "[1, 2]",
                                 "{\"a\": 1}",
                                 "{\"a\" :1}",
                                 "{\"b\":1,\"a\":1}",
                                 "{\"a\":1,\"a\":1}",
                                 "{\"a\":1,\"a\":2}",
                                 "-0",
                                 "1.0",
                                 "1e0",
                                 "01",
                                 "+1",
                                 "0.5",
                                 "1E400",
                                 "9007199254740992",
                                 "-9007199254740992",
                                 "18446744073709551615",
                                 "99999999999999999999",
                                 "\"\\u0061\"",
                                 "\"\\/\"",
                                 "\"\\u000a\"",
                                 "\"\\u001F\"",
                                 "\"\\u00e4\"",
                                 "\"\\ud800\"",
                                 "\"\xff\"",
                                 "\"\xc0\x80\"",
                                 "\"\xed\xa0\x80\"",
                                 "\"\n\"",
                                 "{\"\xc3\xa4\":1}",
                                 "nul",
                                 "[1",
                                 "[1,]",
                                 "{\"a\":1,}",
                                 "{}{}",
                                 "[]x",
                                 "// c\n1",
                                 "'a'",
                                 "NaN",
                                 "\xef\xbb\xbf{}"}) {
    CAPTURE(text);
    JsonBuilder built;
    CHECK_FALSE(read_canonical(text, built));
  }
  for (const auto& text : {nested(66), nested(65, "1")}) {
    JsonBuilder built;
    CHECK_FALSE(read_canonical(text, built));
    CHECK_FALSE((parse_json(text) && canonical_json(*parse_json(text))));
  }
}

TEST_CASE("what is wrong is told with its place") {
  JsonBuilder one, other;
  CHECK(read_canonical("{\"a\": 1}", one).error().what ==
        "this JSON is not in its canonical form, at byte 5");
  CHECK(read_canonical("[1", other).error().what.starts_with("this is not JSON: "));
}
