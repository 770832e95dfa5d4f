// What a step does, as JSON and back; part of plan/json.cpp's work.
#include "plan/action_json.hpp"

namespace muster::plan {

namespace {

using Texts = std::vector<std::string>;
using Values = std::map<std::string, Template>;

std::string str(const Json& j, const char* key) {
  return j.at(key).get<std::string>();
}

Json to(const Condition& condition) {
  if (const auto* s = std::get_if<ServiceIs>(&condition))
    return {{"service", s->service}, {"up", s->up}};
  if (const auto* p = std::get_if<ProbeIs>(&condition))
    return {{"probe", catalogue::to_json(p->probe)}, {"up", p->up}};
  const auto& c = std::get<CommandHolds>(condition);
  Json j{{"slot", c.slot}, {"argv", c.argv}};
  if (!c.what.empty()) j["what"] = c.what;
  return j;
}

Condition condition_from(const Json& j) {
  if (j.contains("service")) return ServiceIs{str(j, "service"), j.at("up").get<bool>()};
  if (j.contains("probe"))
    return ProbeIs{catalogue::probe_from_json(j.at("probe")), j.at("up").get<bool>()};
  return CommandHolds{str(j, "slot"), j.at("argv").get<Texts>(), j.value("what", "")};
}

Json to(const Inject& a) {
  return {{"fault", a.fault}, {"slot", a.slot}, {"values", a.values}};
}
Json to(const Revert& a) {
  return {{"step", a.step}};
}
Json to(const Restore& a) {
  return {{"provider", a.provider},
          {"slot", a.slot},
          {"values", a.values},
          {"seed", std::to_string(a.seed)}};
}
Json to(const Teardown& a) {
  return {{"step", a.step}};
}
Json to(const Check& a) {
  return to(a.condition);
}
Json to(const Wait& a) {
  return to(a.condition);
}
Json to(const Run& a) {
  Json j{{"slot", a.slot},
         {"argv", a.argv},
         {"shell", a.shell},
         {"undo", a.undo},
         {"no_return", a.no_return}};
  if (!a.standard_input.empty()) j["stdin"] = a.standard_input;
  return j;
}
Json to(const Ask& a) {
  constexpr const char* late[] = {"fail", "escalate", "proceed"};
  Json j{{"role", a.role},
         {"say", a.say},
         {"answers", Json::array()},
         {"late", late[static_cast<std::size_t>(a.late)]},
         {"mark", a.mark}};
  for (const auto& spec : a.answers) {
    Json s{{"name", spec.name}, {"type", spec.type}};
    if (spec.fallback) s["default"] = *spec.fallback;
    j["answers"].push_back(std::move(s));
  }
  return j;
}
Json to(const Tell& a) {
  return {{"text", a.text}};
}
Json to(const Pause& a) {
  return {{"length", format_duration(a.length)}};
}
Json to(const Mark& a) {
  return {{"moment", a.moment}};
}

Json to(const Approve& a) {
  return {{"from", a.from},
          {"need", a.need},
          {"say", a.say},
          {"late", a.late == Late::escalate ? "escalate" : "fail"}};
}

Ask ask_from(const Json& j) {
  Ask a{str(j, "role"), str(j, "say"), {}, Late::fail, str(j, "mark")};
  if (str(j, "late") == "escalate") a.late = Late::escalate;
  if (str(j, "late") == "proceed") a.late = Late::proceed;
  for (const auto& s : j.at("answers")) {
    AnswerSpec spec{str(s, "name"), str(s, "type"), {}};
    if (s.contains("default")) spec.fallback = str(s, "default");
    a.answers.push_back(std::move(spec));
  }
  return a;
}

}  // namespace

Json condition_to_json(const Condition& condition) {
  return to(condition);
}

Condition condition_from_json(const Json& json) {
  return condition_from(json);
}

Json action_to_json(const Action& action) {
  return std::visit([](const auto& a) { return to(a); }, action);
}

Action action_from_json(const Json& json) {
  const auto word = str(json, "word");
  const Json& j = json.at("action");
  if (word == "inject")
    return Inject{str(j, "fault"), str(j, "slot"), j.at("values").get<Values>()};
  if (word == "revert") return Revert{str(j, "step")};
  if (word == "restore")
    return Restore{str(j, "provider"), str(j, "slot"), j.at("values").get<Values>(),
                   std::stoull(str(j, "seed"))};
  if (word == "teardown") return Teardown{str(j, "step")};
  if (word == "check") return Check{condition_from(j)};
  if (word == "wait") return Wait{condition_from(j)};
  if (word == "run")
    return Run{str(j, "slot"),
               j.at("argv").get<Texts>(),
               j.at("shell").get<bool>(),
               j.at("undo").get<Texts>(),
               j.at("no_return").get<bool>(),
               j.value("stdin", "")};
  if (word == "ask") return ask_from(j);
  if (word == "approve")
    return Approve{j.at("from").get<Texts>(), j.at("need").get<unsigned>(), str(j, "say"),
                   str(j, "late") == "escalate" ? Late::escalate : Late::fail};
  if (word == "tell") return Tell{str(j, "text")};
  if (word == "pause") return Pause{parse_duration(str(j, "length")).value()};
  return Mark{str(j, "moment")};
}

}  // namespace muster::plan
