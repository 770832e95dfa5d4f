#include "report/junit.hpp"

#include "base/text.hpp"
#include "report/edition.hpp"
#include "report/events.hpp"
#include "report/markup.hpp"
#include "report/words.hpp"

namespace muster::report {
namespace {

using journal::StepStatus;
using measure::DrillResult;
using measure::DrillState;
using measure::Met;

enum class How { passed, failure, error, skipped };

struct Case {
  std::string group;  // result, objective, step, end
  std::string name;
  How how = How::error;
  std::string message;
  std::string detail;
  std::optional<Duration> took;
};

Case result_case(const Verdict& v) {
  Case c{"verdict", "result", How::error, v.sentence, joined(v.reasons, "\n"), {}};
  if (v.result == DrillResult::pass) c.how = How::passed;
  if (v.result == DrillResult::fail) c.how = How::failure;
  if (v.result == DrillResult::not_run) c.how = How::skipped;
  return c;
}

Case state_case(const Verdict& v) {
  const bool known = v.state && v.result;
  Case c{"verdict",
         "state",
         How::error,
         known ? std::string{name(*v.state)} : "not known",
         joined(v.dirty, "\n"),
         {}};
  if (known && v.state != DrillState::dirty) c.how = How::passed;
  return c;
}

Case objective_case(const measure::Judgement& j) {
  Case c{"objective", label_of(j),
         How::error,  actual_of(j) + " of " + limit_of(j) + ": " + j.reason,
         {},          {}};
  if (j.met == Met::yes) c.how = How::passed;
  if (j.met == Met::no) c.how = How::failure;
  return c;
}

Case step_case(const Step& step) {
  Case c{step.is_end ? "end" : "step",
         step.name,
         How::error,
         step.state.why,
         step.state.output,
         step.took};
  const auto status = step.state.status;
  if (status == StepStatus::passed) c.how = How::passed;
  if (status == StepStatus::failed) c.how = How::failure;
  if (status == StepStatus::skipped || status == StepStatus::waiting) c.how = How::skipped;
  if (c.message.empty()) c.message = name_of(status);
  return c;
}

void write(Markup& x, const std::string& drill, const Case& c) {
  x << "  <testcase classname=\"" << drill << "." << c.group << "\" name=\"" << one_line(c.name)
    << "\" time=\"" << seconds_text(c.took.value_or(Duration::zero())) << "\"";
  if (c.how == How::passed) {
    x << "/>\n";
    return;
  }
  x << ">\n    ";
  const std::string message = one_line(bounded(c.message, 2000));
  if (c.how == How::failure)
    x << "<failure type=\"FAIL\" message=\"" << message << "\">" << c.detail << "</failure>";
  if (c.how == How::error)
    x << "<error type=\"UNKNOWN\" message=\"" << message << "\">" << c.detail << "</error>";
  if (c.how == How::skipped) x << "<skipped message=\"" << message << "\"/>";
  x << "\n  </testcase>\n";
}

}  // namespace

std::string junit_text(const Summary& s) {
  std::vector<Case> cases{result_case(s.verdict), state_case(s.verdict)};
  for (const auto& j : s.objectives) cases.push_back(objective_case(j));
  for (const auto& step : s.steps) cases.push_back(step_case(step));
  if (s.verdict.result == DrillResult::not_run)
    for (auto& c : cases)
      if (c.name != "state") c.how = How::skipped;
  // A record that is no proof proves no step either.
  if (!s.verified.intact())
    for (auto& c : cases) c.how = How::error;
  std::size_t failures = 0, errors = 0, skipped = 0;
  for (const auto& c : cases) {
    failures += c.how == How::failure;
    errors += c.how == How::error;
    skipped += c.how == How::skipped;
  }
  Markup x;
  x << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"" << s.drill << "\" tests=\""
    << cases.size() << "\" failures=\"" << failures << "\" errors=\"" << errors << "\" skipped=\""
    << skipped << "\" time=\"" << seconds_text(s.axis.since(s.end)) << "\"";
  if (s.opened) x << " timestamp=\"" << format_utc(*s.opened).substr(0, 19) << "\"";
  x << ">\n  <properties>\n";
  const auto property = [&](std::string_view key, const std::string& value) {
    if (!value.empty())
      x << "    <property name=\"" << key << "\" value=\"" << one_line(value) << "\"/>\n";
  };
  property("run", s.run);
  property("edition", std::string{name_of(s.edition)});
  property("result", s.verdict.word);
  property("state", s.verdict.result && s.verdict.state ? std::string{name(*s.verdict.state)} : "");
  property("sentence", s.verdict.sentence);
  property("plan", s.plan_hash);
  property("root", hex(s.verified.root));
  property("record", standing(s.verified));
  property("muster", s.ran_by);
  x << "  </properties>\n";
  for (const auto& c : cases) write(x, s.drill, c);
  x << "</testsuite>\n";
  return x.str();
}

}  // namespace muster::report
