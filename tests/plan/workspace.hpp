// A workspace of a test's own, with the one drill `d`.
#pragma once
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "base/id.hpp"
#include "config/diagnostics.hpp"
#include "plan/compile.hpp"
#include "tests/catch.hpp"

namespace muster::test {

class Workspace {
 public:
  Workspace() { write("inventory/people.yaml", "people:\n  ana: {name: Ana, unix: ana}\n"); }
  ~Workspace() { std::filesystem::remove_all(root_); }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((root_ / name).parent_path());
    std::ofstream{root_ / name} << text;
  }
  std::optional<plan::Plan> compiled(config::Diagnostics& out) const {
    const auto loaded = model::load_drill(root_, "d", out);
    return loaded ? plan::compile(*loaded, {}, out) : std::nullopt;
  }
  /// A plan, or the test has failed.
  plan::Plan plan() const {
    config::Diagnostics out;
    auto plan = compiled(out);
    INFO(config::render(out));
    REQUIRE(plan);
    return *plan;
  }
  /// As `muster check` prints them.
  std::string errors() const {
    config::Diagnostics out;
    compiled(out);
    return config::render(out);
  }

 private:
  std::filesystem::path root_ =
      std::filesystem::temp_directory_path() / ("muster-plan-test-" + random_id());
};

}  // namespace muster::test
