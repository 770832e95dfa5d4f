// Typed reading: the expected type decides what a plain word is.
#include "config/map.hpp"

#include <stdexcept>

#include "config/yaml.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::config;

namespace {

Node node_of(const std::string& text) {
  Diagnostics errors;
  const auto source = make_source("f", text, Dialect::strict, errors);
  auto node = parse_yaml(source, Dialect::strict, errors);
  REQUIRE(errors.empty());
  return *node;
}

/// A shape with one key, of the type that T is declared as.
template <class T>
Shape shape_of_one() {
  Shape shape;
  shape.name = "thing";
  shape.what = "a thing";
  Type type;
  type.is = kIs<T>;
  shape.keys = {{"k", type, kRequired, "help"}};
  return shape;
}

template <class T>
std::string error_of(const std::string& value) {
  const Node node = node_of("k: " + value);
  const Shape shape = shape_of_one<T>();
  Diagnostics out;
  Map map{node, shape, out};
  map.required<T>("k");
  map.finish();
  return out.empty() ? "" : to_string(out.sorted().front());
}

template <class T>
T value_of(const std::string& value) {
  const Node node = node_of("k: " + value);
  const Shape shape = shape_of_one<T>();
  Diagnostics out;
  Map map{node, shape, out};
  auto read = map.required<T>("k");
  CHECK(out.empty());
  return read;
}

/// A shape for the tests below.
const Shape& thing() {
  static const Shape shape = [] {
    Shape one;
    one.name = "thing";
    one.what = "a thing";
    one.keys = {{"drill", text(), kRequired, ""},
                {"level", word({"low", "high"}), preset("high"), ""},
                {"every", duration(), preset("2s"), ""},
                {"count", integer(1, 9), kOptional, ""},
                {"both", text(), kOptional, ""},
                {"other", text(), kOptional, ""},
                {"inner", map(thing), kOptional, ""}};
    one.one_of = {"both", "other"};
    one.refused = {{"load", "wait for it", ""}};
    return one;
  }();
  return shape;
}

}  // namespace

TEST_CASE("values") {
  CHECK(value_of<std::string>("yes") == "yes");
  CHECK(value_of<std::string>("1.0") == "1.0");
  CHECK(value_of<bool>("true"));
  CHECK_FALSE(value_of<bool>("false"));
  CHECK(value_of<std::int64_t>("010") == 10);
  CHECK(value_of<std::int64_t>("-3") == -3);
  CHECK(value_of<Duration>("1h30m") == std::chrono::minutes{90});
  CHECK(value_of<Size>("1KiB").bytes == 1024);
  CHECK(value_of<Rate>("20/s").per_second == 20);
  CHECK(value_of<Share>("50%").of_one == 0.5);
  CHECK(value_of<std::vector<std::string>>("[a, 1]") == std::vector<std::string>{"a", "1"});
}

TEST_CASE("wrong types say what was expected and found") {
  CHECK(error_of<bool>("yes") == "f:1:4: expected true or false, found 'yes'");
  CHECK(error_of<bool>("True") == "f:1:4: expected true or false, found 'True'");
  CHECK(error_of<bool>("'true'") == "f:1:4: expected true or false, found 'true'");
  CHECK(error_of<std::int64_t>("0x10") == "f:1:4: expected a whole number, found '0x10'");
  CHECK(error_of<std::int64_t>("1.5") == "f:1:4: expected a whole number, found '1.5'");
  CHECK(error_of<std::int64_t>("99999999999999999999") ==
        "f:1:4: expected a whole number, found '99999999999999999999'");
  CHECK(error_of<std::string>("[a]") == "f:1:4: expected text, found a list");
  CHECK(error_of<std::string>("") == "f:1:1: `k` has no value");
  CHECK(error_of<std::string>("null") == "f:1:1: `k` has no value");
  CHECK(error_of<Duration>("{a: 1}") == "f:1:4: expected a duration, found a map");
  CHECK(error_of<Duration>("15").substr(0, 7) == "f:1:4: ");
  CHECK(error_of<Name>("a b") == "f:1:4: expected a name, found 'a b'");
}

