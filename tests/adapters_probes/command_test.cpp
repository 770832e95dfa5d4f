// Command probes: exit status, evidence, no shell, nothing inherited, nothing left behind.
#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/adapters_probes/fixture.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::probes;
using namespace muster::probes::test;
using measure::Outcome;

TEST_CASE("a command probe is up when its command exits with 0") {
  Engine engine;
  struct Row {
    std::vector<std::string> argv;
    Outcome outcome;
    std::string why, evidence;
  };
  const std::vector<Row> rows{
      {{"true"}, Outcome::ok, "", ""},
      {{"false"}, Outcome::failed, "exit 1", ""},
      {{"sh", "-c", "echo out; echo err >&2; exit 3"}, Outcome::failed, "exit 3", "out\nerr\n"},
      {{"sh", "-c", "kill -9 $$"}, Outcome::failed, "killed by signal 9", ""},
      {{"echo", "$(id); `id`", "a b"}, Outcome::ok, "", "$(id); `id` a b\n"},
      {{"/bin/cat"}, Outcome::ok, "", ""},  // its stdin is empty
      {{"/no/such/command"}, Outcome::failed, "not run: No such file or directory", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.argv.front());
    const auto answer = engine.ask(command_probe(row.argv));
    CHECK(answer.sample.outcome == row.outcome);
    CHECK(answer.sample.why == row.why);
    CHECK(answer.evidence == row.evidence);
    CHECK(answer.asked == !row.why.starts_with("not run"));
  }
  CHECK(::waitpid(-1, nullptr, WNOHANG) <= 0);  // no zombie, not even of a failed exec
  CHECK(engine.ask(command_probe({})).sample.outcome == Outcome::failed);
  const auto missing = engine.ask(command_probe({"no-such-command-anywhere"}));
  CHECK(missing.sample.why == "no command 'no-such-command-anywhere' in the PATH");
  CHECK_FALSE(missing.asked);
}

TEST_CASE("a talkative command neither waits for its reader nor fills memory") {
  Engine engine;
  const auto answer = engine.ask(command_probe({"head", "-c", "3000000", "/dev/zero"}));
  CHECK(answer.sample.outcome == Outcome::ok);
  CHECK(answer.evidence.size() < 1100);
}

TEST_CASE("a command inherits nothing of the controller's") {
  Engine engine;
  Server server{[](Server::tcp::socket&) {}};
  // 3 is the folder that ls reads.
  CHECK(engine.ask(command_probe({"ls", "/proc/self/fd"})).evidence == "0\n1\n2\n3\n");
}

TEST_CASE("time is up: the command and its children are killed") {
  Engine engine;
  const auto note = std::filesystem::temp_directory_path() /
                    ("muster-probe-" + std::to_string(::getpid()) + ".pid");
  const auto answer = engine.ask(
      command_probe({"sh", "-c", "sleep 1000 & echo $! > \"$0\"; wait", note.string()}), 300ms);
  CHECK(answer.sample.outcome == Outcome::unknown);
  pid_t child = 0;
  std::ifstream{note} >> child;
  std::filesystem::remove(note);
  REQUIRE(child > 0);
  // Killed by its group, it is init's or a subreaper's to bury: gone, or a zombie.
  CHECK(engine.until([&] {
    if (::kill(child, 0) != 0) return true;
    std::ifstream stat{"/proc/" + std::to_string(child) + "/stat"};
    std::string id, name, state;
    stat >> id >> name >> state;
    return state == "Z" || state.empty();
  }));
}
