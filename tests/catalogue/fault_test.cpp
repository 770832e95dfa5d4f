// Headers of faults, and the faults that came with the binary.
#include "catalogue/fault.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/catch.hpp"

using namespace muster;
using namespace muster::catalogue;

namespace {
std::string unless_contains(const std::string& text, const std::string& part) {
  return text.find(part) == std::string::npos ? "no '" + part + "' in: " + text : "";
}
const std::string kFunctions =
    "precheck() { :; }\ninject() { :; }\nverify() { :; }\nrevert() { :; }\nclean() { :; }\n";
const std::string kHeader = "#!/bin/sh\n# fault: a.b\n# title: T\n# healer: target\n# root: no\n";
}  // namespace

TEST_CASE("a fault's header declares all that the plan needs") {
  const auto fault =
      parse_fault("a.b.sh", kHeader +
                                "# tools: df dd\n"
                                "# param path path required -- where\n"
                                "# param size size default 1GiB -- how much; more -- text\n"
                                "# param note string -- free\n\n# a comment: not a key\n" +
                                kFunctions);
  REQUIRE(fault);
  CHECK(fault->name == "a.b");
  CHECK(fault->title == "T");
  CHECK(fault->healer == Healer::target);
  CHECK_FALSE(fault->root);
  CHECK(fault->tools == std::vector<std::string>{"df", "dd"});
  CHECK(
      fault->parameters ==
      std::vector<Parameter>{{"path", ParameterType::path, true, "", "where"},
                             {"size", ParameterType::size, false, "1GiB", "how much; more -- text"},
                             {"note", ParameterType::string, false, "", "free"}});
  CHECK(fault->sha256 == sha256(fault->script));
  CHECK(fault->script.find(kFunctions) != std::string::npos);
}

TEST_CASE("a header that is wrong is refused at its line") {
  struct Row {
    std::string text, expected;
  };
  const std::vector<Row> table{
      {"#!/bin/bash\n", "f.sh:1: the first line is not #!/bin/sh"},
      {kHeader + "# heeler: x\n" + kFunctions,
       "f.sh:6: 'heeler' is no key of a fault's header (did you mean healer?)"},
      {kHeader + "# root: no\n" + kFunctions, "f.sh:6: 'root' is there twice"},
      {"#!/bin/sh\n# fault: a\n# title: t\n# root: no\n" + kFunctions,
       "f.sh:5: the header ends without 'healer'"},
      {"#!/bin/sh\n# healer: me\n" + kFunctions, "f.sh:2: 'me' is not a healer"},
      {"#!/bin/sh\n# root: maybe\n" + kFunctions, "f.sh:2: root: 'maybe'"},
      {"#!/bin/sh\n# fault: A B\n" + kFunctions, "f.sh:2: 'A B' is not a fault's name"},
      {kHeader + "# param x size\n" + kFunctions, "f.sh:6: a parameter without a help text"},
      {kHeader + "# param x sise -- h\n" + kFunctions,
       "f.sh:6: 'sise' is not a type of parameter (did you mean size?)"},
      {kHeader + "# param X size -- h\n" + kFunctions, "f.sh:6: 'X' is not a parameter's name"},
      {kHeader + "# param x size default many -- h\n" + kFunctions,
       "f.sh:6: x: 'many' is not a size"},
      {kHeader + "# param x size often -- h\n" + kFunctions, "f.sh:6: 'often' after the type"},
      {kHeader + "# param x size -- h\n# param x size -- h\n" + kFunctions,
       "f.sh:7: parameter 'x' is declared twice"},
      {kHeader + "# uses: nonsense\n" + kFunctions, "f.sh:6: uses: 'nonsense' is no shared part"},
      {kHeader + "# undo: x\n" + kFunctions, "undo: 'x' is no list parameter of it"},
      {kHeader + "precheck() { :; }\n", "there is no function inject"},
      {kHeader + kFunctions + "\r\n", "a carriage return"}};
  for (const auto& row : table) {
    const auto fault = parse_fault("f.sh", row.text);
    REQUIRE_FALSE(fault);
    CHECK(unless_contains(to_string(fault.error()), row.expected) == "");
  }
}

TEST_CASE("the built-in faults are there") {
  const auto& faults = builtin_faults();
  REQUIRE(faults.contains("node.kill"));
  CHECK(faults.at("node.kill").healer == Healer::guardian);
  CHECK(faults.contains("process.pause"));
  CHECK(faults.at("process.kill").undone_by == "recover");
  CHECK(faults.at("process.kill").script.find("\nm_ways() {") != std::string::npos);
  CHECK(faults.contains("disk.fill"));
  for (const auto& [name, fault] : faults) {
    CHECK(name == fault.name);
    CHECK_FALSE(fault.title.empty());
  }
}

TEST_CASE("values are checked by their type") {
  struct Row {
    ParameterType type;
    std::string good, bad;
  };
  const std::vector<Row> table{{ParameterType::path, "/var/lib/x", "var/lib"},
                               {ParameterType::path, "/a..b", "/a/../b"},
                               {ParameterType::integer, "-12", "1.5"},
                               {ParameterType::boolean, "true", "yes"},
                               {ParameterType::duration, "1h30m", "90"},
                               {ParameterType::size, "1.5GiB", "12"},
                               {ParameterType::percent, "50%", "150%"},
                               {ParameterType::time, "latest", "yesterday"},
                               {ParameterType::time, "2026-11-22T21:15:05Z", "21:15"},
                               {ParameterType::string, "any\ntext", std::string("a\0b", 3)},
                               {ParameterType::string, "", std::string((64 << 10) + 1, 'x')}};
  for (const auto& row : table) {
    const Parameter p{"x", row.type, false, "", ""};
    INFO(name_of(row.type) << " " << row.bad.substr(0, 40));
    CHECK(check_value(p, row.good));
    CHECK_FALSE(check_value(p, row.bad));
    CHECK(check_value(p, "${recover_to}"));
    CHECK(parse_parameter_type(name_of(row.type)).value() == row.type);
  }
}

TEST_CASE("shellcheck finds nothing in what runs on targets") {
  if (std::system("command -v shellcheck >/dev/null 2>&1") != 0) {
    WARN("SKIPPED (1): shellcheck is not installed (apt install shellcheck)");
    return;
  }
  const std::string files =
      MUSTER_SOURCE_DIR "/src/catalogue/target/*.sh " MUSTER_SOURCE_DIR
                        "/src/catalogue/faults/*.sh " MUSTER_SOURCE_DIR
                        "/src/catalogue/shared/*.sh " MUSTER_SOURCE_DIR
                        "/src/catalogue/gate/*.sh " MUSTER_SOURCE_DIR "/src/catalogue/probes/*.sh";
  CHECK(std::system(("shellcheck " + files).c_str()) == 0);
}

TEST_CASE("every script parses in dash, busybox and bash") {
  for (const auto* sh : {"dash", "busybox sh", "bash --posix"})
    for (const auto& [name, fault] : builtin_faults()) {
      auto* out = ::popen((std::string{sh} + " -n").c_str(), "w");
      REQUIRE(out != nullptr);
      std::fwrite(fault.script.data(), 1, fault.script.size(), out);
      INFO(sh << " " << name);
      CHECK(::pclose(out) == 0);
    }
}
