#include "measure/sample.hpp"

#include "measure/up_rule.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::measure;

namespace {

const std::string kHeader = "# muster samples 1: n due_ns sent_ns completed_ns outcome why\n";

Sample sample(std::uint64_t n, Outcome o, std::string why = "") {
  const auto base = static_cast<std::int64_t>(n) * 100;
  return {n, instant(base), instant(base + 1), instant(base + 7), o, std::move(why)};
}

}  // namespace

TEST_CASE("samples are lines that a stranger can read") {
  const auto bytes =
      encode_samples({sample(2, Outcome::failed, "connection refused"), sample(1, Outcome::ok),
                      sample(3, Outcome::unknown, "no answer")});
  CHECK(bytes == kHeader +
                     "1 100 101 107 ok\n"
                     "2 200 201 207 failed connection refused\n"
                     "3 300 301 307 unknown no answer\n");
  const auto back = decode_samples(bytes);
  REQUIRE(back);
  REQUIRE(back->size() == 3);
  CHECK((*back)[1] == sample(2, Outcome::failed, "connection refused"));
  CHECK(encode_samples(*back) == bytes);
  REQUIRE(decode_samples(kHeader));
  CHECK(decode_samples(kHeader)->empty());
}

TEST_CASE("whatever a target said, its reason is one short printable line") {
  for (const std::string& why :
       {std::string{"two\nlines\tand a tab"}, std::string{"\x1b[31mred\x01"}, std::string(500, 'x'),
        std::string{"  blanks  "}, std::string(119, 'y') + "\xc3\xa9", std::string{"\xff\xfe"},
        std::string(119, 'z') + " z"}) {
    const auto bytes = encode_samples({sample(1, Outcome::failed, why)});
    const auto back = decode_samples(bytes);
    INFO(bytes);
    REQUIRE(back);
    CHECK((*back)[0].why.size() <= kWhyBytesMax);
    CHECK(encode_samples(*back) == bytes);
  }
}

TEST_CASE("other bytes are refused, with their line") {
  const std::vector<std::string> damaged{
      "1 100 101 107 ok",         // no end of line
      "1 100 101 107 ok \n",      // a blank too many
      "1 100 101 107 ok  why\n",  //
      "1  100 101 107 ok\n",      //
      "01 100 101 107 ok\n",      // not the shortest form
      "+1 100 101 107 ok\n",      //
      "0 100 101 107 ok\n",       // numbers begin at 1
      "1 100 101 107 fine\n",     // no such outcome
      "1 100 101 100 ok\n",       // completed before it was sent
      "1 -100 101 107 ok\n",      //
      "1 100 101 ok\n",           //
      "1 100 101 107\n",          //
      "1 100 101 107 ok a\tb\n",  // not printable
      "1 100 101 107 ok\r\n",     //
      "99999999999999999999 1 1 1 ok\n",
      "\n",
      "2 200 201 207 ok\n1 100 101 107 ok\n",  // not ascending
      "1 100 101 107 ok\n1 100 101 107 ok\n",  // twice
      "1 100 101 107 failed " + std::string(kWhyBytesMax + 1, 'x') + "\n",
  };
  for (const auto& text : damaged) {
    INFO(text);
    const auto r = decode_samples(kHeader + text);
    REQUIRE_FALSE(r);
    CHECK(r.error().what.find("line ") != std::string::npos);
  }
  CHECK_FALSE(decode_samples(""));
  CHECK_FALSE(decode_samples("1 100 101 107 ok\n"));
  CHECK_FALSE(decode_samples("# muster samples 2: n due_ns sent_ns completed_ns outcome why\n"));
  CHECK_FALSE(decode_samples(std::string(kEncodedBytesMax + 1, '#')));
}

TEST_CASE("when a service is up") {
  using std::chrono::milliseconds;
  using std::chrono::seconds;
  REQUIRE(parse_up_rule("99% over 10s"));
  CHECK(*parse_up_rule("99% over 10s") == UpRule{0.99, seconds{10}});
  CHECK(*parse_up_rule("100% over 500ms") == UpRule{1.0, milliseconds{500}});
  CHECK(*parse_up_rule("99.5%  over  1m") == UpRule{0.995, seconds{60}});
  for (const char* text : {"99% over 10s", "50% over 1m30s", "99.9% over 1ms"})
    CHECK(format_up_rule(*parse_up_rule(text)) == text);
  for (const char* text : {"", "99%", "99 over 10s", "0% over 10s", "101% over 10s", "99% over 0s",
                           "99% over 2h", "99% over ten", "99% in 10s", "99%over10s"}) {
    INFO(text);
    CHECK_FALSE(parse_up_rule(text));
  }
}
