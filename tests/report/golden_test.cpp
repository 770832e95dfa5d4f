// Whole reports against files: MUSTER_GOLDEN=write writes them anew, to be read before they are
// kept.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "report/edition.hpp"
#include "report/html.hpp"
#include "report/json.hpp"
#include "report/junit.hpp"
#include "report/terminal.hpp"
#include "story.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

void matches(const std::string& file, const std::string& bytes) {
  const auto path = std::filesystem::path{MUSTER_SOURCE_DIR} / "tests/golden/report" / file;
  const char* mode = std::getenv("MUSTER_GOLDEN");
  if (mode && std::string{mode} == "write") {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream{path, std::ios::binary} << bytes;
  }
  std::ifstream in{path, std::ios::binary};
  std::stringstream kept;
  kept << in.rdbuf();
  INFO("golden file " << file << "; MUSTER_GOLDEN=write writes it anew");
  CHECK(kept.str() == bytes);
}

}  // namespace

TEST_CASE("reports are what they were") {
  for (const auto& [name, record] : all_runs()) {
    const auto summary = report::summarise(record);
    matches(name + ".json", report::json_text(summary));
    matches(name + ".xml", report::junit_text(summary));
    matches(name + ".txt", report::terminal_text(summary, false));
  }
  for (const auto& [name, record] :
       {std::pair{"pass", a_pass()}, {"dirty", a_dirty_fail()}, {"restore-test", a_restore_test()}})
    matches(std::string{name} + ".html", report::html_text(report::summarise(record), record));
  const auto outside = report::for_edition(a_fail(), report::Edition::redacted);
  REQUIRE(outside);
  matches("redacted.html", report::html_text(report::summarise(*outside), *outside));
}
