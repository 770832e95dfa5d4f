#include "adapters/secrets/redactor.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"
#include "tests/catch.hpp"

using namespace muster;
using secrets::Redactor;

namespace {

constexpr const char* kValue = "correct horse/battery";

std::string redacted(const std::string& text, const std::string& value = kValue) {
  Redactor redactor;
  redactor.add("db", value);
  return redactor.redacted(text);
}

}  // namespace

TEST_CASE("a value is taken out wherever it stands") {
  CHECK(redacted("a correct horse/battery b correct horse/battery") ==
        "a [secret db] b [secret db]");
  CHECK(redacted("nothing of it") == "nothing of it");
  CHECK(redacted("") == "");
  CHECK(redacted("x=correct%20horse%2Fbattery&y") == "x=[secret db]&y");
}

TEST_CASE("its base64 too, alone and inside of a longer text that was encoded") {
  for (const std::string before : {"", "a", "ab", "user:", "longer user:"})
    for (const std::string after : {"", "!", "!!", " and more"}) {
      const auto text = base64(before + kValue + after);
      CAPTURE(before, after, text);
      const auto left = redacted(text);
      CHECK(left.find("[secret db]") != std::string::npos);
      // What is left of it decides no more than two characters at each end.
      const auto rest = left.size() - std::string{"[secret db]"}.size();
      CHECK(rest <= base64(before).size() + base64(after).size() + 4);
    }
}

TEST_CASE("lines of a longer secret are taken out alone, short ones are not") {
  const std::string key = "-----BEGIN KEY-----\nMIIBVwIBADANBg\nab\n-----END KEY-----";
  CHECK(redacted("MIIBVwIBADANBg", key) == "[secret db]");
  CHECK(redacted(key, key) == "[secret db]");
  CHECK(redacted("grab it", key) == "grab it");
}

TEST_CASE("what bytes that are no text become is taken out too") {
  const std::string value = "p\xE4ssword";
  CHECK(redacted("said: " + printable(value), value) == "said: [secret db]");
}

TEST_CASE("what a cut leaves of a value is taken out") {
  // As the shells keep the tail of an output …
  CHECK(redacted("[…]\nhorse/battery and so on") == "[…]\n[secret db] and so on");
  CHECK(redacted("horse/battery and so on") == "horse/battery and so on");
  // … and the probes the head of their evidence.
  CHECK(redacted("it is correct hor …[99 bytes more]") == "it is [secret db] …[99 bytes more]");
  const std::string full(64 << 10, 'x');
  CHECK(redacted(full + "correct h") == full + "[secret db]");
}

TEST_CASE("the longer of two secrets goes first") {
  Redactor redactor;
  redactor.add("short", "correct");
  redactor.add("long", "correct horse");
  CHECK(redactor.redacted("correct horse, correct") == "[secret long], [secret short]");
}
