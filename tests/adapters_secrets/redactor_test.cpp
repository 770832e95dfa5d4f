#include "adapters/secrets/redactor.hpp"

#include "adapters/shell/frame.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"
#include "tests/catch.hpp"

using namespace muster;
using secrets::Redactor;

namespace {

constexpr const char* kSecret = "correct horse/battery";

std::string redacted(const std::string& text, const std::string& value = kSecret) {
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
      const auto text = base64(before + kSecret + after);
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
  CHECK(redacted("correct hor …[99 bytes more]\nmore") == "[secret db] …[99 bytes more]\nmore");
  // In the middle of an output too, as a target cuts what a command said.
  CHECK(redacted("before\n[…]\nbattery\nbehind") == "before\n[…]\n[secret db]\nbehind");
  CHECK(redacted("correct h\n[…]\nhere: no answer") == "[secret db]\n[…]\nhere: no answer");
  CHECK(redacted("correct horse/battery\n[…]\ncorrect horse/battery") ==
        "[secret db]\n[…]\n[secret db]");
  CHECK(redacted("first\n[…]\n", "first\nsecond") == "[secret db]\n[…]\n");
  CHECK(redacted("cor[…]ery") == "cor[…]ery");  // too little to be worth a mark
}

TEST_CASE("what a cut leaves of a character hides nothing of a value") {
  const std::string value = "Schlüßelwörter";
  for (std::size_t n = 5; n < value.size(); ++n) {
    CAPTURE(n);
    const auto behind = redacted("[…]\n" + printable(value.substr(value.size() - n)), value);
    CHECK(behind == "[…]\n[secret db]");
    shell::AnswerReader reader{"N"};
    reader.err("said " + value.substr(0, n));
    const auto said = redacted(reader.answer(ports::Verb::command).output, value);
    CHECK(said == "said [secret db]\n[…]\n");
  }
}

TEST_CASE("evidence that is cut anywhere in a value has nothing of it") {
  const std::string value = "Schlüßelwörter";
  using shell::FrameLimits;
  for (std::size_t n = 5; n <= value.size(); ++n) {
    shell::AnswerReader reader{"N"};
    // Replaced before, it makes room: it was cut all the same.
    reader.out(value + std::string(FrameLimits::kEvidenceBytesMax - value.size() - n, 'x') + value +
               " and on");
    reader.out("\nN 0\n");
    reader.err("\nN\n");
    REQUIRE(reader.complete());
    const auto left = redacted(reader.answer(ports::Verb::command).evidence, value);
    CAPTURE(n);
    CHECK(left.find("Schl") == std::string::npos);
    CHECK(left.ends_with("x[secret db]\n[…]\n"));
  }
}

TEST_CASE("the longer of two secrets goes first") {
  Redactor redactor;
  redactor.add("short", "correct");
  redactor.add("long", "correct horse");
  CHECK(redactor.redacted("correct horse, correct") == "[secret long], [secret short]");
}
