#include "model/retention.hpp"

#include "model/workspace.hpp"
#include "tests/catch.hpp"
#include "tests/model/workspace_helper.hpp"

using namespace muster;
using namespace muster::model;

TEST_CASE("retention is read; what is not said is kept for ever") {
  TemporaryWorkspace folder;
  folder.write("inventory/hosts.yaml", "all: {hosts: {db-1: {ansible_host: 10.0.0.9}}}\n");
  config::Diagnostics out;
  const auto nothing = load_retention(folder.root(), out);
  CHECK_FALSE(nothing.keep);
  CHECK_FALSE(nothing.samples);
  folder.write("inventory/retention.yaml", "retention: {keep: 6y, samples: 400d}\n");
  const auto both = load_retention(folder.root(), out);
  CHECK(config::render(out) == "");
  REQUIRE(both.keep);
  CHECK(both.keep->text == "6y");
  CHECK(both.keep->length == std::chrono::hours{24} * 6 * 366);
  CHECK(both.samples->length == std::chrono::hours{24} * 400);
}

TEST_CASE("a file of retention is read strictly") {
  for (const auto& [text, error] : std::vector<std::pair<std::string, std::string>>{
           {"retention: {kepe: 6y}\n", "`kepe` is not a key of retention"},
           {"retention: {keep: 6 years}\n", "'6 years' is not a time to keep something"},
           {"retention: {keep: 06y}\n", "'06y' is not a time to keep something"},
           {"retention: {keep: 72h}\n", "'72h' is not a time to keep something"},
           {"retention: {keep: 29d}\n", "'29d' is not between 30 days and 100 years"},
           {"retention: {keep: 101y}\n", "'101y' is not between 30 days and 100 years"},
           {"retention: {keep: 90d, samples: 1y}\n", "`samples` is longer than `keep`"}}) {
    CAPTURE(text);
    const auto said = TemporaryWorkspace{}.write("inventory/retention.yaml", text).errors();
    CAPTURE(said);
    CHECK(said.find(error) != std::string::npos);
  }
}
