// The file probe on the controller: the script that also asks on hosts, under every shell here.
#include <filesystem>
#include <fstream>

#include "adapters/probes/registry.hpp"
#include "tests/adapters_probes/child_server.hpp"
#include "tests/adapters_probes/fixture.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::probes;
using namespace muster::probes::test;
using measure::Outcome;

TEST_CASE("every kind that is declared is asked by somebody") {
  for (const auto& kind : catalogue::probe_kinds()) {
    CAPTURE(kind.name);
    CHECK(asker(kind.name) != nullptr);
  }
  CHECK(asker("smoke") == nullptr);
}

TEST_CASE("a file is as it should be, or the probe says what is wrong") {
  TemporaryFolder folder;
  const std::string file = folder.path() / "a file; $(touch x) 'of' it";
  std::ofstream{file} << "all is well\n";
  const std::string old = folder.path() / "old";
  std::ofstream{old} << "x";
  std::filesystem::last_write_time(old, std::filesystem::file_time_type::clock::now() - 3h);
  const std::string ahead = folder.path() / "ahead";
  std::ofstream{ahead} << "x";
  std::filesystem::last_write_time(ahead, std::filesystem::file_time_type::clock::now() + 3h);
  struct Row {
    catalogue::Values values;
    std::string why;
  };
  const std::vector<Row> rows{
      {{{"path", ahead}, {"newer_than", "1h"}}, " s in the future"},
      {{{"path", file}}, ""},
      {{{"path", file}, {"min_size", "12B"}, {"newer_than", "1h"}}, ""},
      {{{"path", file}, {"min_size", "1KiB"}}, "12 bytes, 1024 are wanted"},
      {{{"path", file}, {"contains", "is well"}}, ""},
      {{{"path", file}, {"contains", "-e ."}}, "its first MiB lacks the text"},
      {{{"path", file}, {"contains", "$(touch x)`touch x`"}}, "its first MiB lacks the text"},
      {{{"path", file}, {"contains", "a\nb"}}, "text with a line break cannot be looked for"},
      {{{"path", file},
        {"sha256", "9d03a9b26b3bf1c4eb71b1d1a5f87d7a6b1d1a5f87d7a6b1d1a5f87d7a6b1d1a"}},
       "its SHA-256 is "},
      {{{"path", old}, {"newer_than", "1h"}}, "changed 10800 s ago, 3600 s at most are wanted"},
      {{{"path", folder.path() / "nothing"}}, "there is no "},
      {{{"path", folder.path()}}, "is not a plain file"},
      {{{"path", "relative"}}, "path: 'relative' is not an absolute path"},
  };
  Engine engine;
  for (const auto& row : rows) {
    CAPTURE(row.why);
    const auto answer = engine.ask({"file", row.values}, 20s);
    CHECK(answer.sample.outcome == (row.why.empty() ? Outcome::ok : Outcome::failed));
    if (row.why.starts_with("changed"))
      CHECK(answer.sample.why.starts_with("changed 1080"));
    else
      CHECK(answer.sample.why.find(row.why) != std::string::npos);
    if (row.why.empty()) CHECK(answer.evidence.starts_with("12 bytes, changed "));
  }
  CHECK_FALSE(std::filesystem::exists("x"));
}

TEST_CASE("the script of the file probe runs under every shell") {
  TemporaryFolder folder;
  const std::string file = folder.path() / "f";
  std::ofstream{file} << "all is well";
  const ProbeSpec probe{
      "file", {{"path", file}, {"min_size", "11B"}, {"newer_than", "1h"}, {"contains", "well"}}};
  auto argv = catalogue::probe_kind("file")->command(probe);
  REQUIRE(argv[0] == "sh");
  // A plan would take `${` for one of its references.
  CHECK(argv[2].find("${") == std::string::npos);
  Engine engine;
  for (const std::vector<std::string>& shell :
       {std::vector<std::string>{"dash"}, {"bash", "--posix"}, {"busybox", "sh"}}) {
    CAPTURE(shell[0]);
    std::vector<std::string> line = shell;
    line.insert(line.end(), argv.begin() + 1, argv.end());
    CHECK(engine.ask(command_probe(line), 20s).evidence.starts_with("11 bytes, changed "));
  }
}