TEST_CASE("what the file lacks or holds too much is reported at once") {
  const Node node = node_of("drils: x\nlevel: hihg\nload: 1\nboth: 1\nother: 2\ncount: 10\n");
  Diagnostics out;
  Map map{node, thing(), out};
  CHECK(map.required<std::string>("drill").empty());
  CHECK(map.word<int>("level", {{"low", 1}, {"high", 2}}) == 2);
  CHECK(map.or_default<Duration>("every") == std::chrono::seconds{2});
  CHECK_FALSE(map.optional<std::int64_t>("count"));
  CHECK(map.chosen().empty());
  CHECK(render(out) ==
        "f:1:1: a thing needs `drill`\n"
        "    1 | drils: x\n"
        "      | ^\n"
        "f:1:1: `drils` is not a key of a thing\n"
        "    1 | drils: x\n"
        "      | ^\n"
        "      did you mean `drill`?\n"
        "f:2:8: expected one of low, high, found 'hihg'\n"
        "    2 | level: hihg\n"
        "      |        ^\n"
        "      did you mean `high`?\n"
        "f:3:1: `load` is not in this version\n"
        "    3 | load: 1\n"
        "      | ^\n"
        "      wait for it\n"
        "f:5:1: a thing has both `both` and `other`\n"
        "    5 | other: 2\n"
        "      | ^\n"
        "      keep one\n"
        "f:6:8: `count` is a number from 1 to 9, found 10\n"
        "    6 | count: 10\n"
        "      |        ^\n");
}

TEST_CASE("a reader that says other than the shape is a mistake in the program") {
  const Node node = node_of("drill: x\nother: y\ninner: {drill: z}\n");
  Diagnostics out;
  Map map{node, thing(), out};
  CHECK(map.chosen() == "other");
  CHECK_THROWS_AS(map.optional<std::string>("dril"), std::logic_error);
  CHECK_THROWS_AS(map.optional<Duration>("drill"), std::logic_error);
  CHECK_THROWS_AS(map.required<Duration>("every"), std::logic_error);
  CHECK_THROWS_AS(map.get("drill"), std::logic_error);
  CHECK_THROWS_AS(map.optional<std::string>("inner"), std::logic_error);
  CHECK_THROWS_AS(map.word<int>("level", {{"low", 1}}), std::logic_error);
  CHECK_THROWS_AS(map.has("dril"), std::logic_error);
  CHECK(map.required<std::string>("drill") == "x");
  CHECK(map.optional<std::string>("other") == "y");
  CHECK_THROWS_AS(map.finish(), std::logic_error);  // nobody has read `inner`
  CHECK(map.get("inner")->is_map());
  map.finish();
  CHECK(out.empty());
}

TEST_CASE("the one of several shapes") {
  Shape tcp, http;
  tcp.keys = {{"tcp", text(), kRequired, ""}};
  http.keys = {{"http", text(), kRequired, ""}};
  const auto chosen = [&](const std::string& text, std::string* error) {
    const Node node = node_of(text);
    Diagnostics out;
    const Shape* found = shape_of(node, {&tcp, &http}, "a probe", out);
    *error = out.empty() ? "" : to_string(out.sorted().front());
    return found;
  };
  std::string error;
  CHECK(chosen("http: x\nis: up\n", &error) == &http);
  CHECK(error.empty());
  CHECK(chosen("is: up\n", &error) == nullptr);
  CHECK(error == "f:1:1: a probe needs one of: tcp, http");
  CHECK(chosen("http: x\ntcp: y\n", &error) == nullptr);
  CHECK(error == "f:1:1: a probe has both `tcp` and `http`");
  CHECK(chosen("[x]", &error) == nullptr);
  CHECK(error == "f:1:1: expected a probe (a map), found a list");
}

TEST_CASE("a list or map that nobody would write is not walked") {
  std::string many = "drill: x\nother: y\ninner:\n";
  for (std::size_t i = 0; i <= kEntriesMax; ++i) many += "  k" + std::to_string(i) + ": 1\n";
  const Node node = node_of(many);
  Diagnostics out;
  Map map{node, thing(), out};
  CHECK(map.get("inner") == nullptr);
  CHECK(to_string(out.sorted().front()) == "f:4:3: `inner` holds more than 1000 entries");
}

TEST_CASE("the caret stands under characters, not bytes") {
  Diagnostics out;
  const auto source = std::make_shared<const Source>("f", "ä: ö: x");
  out.error({source, 1, 5}, "wrong");
  CHECK(render(out) == "f:1:5: wrong\n    1 | ä: ö: x\n      |     ^\n");
}

TEST_CASE("errors are bounded and the same one counts once") {
  Diagnostics out;
  const auto source = std::make_shared<const Source>("f", "x\n");
  for (std::uint32_t i = 1; i <= 150; ++i) out.error({source, i, 1}, "wrong");
  out.error({source, 1, 1}, "wrong");
  CHECK(out.count() == 150);
  CHECK(out.sorted().size() == 100);
  CHECK(render(out).find("… and 50 more") != std::string::npos);
}
