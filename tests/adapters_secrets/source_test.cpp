// Where secrets come from: each way in, and each way in which it is refused.
#include "adapters/secrets/source.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <chrono>

#include "adapters/secrets/vault.hpp"
#include "base/text.hpp"
#include "tests/adapters_secrets/folder.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::secrets;
using Kind = SecretSource::Kind;

namespace {

/// "value" or "error: …".
std::string read(Kind kind, std::vector<std::string> words,
                 Duration within = std::chrono::seconds{10}) {
  const auto value = read_source({kind, std::move(words)}, within);
  return value ? *value : "error: " + to_string(value.error());
}

std::string unless_holds(const std::string& text, const std::string& part) {
  return text.find(part) == std::string::npos ? "no '" + part + "' in: " + text : "";
}

}  // namespace

TEST_CASE("a file: all of it minus one newline, and only when not everybody may read it") {
  const test::Folder folder;
  CHECK(read(Kind::file, {folder.write("a", "correct horse\n")}) == "correct horse");
  CHECK(read(Kind::file, {folder.write("b", "two\nlines\n\n")}) == "two\nlines\n");
  CHECK(read(Kind::file, {folder.write("c", "windows\r\n")}) == "windows");
  CHECK(read(Kind::file, {folder.write("d", "of a group", 0640)}) == "of a group");
  CHECK(unless_holds(read(Kind::file, {folder.write("e", "open to all", 0644)}), "chmod 600") ==
        "");
  CHECK(unless_holds(read(Kind::file, {folder.write("f", "open to all", 0602)}), "chmod 600") ==
        "");
  CHECK(unless_holds(read(Kind::file, {folder.root() / "none"}), "No such file") == "");
  CHECK(unless_holds(read(Kind::file, {folder.root()}), "is not a file") == "");
}

TEST_CASE("what cannot be a secret is refused, and not shown") {
  const test::Folder folder;
  for (const auto& [text, says] : std::vector<std::pair<std::string, std::string>>{
           {"", "it is empty"},
           {"\n", "it is empty"},
           {"x1y2z", "fewer than 6 bytes"},
           {"bell\aring", "control characters"},
           {std::string("zero\0byte", 9), "control characters"},
           {std::string((64 << 10) + 1, 'x'), "more than 65536 bytes"}}) {
    const auto said = read(Kind::file, {folder.write("s", text)});
    CHECK(unless_holds(said, says) == "");
    if (!trimmed(text).empty()) CHECK(said.find(text) == std::string::npos);
  }
  CHECK(read(Kind::file, {folder.write("s", std::string(64 << 10, 'x') + "\n")}).size() ==
        64 << 10);
}

TEST_CASE("a variable is taken out of the environment, also out of /proc/self/environ") {
  ::setenv("MUSTER_TEST_SECRET", "correct horse battery", 1);
  Vault vault;
  const Vault::Sources sources{{"db", {Kind::env, {"MUSTER_TEST_SECRET"}}}};
  const auto ring = vault.open(sources);
  REQUIRE(ring->problems().empty());
  CHECK(*ring->value("db") == "correct horse battery");
  CHECK(::getenv("MUSTER_TEST_SECRET") == nullptr);
  // Another run of the same process has it all the same.
  CHECK(*vault.open({{"other", {Kind::env, {"MUSTER_TEST_SECRET"}}}})->value("other") ==
        "correct horse battery");
  CHECK(unless_holds(read(Kind::env, {"MUSTER_TEST_SECRET"}), "is not set") == "");
}

TEST_CASE("the command of one secret does not inherit the variable of another") {
  ::setenv("MUSTER_TEST_SECRET", "correct horse battery", 1);
  Vault vault;
  const auto ring =
      vault.open({{"a", {Kind::command, {"sh", "-c", "echo value-${MUSTER_TEST_SECRET:-none}"}}},
                  {"b", {Kind::env, {"MUSTER_TEST_SECRET"}}}});
  REQUIRE(ring->problems().empty());
  CHECK(*ring->value("a") == "value-none");
}

TEST_CASE("a credential of systemd") {
  const test::Folder folder;
  folder.write("db", "correct horse\n", 0400);
  ::setenv("CREDENTIALS_DIRECTORY", folder.root().c_str(), 1);
  CHECK(read(Kind::credential, {"db"}) == "correct horse");
  ::unsetenv("CREDENTIALS_DIRECTORY");
  CHECK(unless_holds(read(Kind::credential, {"db"}), "LoadCredential=db:PATH") == "");
}

TEST_CASE("a command: what it prints when it ends well, within its time") {
  CHECK(read(Kind::command, {"printf", "correct horse\n"}) == "correct horse");
  CHECK(read(Kind::command, {"sh", "-c", "cat; echo 'no stdin'"}) == "no stdin");
  CHECK(unless_holds(read(Kind::command, {"no-such-program-here"}), "cannot be run") == "");
  CHECK(unless_holds(read(Kind::command, {"sh", "-c", "echo sealed >&2; exit 2"}),
                     "ended with status 2: sealed") == "");
  CHECK(unless_holds(read(Kind::command, {"sh", "-c", "kill -TERM $$"}), "signal 15") == "");
  CHECK(unless_holds(read(Kind::command, {"sh", "-c", "head -c 200000 /dev/zero | tr '\\0' x"}),
                     "more than 65536 bytes") == "");
}

TEST_CASE("a command that fails does not give away what it printed before") {
  const auto said = read(Kind::command, {"sh", "-c", R"(v=$(printf 'cor%s' rect-horse); echo "$v";
      echo "cannot use $v" >&2; exit 1)"});
  CHECK(unless_holds(said, "cannot use […]") == "");
  CHECK(said.find("correct-horse") == std::string::npos);
}

TEST_CASE("a command that hangs is ended with all that it started") {
  const test::Folder folder;
  const auto pid_file = (folder.root() / "pid").string();
  const auto from = std::chrono::steady_clock::now();
  const auto said = read(Kind::command, {"sh", "-c", "sleep 600 & echo $! >\"$0\"; wait", pid_file},
                         std::chrono::milliseconds{300});
  CHECK(unless_holds(said, "not over within 300ms") == "");
  CHECK(std::chrono::steady_clock::now() - from < std::chrono::seconds{5});
  std::string pid;
  std::ifstream{pid_file} >> pid;
  REQUIRE_FALSE(pid.empty());
  std::string state;
  for (int i = 0; i < 100 && state != "gone"; ++i) {
    std::ifstream stat{"/proc/" + pid + "/stat"};
    std::string line;
    std::getline(stat, line);
    state = line.empty() || line.find(") Z") != std::string::npos ? "gone" : line;
    ::usleep(10'000);
  }
  CHECK(state == "gone");
}

TEST_CASE("a secret that is not there is told by its name, and the others are read") {
  const test::Folder folder;
  Vault vault;
  const auto ring = vault.open({{"good", {Kind::file, {folder.write("g", "correct horse")}}},
                                {"bad", {Kind::file, {"/nowhere/at/all"}}}});
  REQUIRE(ring->problems().size() == 1);
  CHECK(unless_holds(to_string(ring->problems()[0]), "the secret `bad`: /nowhere") == "");
  CHECK(*ring->value("good") == "correct horse");
  CHECK_FALSE(ring->value("bad"));
  CHECK_FALSE(ring->value("never named"));
}
