// Frames and answers as text.
#include "adapters/shell/frame.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::shell;
using ports::Call;
using ports::Said;
using ports::Verb;

TEST_CASE("octal leaves plain characters and hides all others") {
  CHECK(octal("abc-9_./:=@,+") == "abc-9_./:=@,+");
  CHECK(octal("a b'$") == "a\\0040b\\0047\\0044");
  CHECK(octal("\n\xff\x01") == "\\0012\\0377\\0001");
}

TEST_CASE("a frame is one line and holds no value as it was") {
  Call call;
  call.verb = Verb::command;
  call.argv = {"echo", "$(touch /tmp/x)'; `id`"};
  const auto text = frame(call, "n0nce");
  REQUIRE(text);
  CHECK(std::count(text->begin(), text->end(), '\n') == 1);
  CHECK(text->find("touch /tmp") == std::string::npos);
  CHECK(text->find("`") == std::string::npos);
}

TEST_CASE("what cannot travel is refused before it is sent") {
  Call call;
  call.verb = Verb::command;
  SECTION("a zero byte") {
    call.argv = {std::string("a\0b", 3)};
  }
  SECTION("no program") {}
  SECTION("a value above 64 KiB") {
    call.argv = {std::string(65 * 1024, 'x')};
  }
  SECTION("a name that is not one") {
    call.argv = {"true"};
    call.values["p_a;b"] = "x";
  }
  SECTION("an effect that is no id") {
    call.argv = {"true"};
    call.effect = "a b";
  }
  CHECK_FALSE(frame(call, "n"));
}

TEST_CASE("what a command reads is in its frame as octal text, bounded, and of two verbs only") {
  Call call;
  call.verb = Verb::command;
  call.argv = {"cat"};
  call.standard_input = "correct horse";
  const auto text = frame(call, "n");
  REQUIRE(text);
  CHECK(text->find("printf %b 'correct\\0040horse' | m_command") != std::string::npos);
  call.standard_input = std::string(64 * 1024, 'x');
  CHECK(frame(call, "n"));
  call.standard_input += 'x';
  CHECK_FALSE(frame(call, "n"));
  call.standard_input = std::string("a\0b", 3);
  CHECK_FALSE(frame(call, "n"));
  call.standard_input = "x";
  call.verb = Verb::inject;
  CHECK(frame(call, "n"));
  call.verb = Verb::arm;
  CHECK_FALSE(frame(call, "n"));
}

TEST_CASE("an answer is read however its bytes are cut") {
  const std::string out = "key=value\nnonce of another 1\n\nN 75\n";
  const std::string err = "people read this\n\nN\n";
  for (std::size_t cut = 1; cut < out.size(); ++cut) {
    AnswerReader reader{"N"};
    reader.err(err.substr(0, std::min(cut, err.size())));
    for (std::size_t i = 0; i < out.size(); i += cut) {
      CHECK_FALSE(reader.complete());
      reader.out(out.substr(i, cut));
    }
    if (cut < err.size()) reader.err(err.substr(cut));
    REQUIRE(reader.complete());
    const auto answer = reader.answer(Verb::inject);
    CHECK(answer.said == Said::expired);
    CHECK(answer.evidence == "key=value\nnonce of another 1\n");
    CHECK(answer.output == "people read this");
  }
}

TEST_CASE("exit codes are answers") {
  const std::map<int, Said> table{{0, Said::yes},       {1, Said::no},       {2, Said::could_not},
                                  {75, Said::expired},  {76, Said::exists},  {77, Said::fenced},
                                  {127, Said::unknown}, {137, Said::unknown}};
  for (const auto& [status, said] : table) {
    AnswerReader reader{"N"};
    reader.out("\nN " + std::to_string(status) + "\n");
    reader.err("\nN\n");
    CHECK(reader.answer(Verb::inject).said == said);
  }
}

TEST_CASE("evidence keeps its first 64 KiB, output its last 16 KiB") {
  AnswerReader reader{"N"};
  for (int i = 0; i < 40; ++i) {
    reader.out(std::string(8192, i == 0 ? 'a' : 'b'));
    reader.err(std::string(8192, i == 39 ? 'z' : 'y'));
  }
  CHECK_FALSE(reader.complete());
  reader.out("\nN 0\n");
  reader.err("\nN\n");
  REQUIRE(reader.complete());
  const auto answer = reader.answer(Verb::facts);
  CHECK(answer.evidence.size() == FrameLimits::kEvidenceBytesMax + std::string{"\n[…]\n"}.size());
  CHECK(answer.evidence.ends_with("b\n[…]\n"));
  CHECK(answer.output.starts_with("[…]\ny"));
  CHECK(answer.evidence[0] == 'a');
  CHECK(answer.output.size() <= FrameLimits::kOutputBytesMax + 8);
  CHECK(answer.output.back() == 'z');
}

TEST_CASE("an answer that is not whole is marked, and no character is torn") {
  AnswerReader reader{"N"};
  reader.out("key=value\n" + std::string(100, 'a'));
  reader.err("grün, gr\xC3");
  const auto part = reader.answer(Verb::facts);
  CHECK(part.said == Said::unknown);
  CHECK(part.output == "grün, gr\n[…]\n");
  CHECK(part.evidence.starts_with("key=value\naaa"));
  CHECK(part.evidence.ends_with("a\n[…]\n"));
  CHECK(reader.said() == "grün, gr");
  const AnswerReader silent{"N"};
  CHECK(silent.answer(Verb::facts).output == "");
  CHECK(silent.answer(Verb::facts).evidence == "");
}
