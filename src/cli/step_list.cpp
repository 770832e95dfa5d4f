#include "cli/step_list.hpp"

#include <fmt/format.h>

#include "api/target.hpp"
#include "base/text.hpp"
#include "cli/exit.hpp"
#include "cli/live_run.hpp"
#include "cli/terminal.hpp"

namespace muster::cli {

namespace {

std::string shown_text(const Json& j, const char* key) {
  const auto it = j.find(key);
  return it != j.end() && it->is_string() ? printable(it->get<std::string>()) : std::string{};
}

/// "21:15:05" of a moment in UTC.
std::string clock(const std::string& utc) {
  return utc.size() > 19 ? utc.substr(11, 8) : utc;
}

/// What follows when nobody answers in time.
std::string then(const std::string& late, const std::string& deputy) {
  if (late == "escalate")
    return deputy.empty() ? "then it fails" : fmt::format("then {} is asked", deputy);
  return late == "proceed" ? "then the defaults are taken" : "then it fails";
}

std::string how_to_answer(const Json& step) {
  const std::string id = shell_quoted(shown_text(step, "step"));
  if (!step.contains("answers") || step.at("answers").empty()) return "muster step done " + id;
  std::string out = "muster step answer " + id;
  for (const auto& spec : step.at("answers"))
    out += fmt::format(" {}={}", shown_text(spec, "name"),
                       spec.contains("default") ? shell_quoted(shown_text(spec, "default"))
                                                : shown_text(spec, "type"));
  return out;
}

/// A step that waits for signatures: of whom, and whose are there.
void say_approval(const Json& step) {
  const auto& wanted = step.at("approve");
  say(fmt::format("{}  \"{}\" waits for {} to sign, of {}", shown_text(step, "step"),
                  shown_text(step, "name"), wanted.at("need").get<unsigned>(),
                  joined(wanted.at("from").get<std::vector<std::string>>(), ", ")));
  say(fmt::format("    {}", shown_text(step, "say")));
  say(fmt::format("    since {} UTC, until {} UTC", clock(shown_text(step, "since")),
                  clock(shown_text(step, "until"))));
  for (const auto& one : step.at("approved"))
    say(fmt::format("    signed by {} at {} UTC", shown_text(one, "person"),
                    clock(shown_text(one, "at"))));
  say("    muster step approve " + shell_quoted(shown_text(step, "step")));
}

void say_waiting(const Json& step) {
  if (step.contains("approve")) return say_approval(step);
  const std::string from = shown_text(step, "escalated_from"), deputy = shown_text(step, "deputy");
  say(fmt::format("{}  \"{}\" waits for {} ({}{})", shown_text(step, "step"),
                  shown_text(step, "name"), shown_text(step, "asked"), shown_text(step, "role"),
                  from.empty() ? "" : ": " + from + " did not answer in time"));
  say(fmt::format("    {}", shown_text(step, "say")));
  say(fmt::format("    since {} UTC, until {} UTC: {}", clock(shown_text(step, "since")),
                  clock(shown_text(step, "until")), then(shown_text(step, "late"), deputy)));
  for (const auto& ack : step.value("acknowledged", Json::array()))
    say(fmt::format("    seen by {} at {} UTC; the clock goes on",
                    shown_text(ack, "person").empty() ? shown_text(ack, "principal")
                                                      : shown_text(ack, "person"),
                    clock(shown_text(ack, "at"))));
  say("    " + how_to_answer(step));
}

}  // namespace

int list_steps(const Where& where, const std::string& wanted, bool json) {
  auto run = LiveRun::find(where, wanted);
  if (!run) return complain(run.error(), kFail);
  const auto people = run->ask("GET", api::people_target(run->id()));
  if (!people) return complain(people.error(), kFail);
  if (json) {
    say(people->dump());
    return kOk;
  }
  if (people->at("waiting").empty()) say("Nothing waits for anybody.");
  for (const auto& step : people->at("waiting")) say_waiting(step);
  for (const auto& role : people->at("roles"))
    say(fmt::format(
        "{}: {}{}, since {} UTC", shown_text(role, "role"), shown_text(role, "holder"),
        shown_text(role, "deputy").empty() ? "" : ", deputy " + shown_text(role, "deputy"),
        clock(shown_text(role, "since"))));
  return kOk;
}

}  // namespace muster::cli
