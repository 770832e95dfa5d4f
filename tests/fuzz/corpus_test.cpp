// Every file of the corpus through every target: seeds, and what fuzzing once found. Plain, and
// under the sanitizers in `./dev sanitize`.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <vector>

#include "tests/catch.hpp"
#include "tests/fuzz/mutate.hpp"
#include "tests/fuzz/target.hpp"

using namespace muster;

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> corpus() {
  std::vector<fs::path> files;
  for (const auto& file : fs::recursive_directory_iterator(MUSTER_SOURCE_DIR "/tests/fuzz/corpus"))
    if (file.is_regular_file()) files.push_back(file.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string content(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

TEST_CASE("every file of the corpus is read by every target without a fault") {
  const auto files = corpus();
  for (const auto& file : files) {
    const auto bytes = content(file);
    for (const auto& target : fuzz::targets()) {
      INFO(target.name << " reads " << file);
      CHECK_NOTHROW(target.run(bytes));
    }
  }
}

TEST_CASE("every target has seeds, and no folder is nobody's") {
  std::set<std::string> folders;
  for (const auto& file : corpus()) folders.insert(file.parent_path().filename());
  std::set<std::string> names;
  for (const auto& target : fuzz::targets()) names.emplace(target.name);
  CHECK(folders == names);
}

// MUSTER_FUZZ_INPUTS says how many, MUSTER_FUZZ_SEED from which seed on, MUSTER_FUZZ_TARGET which
// one.
TEST_CASE("what is made of the corpus by chance is read without a fault") {
  const auto number = [](const char* name, std::uint64_t preset) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : preset;
  };
  const char* only = std::getenv("MUSTER_FUZZ_TARGET");
  for (const auto& target : fuzz::targets()) {
    if (only != nullptr && target.name != only) continue;
    std::vector<std::string> seeds;
    for (const auto& file : corpus())
      if (file.parent_path().filename() == target.name) seeds.push_back(content(file));
    fuzz::Mutator mutator{seeds, number("MUSTER_FUZZ_SEED", 1)};
    for (auto n = number("MUSTER_FUZZ_INPUTS", 300); n > 0; --n) {
      const auto bytes = mutator.next();
      INFO(target.name << " reads " << bytes);
      REQUIRE_NOTHROW(target.run(bytes));
    }
  }
}
