#include "report/html.hpp"

#include <regex>
#include <set>

#include "report/markup.hpp"
#include "report/pulse.hpp"
#include "story.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

std::string page(const report::Record& r) {
  return report::html_text(report::summarise(r), r);
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

const std::string kHostile =
    "</pre><script>alert(1)</script><img src=x onerror=alert(2)>\" onload='x' &lt; \x1b[31m\x07 "
    "\xff \u202egnp.exe ]]> -->";

/// Every text of the record that somebody else may have written.
report::Record hostile() {
  auto r = a_dirty_fail();
  r.plan.title = r.plan.why = r.plan.owner = r.plan.change = kHostile;
  for (auto* steps : {&r.plan.steps, &r.plan.ends})
    for (auto& step : *steps) step.name = step.place = kHostile;
  for (auto& [id, step] : r.state.steps)
    step.why = step.evidence = step.output = step.asked_of = step.answered_by = kHostile;
  for (auto& effect : r.state.effects) {
    effect.evidence = effect.clean_evidence = effect.why = effect.healed_by = kHostile;
    effect.values[kHostile] = kHostile;
  }
  for (auto& [name, host] : r.state.hosts)
    host.facts["machine_id"] = kHostile, host.problems = {kHostile};
  r.state.verdict["reasons"].push_back(kHostile);
  r.state.actor.principal = kHostile;
  for (auto& e : r.entries) {
    e.actor.principal = kHostile;
    if (e.data.is_object())
      for (auto& [key, value] : e.data.items())
        if (value.is_string()) value = kHostile;
  }
  for (auto& role : r.plan.roles) role.holder = role.deputy = kHostile;
  r.plan.services[0].name = kHostile;
  return r;
}

}  // namespace

TEST_CASE("text stays text, whatever a target or a person has said") {
  const auto html = page(hostile());
  CHECK_FALSE(has(html, "<script"));
  CHECK_FALSE(has(html, "<img"));
  CHECK_FALSE(has(html, "onload='x'"));
  CHECK_FALSE(has(html, "\x1b"));
  CHECK_FALSE(has(html, "\x07"));
  CHECK_FALSE(has(html, "\u202e"));
  CHECK(has(html, "&lt;script&gt;alert(1)"));
  // No attribute of ours can be closed from within, and no handler exists at all.
  CHECK_FALSE(std::regex_search(html, std::regex{"<[a-z]+[^<>]* on[a-z]+="}));
}

TEST_CASE("a page needs nothing and lets nothing in") {
  for (const auto& [name, record] : all_runs()) {
    INFO(name);
    const auto html = page(record);
    CHECK(has(html, "default-src 'none'; style-src 'sha256-"));
    CHECK_FALSE(std::regex_search(html, std::regex{"(src|href)=\"(https?:|//|data:)"}));
    CHECK_FALSE(has(html, " style=\""));
    CHECK_FALSE(has(html, "url("));
    CHECK(has(html, "Exercise, not real"));
    CHECK(has(html, "lang=\"en\""));
    CHECK(has(html, "<main"));
  }
}

TEST_CASE("every link within a page has its end, and ids are given once") {
  for (const auto& [name, record] : all_runs()) {
    INFO(name);
    const auto html = page(record);
    std::set<std::string> ids;
    const std::regex id{" id=\"([^\"]+)\""}, link{"href=\"#([^\"]+)\""};
    for (std::sregex_iterator it{html.begin(), html.end(), id}, end; it != end; ++it)
      CHECK(ids.insert((*it)[1]).second);
    for (std::sregex_iterator it{html.begin(), html.end(), link}, end; it != end; ++it) {
      INFO((*it)[1]);
      CHECK(ids.contains((*it)[1]));
    }
  }
}

TEST_CASE("a long run's page stays within its limit") {
  auto r = a_pass();
  const auto one = r.entries[6];
  while (r.entries.size() < 30'000) r.entries.push_back(one);
  const std::string noise(60'000, '"');
  for (auto& [id, step] : r.state.steps) step.output = step.evidence = step.why = noise;
  auto& samples = r.samples["orders"];
  const auto last = samples.back();
  while (samples.size() < 200'000) {
    samples.push_back(last);
    samples.back().n = samples.size();
  }
  for (int i = 0; i < 400; ++i) {
    auto step = r.plan.steps[0];
    step.id = "more" + std::to_string(i);
    step.name = noise.substr(0, 5'000);
    r.plan.steps.push_back(step);
  }
  const auto html = page(r);
  CHECK(html.size() <= report::kHtmlBytesMax);
  CHECK(has(html, "</html>"));
  CHECK(has(html, "more are in the record and not on this page"));
}

TEST_CASE("the pulse gives each probe to one column and leaves gaps empty") {
  std::vector<measure::Sample> samples;
  for (int ms : {0, 10, 20, 30, 90, 100, -1}) {
    measure::Sample s;
    s.sent = instant(1'000'000LL * ms);
    s.outcome = ms == 20 ? measure::Outcome::unknown : measure::Outcome::ok;
    samples.push_back(s);
  }
  const auto columns = report::pulse(samples, instant(0), instant(100'000'000), 4);
  CHECK(columns == std::vector<report::PulseColumn>{{3, 2}, {1, 1}, {0, 0}, {1, 1}});
  CHECK(report::pulse(samples, instant(5), instant(5), 3) == std::vector<report::PulseColumn>(3));
}
