#include "plan/guardrail_json.hpp"

#include "plan/action_json.hpp"

namespace muster::plan {
namespace {

using Hosts = std::vector<std::string>;

Json guard_to(const Guard& g) {
  return {{"name", g.name},
          {"condition", condition_to_json(g.condition)},
          {"fails_for", format_duration(g.fails_for)},
          {"every", format_duration(g.every)},
          {"timeout", format_duration(g.timeout)},
          {"place", g.place}};
}

Guard guard_from(const Json& j) {
  const auto time = [&](const char* key) {
    return parse_duration(j.at(key).get<std::string>()).value();
  };
  return {j.at("name").get<std::string>(),
          condition_from_json(j.at("condition")),
          time("fails_for"),
          time("every"),
          time("timeout"),
          j.at("place").get<std::string>()};
}

Json limit_to(const Limit& l) {
  Json j{{"kind", l.kind == Limit::Kind::keep ? "keep" : "at_most"},
         {"of", l.of},
         {"wanted", l.wanted},
         {"count", l.count},
         {"hosts", l.hosts},
         {"never_asked", l.never_asked},
         {"by", l.by},
         {"place", l.place}};
  if (l.healthy) j["healthy"] = question_to(*l.healthy);
  return j;
}

Limit limit_from(const Json& j) {
  Limit l;
  l.kind = j.at("kind").get<std::string>() == "keep" ? Limit::Kind::keep : Limit::Kind::at_most;
  l.of = j.at("of").get<std::string>();
  l.wanted = j.at("wanted").get<std::string>();
  l.count = j.at("count").get<std::size_t>();
  l.hosts = j.at("hosts").get<Hosts>();
  l.never_asked = j.at("never_asked").get<Hosts>();
  if (j.contains("healthy")) l.healthy = question_from(j.at("healthy"));
  l.by = j.at("by").get<std::string>();
  l.place = j.at("place").get<std::string>();
  return l;
}

}  // namespace

Json question_to(const RoleQuestion& question) {
  return {{"sql", question.sql}, {"argv", question.argv}};
}

RoleQuestion question_from(const Json& json) {
  return {json.at("sql").get<std::string>(), json.at("argv").get<Hosts>()};
}

void guardrails_to(const Plan& plan, Json& json) {
  for (const auto& guard : plan.guards) json["abort_if"].push_back(guard_to(guard));
  for (const auto& limit : plan.limits) json["limits"].push_back(limit_to(limit));
}

void guardrails_from(const Json& json, Plan& plan) {
  if (json.contains("abort_if"))
    for (const auto& guard : json.at("abort_if")) plan.guards.push_back(guard_from(guard));
  if (json.contains("limits"))
    for (const auto& limit : json.at("limits")) plan.limits.push_back(limit_from(limit));
}

}  // namespace muster::plan
