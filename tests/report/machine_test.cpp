// The outputs for machines: JSON without fractions, JUnit that is green for nothing that is not
// proven.
#include <cstdio>
#include <cstdlib>
#include <regex>

#include "base/json.hpp"
#include "report/json.hpp"
#include "report/junit.hpp"
#include "story.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

std::size_t green(const std::string& xml) {
  return count(xml, "<testcase") - count(xml, "<failure") - count(xml, "<error") -
         count(xml, "<skipped");
}

std::string junit(const report::Record& r) {
  return report::junit_text(report::summarise(r));
}

}  // namespace

TEST_CASE("the report for machines is canonical: no fraction, no text that is no UTF-8") {
  for (const auto& [name, record] : all_runs()) {
    INFO(name);
    const auto text = report::json_text(report::summarise(record));
    const auto json = parse_json(text);
    REQUIRE(json);
    CHECK(canonical_json(*json));
    CHECK(json->at("muster_report") == 1);
    CHECK(json->at("verdict").at("sentence") == report::summarise(record).verdict.sentence);
    CHECK(json->at("record").at("root") == hex(record.verified.root));
  }
}

TEST_CASE("JUnit counts what it says") {
  for (const auto& [name, record] : all_runs()) {
    INFO(name);
    const auto xml = junit(record);
    const std::regex head{
        "<testsuite [^>]*tests=\"(\\d+)\" failures=\"(\\d+)\" errors=\"(\\d+)\" "
        "skipped=\"(\\d+)\""};
    std::smatch m;
    REQUIRE(std::regex_search(xml, m, head));
    CHECK(std::stoul(m[1]) == count(xml, "<testcase"));
    CHECK(std::stoul(m[2]) == count(xml, "<failure"));
    CHECK(std::stoul(m[3]) == count(xml, "<error"));
    CHECK(std::stoul(m[4]) == count(xml, "<skipped"));
  }
}

TEST_CASE("JUnit is green for what was proven and for nothing else") {
  struct Row {
    const char* run;
    report::Record record;
    std::size_t green, failures, errors, skipped;
  };
  // Cases: result, state, two objectives, six steps.
  const Row rows[] = {{"PASS", a_pass(), 10, 0, 0, 0},
                      {"FAIL", a_fail(), 8, 2, 0, 0},
                      {"INCONCLUSIVE", an_inconclusive(), 8, 0, 2, 0},
                      {"INVALID", an_invalid(), 1, 0, 4, 5},
                      {"NOT_RUN", a_not_run(), 1, 0, 0, 9},
                      {"ABORTED, dirty", a_dirty_fail(), 1, 0, 5, 4}};
  for (const auto& row : rows) {
    INFO(row.run);
    const auto xml = junit(row.record);
    CHECK(green(xml) == row.green);
    CHECK(count(xml, "<failure") == row.failures);
    CHECK(count(xml, "<error") == row.errors);
    CHECK(count(xml, "<skipped") == row.skipped);
  }
}

TEST_CASE("nothing is green in a record that does not verify") {
  auto r = a_pass();
  r.verified.findings_count = 1;
  CHECK(green(junit(r)) == 0);
}

TEST_CASE("JUnit is well-formed XML for an independent reader, also with hostile names") {
  if (std::system("command -v xmllint >/dev/null 2>&1") != 0) {
    WARN("not tried: xmllint is not installed (libxml2-utils)");
    return;
  }
  auto hostile = a_fail();
  hostile.plan.steps[0].name = "]]> <b a='\"'>& \x01\xff \xef\xbf\xbf";
  hostile.state.steps.at("switch").why = hostile.state.steps.at("switch").output =
      "</testcase>\x0b";
  hostile.state.steps.at("switch").status = journal::StepStatus::failed;
  auto runs = all_runs();
  runs.emplace_back("hostile", hostile);
  for (const auto& [name, record] : runs) {
    INFO(name);
    FILE* lint = popen("xmllint --noout --nonet - 2>&1", "w");
    REQUIRE(lint);
    const auto xml = junit(record);
    fwrite(xml.data(), 1, xml.size(), lint);
    CHECK(pclose(lint) == 0);
  }
}
