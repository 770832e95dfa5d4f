#include "adapters/lab/script.hpp"

#include <signal.h>

#include "tests/catch.hpp"

using namespace muster::lab;

namespace {

std::vector<std::string> shell(const std::string& text) {
  return {"/bin/sh", "-c", text};
}

}  // namespace

TEST_CASE("a command's lines arrive in order, the last one without its newline too") {
  std::vector<std::string> lines;
  const auto ended = run_command(shell("echo one; echo; printf three"),
                                 [&](std::string_view line) { lines.emplace_back(line); });
  REQUIRE(ended);
  CHECK(ended->exit_code == 0);
  CHECK(lines == std::vector<std::string>{"one", "", "three"});
}

TEST_CASE("a line beyond the limit arrives in pieces") {
  std::size_t bytes = 0;
  const auto ended =
      run_command(shell("head -c 10000 /dev/zero | tr '\\0' x"), [&](std::string_view line) {
        CHECK(line.size() <= kLineBytesMax);
        bytes += line.size();
      });
  REQUIRE(ended);
  CHECK(bytes == 10000);
}

TEST_CASE("a failure brings its code and its complaint") {
  const auto ended = run_command(shell("echo no room >&2; exit 3"), [](std::string_view) {});
  REQUIRE(ended);
  CHECK(ended->exit_code == 3);
  CHECK(ended->complaint == "no room");
  CHECK_FALSE(ended->interrupted);
}

TEST_CASE("a command that is not there is an error") {
  CHECK_FALSE(run_command({"/nowhere/at-all"}, [](std::string_view) {}));
}

TEST_CASE("an interruption ends the command and what it started") {
  const auto ended = run_command(shell("sleep 60 & echo started; wait"),
                                 [](std::string_view) { ::raise(SIGINT); });
  REQUIRE(ended);
  CHECK(ended->interrupted);
}

TEST_CASE("what a command leaves running does not hold us up") {
  int left_behind = 0;
  const auto ended =
      run_command(shell("sleep 60 </dev/null >/dev/null 2>&1 & echo $!"),
                  [&](std::string_view line) { left_behind = std::stoi(std::string{line}); });
  REQUIRE(ended);
  REQUIRE(left_behind > 1);
  CHECK(::kill(left_behind, SIGKILL) == 0);  // it still ran
}
