#include "report/events.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "journal/kinds.hpp"
#include "report/data.hpp"
#include "report/parts.hpp"

namespace muster::report {
namespace {

namespace kinds = journal::kinds;
using journal::Entry;
using Text = std::optional<std::string>;

/// `step 3 "Restore the backup"`, or an end's name.
std::string step_name(const plan::Plan& plan, const std::string& id) {
  for (std::size_t i = 0; i < plan.steps.size(); ++i)
    if (plan.steps[i].id == id) return fmt::format("step {} \"{}\"", i + 1, plan.steps[i].name);
  for (std::size_t i = 0; i < plan.ends.size(); ++i)
    if (plan.ends[i].id == id) return fmt::format("end {} \"{}\"", i + 1, plan.ends[i].name);
  return fmt::format("step {}", id);
}

std::string because(const std::string& why) {
  return why.empty() ? "" : ": " + why;
}

Text on_run(const Entry& e, const plan::Plan& plan) {
  if (e.action == kinds::kRunOpened)
    return fmt::format("opened: {} ({}, up to {})", plan.title.empty() ? plan.drill : plan.title,
                       plan.drill, human_duration(plan.max_duration));
  if (e.action == kinds::kRunPreflight) {
    if (e.outcome == "ok") return fmt::format("preflight: {} is fit", e.target.host);
    std::string problems;
    if (e.data.is_object() && e.data.contains("problems"))
      for (const auto& p : e.data.at("problems"))
        if (p.is_string()) problems += (problems.empty() ? "" : "; ") + p.get<std::string>();
    return fmt::format("preflight: {} REFUSED{}", e.target.host, because(problems));
  }
  if (e.action == kinds::kRunTargets) {
    std::string all;
    if (e.data.is_object())
      for (const auto& [slot, hosts] : e.data.items())
        for (const auto& host : hosts)
          if (host.is_string())
            all += fmt::format("{}{} = {}", all.empty() ? "" : ", ", slot, host.get<std::string>());
    return "targets: " + (all.empty() ? "none" : all);
  }
  if (e.action == kinds::kRunBegan) return "preflight passed; services are warming up";
  if (e.action == kinds::kRunClosed) return "closed";
  return std::nullopt;
}

/// " (deputy)", " (stand-in)", " (not checked: …)": what the reader should know beside the name.
std::string as_whom(const Entry& e) {
  const std::string as = text_in(e.data, "as"), why = text_in(e.data, "not_checked");
  if (!why.empty()) return " (not checked: " + why + ")";
  if (as == "deputy") return " (deputy)";
  return as == "stand_in" ? " (stand-in)" : "";
}

/// `muster step answer decide recover_to=latest`, or `muster step done call`
std::string how_to_answer(const Entry& e) {
  const bool asks =
      e.data.is_object() && e.data.contains("answers") && !e.data.at("answers").empty();
  std::string command =
      fmt::format("muster step {} {}", asks ? "answer" : "done", shell_quoted(e.step));
  if (asks)
    for (const auto& spec : e.data.at("answers"))
      command += fmt::format(" {}={}", text_in(spec, "name"),
                             spec.contains("default") ? shell_quoted(text_in(spec, "default"))
                                                      : text_in(spec, "type"));
  return command;
}

/// "NEEDS 2 signatures of sre, dba by 21:15:05 UTC: … -> muster step approve go"
std::string on_signatures(const Entry& e) {
  const auto& wanted = e.data.at("approve");
  std::vector<std::string> teams;
  if (wanted.contains("from") && wanted.at("from").is_array())
    for (const auto& team : wanted.at("from"))
      if (team.is_string()) teams.push_back(team.get<std::string>());
  return fmt::format("NEEDS {} to sign, of {}{}{}: {} -> muster step approve {}",
                     wanted.contains("need") ? wanted.at("need").dump() : "some",
                     joined(teams, ", "),
                     e.deadline ? " by " + format_utc(*e.deadline).substr(11, 8) + " UTC" : "",
                     e.data.contains("again") ? ", once more: too few have" : "",
                     text_in(e.data, "say"), shell_quoted(e.step));
}

Text on_step(const Entry& e, const plan::Plan& plan) {
  const std::string name = step_name(plan, e.step);
  if (e.action == kinds::kStepStarted) return name + " started";
  if (e.action == kinds::kStepAsked && e.data.contains("approve")) return on_signatures(e);
  if (e.action == kinds::kStepAsked)
    return fmt::format(
        "NEEDS {} ({}{}){}: {} -> {}", text_in(e.data, "person"), text_in(e.data, "role"),
        text_in(e.data, "escalated_from").empty()
            ? ""
            : ", deputy: " + text_in(e.data, "escalated_from") + " did not answer in time",
        e.deadline ? " by " + format_utc(*e.deadline).substr(11, 8) + " UTC" : "",
        text_in(e.data, "say"), how_to_answer(e));
  if (e.action == kinds::kStepAnswered) {
    if (e.outcome == "late") return name + ": nobody answered in time, the defaults are taken";
    std::string all;
    if (e.data.is_object() && e.data.contains("answers"))
      for (const auto& [key, value] : e.data.at("answers").items())
        if (value.is_string())
          all += fmt::format("{}{}={}", all.empty() ? "" : ", ", key, value.get<std::string>());
    return fmt::format("{}: {} answered{}{}", name, e.actor.principal, as_whom(e), because(all));
  }
  if (e.action == kinds::kStepFinished) {
    const std::string word = e.outcome == "failed"    ? "FAILED"
                             : e.outcome == "unknown" ? "UNKNOWN"
                                                      : e.outcome;
    std::string said = text_in(e.data, "why");
    for (const auto& step : plan.steps)  // what a `tell` has to say stands in its output
      if (step.id == e.step && std::holds_alternative<plan::Tell>(step.action))
        said = text_in(e.data, "output");
    return fmt::format("{} {}{}", name, word, because(said));
  }
  return std::nullopt;
}

/// What the effect of a step is called: its fault, its provider, or a command.
std::string script_of(const plan::Plan& plan, const std::string& id) {
  for (const auto& step : plan.steps) {
    if (step.id != id) continue;
    if (const auto* inject = std::get_if<plan::Inject>(&step.action)) return inject->fault;
    if (const auto* restore = std::get_if<plan::Restore>(&step.action)) return restore->provider;
    if (std::holds_alternative<plan::Run>(step.action)) return "command";
  }
  return "effect";
}

Text on_effect(const Entry& e, const plan::Plan& plan) {
  const std::string what = fmt::format("{}{}{}", script_of(plan, e.step),
                                       e.target.host.empty() ? "" : " on ", e.target.host);
  const std::string why = because(text_in(e.data, "why"));
  if (e.action == kinds::kEffectArmed) return what + ": its undo is armed and read back";
  if (e.action == kinds::kEffectActive) return what + ": ACTIVE, proven";
  if (e.action == kinds::kEffectUnknown) return what + ": UNKNOWN whether it is there" + why;
  if (e.action == kinds::kEffectReverting) return what + ": being undone" + why;
  if (e.action == kinds::kEffectReverted)
    return fmt::format("{}: undone, proven (by {})", what, text_in(e.data, "healed_by"));
  if (e.action == kinds::kEffectSelfReverted)
    return what + (text_in(e.data, "healed_by") == "sweep"
                       ? ": undone by `muster sweep`, proven"
                       : ": undone by its healer alone, proven");
  if (e.action == kinds::kEffectRevertFailed) return what + ": COULD NOT BE UNDONE" + why;
  if (e.action == kinds::kEffectHeld) return what + ": HELD, nothing undoes it by itself any more";
  if (e.action == kinds::kEffectMoot)
    return what +
           (e.data.is_object() && e.data.value("mended", false)
                ? ": mended by hand, not proven undone"
                : ": nothing to undo it on") +
           why;
  return std::nullopt;  // intent and injecting: the record's own order of writes
}

Text on_request(const Entry& e, const plan::Plan& plan) {
  const std::string what = text_in(e.data, "what");
  if (what == "answer" || what == "done") return std::nullopt;  // step.answered says it
  const std::string who = e.actor.principal.empty() ? "muster" : e.actor.principal;
  if (what == "mended")
    return fmt::format("{} answers for what is left on {}{}", who, e.target.host,
                       because(text_in(e.data, "reason")));
  if (what == "gone")
    return fmt::format("{} declared {} gone for good{}{}", who, e.target.host,
                       e.data.is_object() && e.data.value("wiped", false) ? ", its disk wiped" : "",
                       because(text_in(e.data, "reason")));
  if (what == "approve")
    return fmt::format("{}: {} approves{}", step_name(plan, e.step), who,
                       because(text_in(e.data, "reason")));
  if (what == "ack")
    return fmt::format("{}: {} has seen it{}; the clock goes on", step_name(plan, e.step), who,
                       as_whom(e));
  return fmt::format("{} asked to {}{}{}{}", who, wish_in(e.data),
                     e.step.empty() ? "" : " " + step_name(plan, e.step), as_whom(e),
                     because(text_in(e.data, "reason")));
}

Text on_role(const Entry& e) {
  const std::string deputy = text_in(e.data, "deputy"), before = text_in(e.data, "before");
  return fmt::format("{} is {}{}{}{}", text_in(e.data, "role"), text_in(e.data, "holder"),
                     deputy.empty() ? "" : ", deputy " + deputy,
                     before.empty() ? ""
                                    : fmt::format("; until now {}; {} by {}", before,
                                                  text_in(e.data, "how"), e.actor.principal),
                     because(text_in(e.data, "reason")));
}

/// "note by unix:ana, of Bo, at 21:15:05 UTC: restarted X"
Text on_note(const Entry& e) {
  const std::string who = text_in(e.data, "who"), happened = text_in(e.data, "happened");
  const std::string when = happened.size() > 19 ? " at " + happened.substr(11, 8) + " UTC" : "";
  std::string what = "note";
  if (e.action == kinds::kCorrection)
    what = fmt::format("correction of entry {}", e.data.value("corrects", std::uint64_t{0}));
  return fmt::format("{} by {}{}{}{}", what, e.actor.principal,
                     who.empty() ? "" : ", of what " + who + " did", when,
                     because(text_in(e.data, "text")));
}

/// Who holds well is told once; who was counted, only when that stopped something.
Text on_guardrail(const Entry& e, const plan::Plan& plan) {
  const std::string name = text_in(e.data, "name"), why = because(text_in(e.data, "why"));
  const bool no = e.outcome == "no";
  if (e.action == kinds::kGuardrailHolds) return fmt::format("guardrail {} holds", name);
  if (e.action == kinds::kGuardrailFails)
    return fmt::format("guardrail {} {}{}", name, no ? "DOES NOT HOLD" : "CANNOT BE EVALUATED",
                       why);
  if (e.action == kinds::kGuardrailFired)
    return fmt::format("guardrail {} {} for too long: THE DRILL IS STOPPED{}", name,
                       no ? "did not hold" : "could not be evaluated", why);
  if (e.outcome != "refused") return std::nullopt;
  return e.step.empty() ? "the guardrails REFUSE the drill" + why
                        : step_name(plan, e.step) + " is REFUSED" + why;
}

/// "ALERT OrdersDown (alertmanager): the fault is detected"
Text on_alert(const Entry& e) {
  const std::string alert = text_in(e.data, "alert"), source = text_in(e.data, "source");
  if (source == "person")
    return fmt::format("{} noticed the fault{}{}", e.actor.principal,
                       alert.empty() ? "" : " by the alert " + alert,
                       because(text_in(e.data, "text")));
  const bool counts = e.data.is_object() && e.data.value("counts", false);
  return fmt::format("{} {} ({}){}", e.outcome == "firing" ? "ALERT" : "alert over:", alert, source,
                     counts ? ": the fault is detected" : because(text_in(e.data, "why")));
}

Text on_rest(const Entry& e, const plan::Plan& plan) {
  if (e.action == kinds::kAlertSeen) return on_alert(e);
  if (e.action == kinds::kRequest) return on_request(e, plan);
  if (e.action == kinds::kRoleAssumed) return on_role(e);
  if (e.action == kinds::kNote || e.action == kinds::kCorrection) return on_note(e);
  if (e.action == kinds::kLeaseLost)
    return fmt::format("LEASE LOST on {}: its healer will revert what was injected there{}",
                       e.target.host, because(text_in(e.data, "why")));
  if (e.action == kinds::kLeaseRegained) return fmt::format("lease regained on {}", e.target.host);
  if (e.action == kinds::kRestorePhase) {
    const std::string detail = text_in(e.data, "detail");
    const std::string phase =
        fmt::format("restore on {}: {}{}", e.target.host, text_in(e.data, "phase"),
                    detail.empty() ? "" : " (" + detail + ")");
    if (e.outcome == "started") return phase;
    if (e.outcome == "yes") return std::nullopt;  // the next phase says that this one is over
    return fmt::format("{} said {}", phase, e.outcome);
  }
  if (e.action == kinds::kVerdict)
    return fmt::format("VERDICT {}, {}", e.outcome, text_in(e.data, "state"));
  if (e.action == kinds::kTakeover) return "another process took this run over";
  return std::nullopt;
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string out = printable(text);
  for (char& c : out)
    if (c == '\n' || c == '\t') c = ' ';
  return out;
}

Text event_text(const Entry& e, const plan::Plan& plan) {
  if (e.action.starts_with("run.")) return on_run(e, plan);
  if (e.action.starts_with("step.")) return on_step(e, plan);
  if (e.action.starts_with("effect.")) return on_effect(e, plan);
  if (e.action.starts_with("guardrail.")) return on_guardrail(e, plan);
  return on_rest(e, plan);
}

std::vector<Event> events_of(const Record& record) {
  std::vector<Event> out;
  for (const auto& e : record.entries)
    if (auto said = event_text(e, record.plan))
      out.push_back({e.seq, e.at, e.ts, e.actor.principal, std::move(*said)});
  return out;
}

}  // namespace muster::report
