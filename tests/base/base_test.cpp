#include "base/digest.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "base/quantity.hpp"
#include "base/text.hpp"
#include "tests/catch.hpp"

using namespace muster;

TEST_CASE("a word is replaced where it stands by itself") {
  struct Row {
    const char *text, *becomes;
  };
  for (const auto& row :
       {Row{"ana", "X"}, Row{"ana, unix:ana (ana's)", "X, unix:X (X's)"},
        Row{"banana ana-db ana_2 anaé", "banana ana-db ana_2 anaé"},
        Row{"/home/ana/.ssh", "/home/X/.ssh"}, Row{"ana ana", "X X"}, Row{"", ""}}) {
    CHECK(with_word_replaced(row.text, "ana", "X") == row.becomes);
    CHECK(has_word(row.text, "ana") == (std::string{row.text} != row.becomes));
  }
  CHECK(with_word_replaced("as it was", "", "X") == "as it was");
}

TEST_CASE("SHA-256 and HMAC agree with their published vectors") {
  CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  // RFC 4231, test case 2
  CHECK(hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(digest_from_hex(hex(sha256("x"))) == sha256("x"));
  CHECK_FALSE(digest_from_hex("zz"));
  for (const char* s : {"", "f", "fo", "foo", "foob"}) CHECK(from_base64(base64(s)) == s);
}

TEST_CASE("canonical JSON refuses what has no one spelling") {
  CHECK(*canonical_json(Json::parse(R"({"b":1,"a":"é\n","c":[true,null]})")) ==
        "{\"a\":\"é\\n\",\"b\":1,\"c\":[true,null]}");
  CHECK_FALSE(canonical_json(Json(1.5)));
  CHECK_FALSE(canonical_json(Json(9007199254740992)));
  CHECK(canonical_json(Json(-9007199254740991)));
  CHECK_FALSE(canonical_json(Json("\xff")));
  CHECK_FALSE(canonical_json(Json{{"ä", 1}}));
}

TEST_CASE("JSON from outside is bounded and has each key once") {
  CHECK(parse_json(R"({"a":{"a":1}})"));
  CHECK_FALSE(parse_json(R"({"a":1,"a":2})"));
  CHECK_FALSE(parse_json("[1,"));
  CHECK_FALSE(parse_json(std::string(100, '[') + std::string(100, ']')));
  CHECK_FALSE(parse_json("[1]", 2));
}

TEST_CASE("sizes, shares and rates have their unit") {
  CHECK(*parse_size("512MiB") == 536870912u);
  CHECK(*parse_size("1GB") == 1000000000u);
  CHECK_FALSE(parse_size("12"));
  CHECK_FALSE(parse_size("12mb"));
  CHECK(human_size(1610612736) == "1.5 GiB");
  CHECK(*parse_percent("50%") == 0.5);
  CHECK_FALSE(parse_percent("101%"));
  CHECK(*parse_rate("50/s") == 50);
  CHECK(*parse_rate("120/m") == 2);
  CHECK_FALSE(parse_rate("0/s"));
}

TEST_CASE("a misspelt word finds its neighbour") {
  const std::vector<std::string> words{"inject", "revert", "restore", "teardown"};
  CHECK(nearest("injcet", words) == "inject");
  CHECK(nearest("restor", words) == "restore");
  CHECK(nearest("banana", words).empty());
}

TEST_CASE("text of others is made harmless for a terminal") {
  CHECK(printable("a\x1b[31mb\tü\n") == "a\\x1b[31mb\tü\n");
  CHECK(printable("\xc2\x9b") == "\\xc2\\x9b");
  CHECK(printable("\xff") == "\\xff");
  CHECK(bounded("äöü", 3) == "ä …[4 bytes more]");
  CHECK(shell_quoted(std::vector<std::string>{"echo", "it's", ""}) == "echo 'it'\\''s' ''");
}

TEST_CASE("ids are unlike each other and runs sort by their start") {
  CHECK(random_id().size() == 32);
  CHECK(random_id() != random_id());
  CHECK(run_id(wall_time(0)).substr(0, 16) == "19700101-000000-");
}
