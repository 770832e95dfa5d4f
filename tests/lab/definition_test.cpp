#include "adapters/lab/definition.hpp"

#include "config/yaml.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::lab;

namespace {

constexpr const char* kWhole = R"(lab: orders
network: 10.231.77.0/24
controller: 10.231.77.1
disk: 4GiB
base: {suite: bookworm, packages: [postgresql-15, g++], script: base.sh}
nodes:
  db-1: {address: 10.231.77.11, provision: [postgres.sh, primary.sh]}
  lb-1: {address: 10.231.77.40}
afterwards:
  - {node: db-1, script: backup.sh}
ready:
  - {node: lb-1, script: serves.sh}
)";

struct Read {
  Definition definition;
  std::string errors;
};

Read read(const std::string& text) {
  config::Diagnostics out;
  const auto source = config::make_source("lab.yaml", text, config::Dialect::strict, out);
  const auto document = config::parse_yaml(source, config::Dialect::strict, out);
  Read answer;
  if (document) answer.definition = read_definition(*document, out);
  answer.errors = config::render(out);
  return answer;
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

bool says(const std::string& errors, const std::string& text) {
  return errors.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a definition says what a lab is") {
  const auto [lab, errors] = read(kWhole);
  REQUIRE(errors == "");
  CHECK(lab.lab == "orders");
  CHECK(to_string(lab.network) == "10.231.77.0/24");
  CHECK(to_string(lab.controller) == "10.231.77.1");
  CHECK(lab.disk_bytes == 4ull << 30);
  CHECK(lab.suite == "bookworm");
  CHECK(lab.packages == std::vector<std::string>{"postgresql-15", "g++"});
  CHECK(lab.base_script == "base.sh");
  REQUIRE(lab.nodes.size() == 2);
  CHECK(lab.nodes[0].name == "db-1");
  CHECK(to_string(lab.nodes[0].address) == "10.231.77.11");
  CHECK(lab.nodes[0].provision == std::vector<std::string>{"postgres.sh", "primary.sh"});
  CHECK(lab.nodes[1].provision.empty());
  REQUIRE(lab.afterwards.size() == 1);
  CHECK(lab.afterwards[0].node == "db-1");
  REQUIRE(lab.ready.size() == 1);
  CHECK(lab.ready[0].script == "serves.sh");
}

TEST_CASE("what cannot be a lab is refused, with what was expected") {
  struct Row {
    const char* from;
    const char* to;
    const char* said;
  };
  const Row rows[] = {
      {"lab: orders", "lab: much-too-long", "at most 10 small letters"},
      {"lab: orders", "lab: \"a; rm -rf /\"", "small letters, digits and dashes"},
      {"lab: orders", "lab: base", "taken by the lab itself"},
      {"network: 10.231.77.0/24", "network: 8.8.8.0/24", "a private network"},
      {"controller: 10.231.77.1", "controller: 10.9.9.9", "a host in 10.231.77.0/24"},
      {"disk: 4GiB", "disk: 1MiB", "256MiB to 1TiB"},
      {"disk: 4GiB", "dsik: 4GiB", "did you mean `disk`?"},
      {"suite: bookworm", "suite: -x", "a Debian suite"},
      {"postgresql-15", "--option", "not a name of a Debian package"},
      {"script: base.sh", "script: ../base.sh", "the name of a script beside this file"},
      {"primary.sh", "a b.sh", "the name of a script beside this file"},
      {"  lb-1:", "  machine:", "taken by the lab itself"},
      {"10.231.77.40", "10.231.77.11", "the address of 'lb-1' is taken"},
      {"10.231.77.40", "10.231.77.1", "the address of 'lb-1' is taken"},
      {"{node: db-1,", "{node: db-2,", "did you mean `db-1`?"},
  };
  for (const auto& row : rows) {
    const auto errors = read(with(kWhole, row.from, row.to)).errors;
    INFO(row.to << "\n" << errors);
    CHECK(says(errors, row.said));
  }
}

TEST_CASE("a definition without nodes is refused") {
  CHECK(says(read("lab: orders\n").errors, "a lab needs `nodes`"));
}

TEST_CASE("the workspace's own lab can be made") {
  const auto definition = load_definition(MUSTER_SOURCE_DIR "/inventory/lab/lab.yaml");
  if (!definition) FAIL(to_string(definition.error()));
  CHECK(definition->lab == "orders");
}

TEST_CASE("a script that is not there is named before anything is made") {
  const auto definition = load_definition(MUSTER_SOURCE_DIR "/tests/lab/data/lab.yaml");
  REQUIRE_FALSE(definition);
  CHECK(says(definition.error().what, "'missing.sh' is not there"));
}
