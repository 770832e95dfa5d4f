// The plan as JSON and back. One pair of functions a struct; nlohmann throws inside, an Error comes
// out.
#include <fmt/format.h>

#include "plan/action_json.hpp"
#include "plan/guardrail_json.hpp"
#include "plan/plan.hpp"

namespace muster::plan {

namespace {

std::string text(Duration d) {
  return format_duration(d);
}
Duration duration(const Json& j) {
  return parse_duration(j.get<std::string>()).value();
}

template <class T, class F>
void put(Json& j, const char* key, const std::optional<T>& value, F&& f) {
  if (value) j[key] = f(*value);
}
std::optional<Duration> maybe_duration(const Json& j, const char* key) {
  return j.contains(key) ? std::optional{duration(j.at(key))} : std::nullopt;
}

Json host_to(const Host& h) {
  const auto& a = h.address;
  Json j{{"name", a.name},
         {"connection", ports::name_of(a.connection)},
         {"address", a.address},
         {"port", a.port},
         {"user", a.user},
         {"key_file", a.key_file},
         {"ssh_args", a.ssh_args},
         {"become", a.become},
         {"become_user", a.become_user},
         {"become_password", a.become_password},
         {"key_passphrase", a.key_passphrase},
         {"environment", h.environment},
         {"protected", h.is_protected},
         {"zone", h.zone}};
  if (!a.gate.empty()) j["gate"] = a.gate;
  if (h.power)
    j["power"] = {{"down", h.power->down}, {"up", h.power->up}, {"status", h.power->status}};
  return j;
}

Host host_from(const Json& j) {
  Host h;
  auto& a = h.address;
  a.name = j.at("name").get<std::string>();
  a.connection = ports::connection_from(j.at("connection").get<std::string>())
                     .value_or(ports::Connection::openssh);
  a.address = j.at("address").get<std::string>();
  a.port = j.at("port").get<std::uint16_t>();
  a.user = j.at("user").get<std::string>();
  a.key_file = j.at("key_file").get<std::string>();
  a.ssh_args = j.at("ssh_args").get<std::vector<std::string>>();
  a.become = j.at("become").get<bool>();
  a.become_user = j.at("become_user").get<std::string>();
  a.become_password = j.value("become_password", "");
  a.gate = j.value("gate", "");
  a.key_passphrase = j.value("key_passphrase", "");
  h.environment = j.at("environment").get<std::string>();
  h.is_protected = j.at("protected").get<bool>();
  h.zone = j.at("zone").get<std::string>();
  if (j.contains("power")) {
    const auto& p = j.at("power");
    h.power = Power{p.at("down").get<std::vector<std::string>>(),
                    p.at("up").get<std::vector<std::string>>(),
                    p.at("status").get<std::vector<std::string>>()};
  }
  return h;
}

Json slot_to(const Slot& s) {
  Json j{{"name", s.name}, {"hosts", s.hosts}};
  put(j, "role", s.role, question_to);
  put(j, "picked", s.picked, [](const Picked& p) {
    return Json{{"from", p.from}, {"count", p.count}, {"seed", std::to_string(p.seed)}};
  });
  return j;
}

Slot slot_from(const Json& j) {
  Slot s{j.at("name").get<std::string>(), j.at("hosts").get<std::vector<std::string>>(), {}, {}};
  if (j.contains("role")) s.role = question_from(j.at("role"));
  if (j.contains("picked")) {
    const auto& p = j.at("picked");
    s.picked = Picked{p.at("from").get<std::string>(), p.at("count").get<std::size_t>(),
                      std::stoull(p.at("seed").get<std::string>())};
  }
  return s;
}

Json service_to(const Service& s) {
  Json j{{"name", s.name},
         {"probe", catalogue::to_json(s.probe)},
         {"every", text(s.every)},
         {"timeout", text(s.timeout)},
         {"up", measure::format_up_rule(s.up)},
         {"warm_up", text(s.warm_up)},
         {"outage_expected", s.outage_expected}};
  if (s.ledger)
    j["ledger"] = {{"rate", fmt::format("{}/s", s.ledger->writes_per_second)},
                   {"table", s.ledger->table}};
  return j;
}

Service service_from(const Json& j) {
  Service s;
  s.name = j.at("name").get<std::string>();
  s.probe = catalogue::probe_from_json(j.at("probe"));
  s.every = duration(j.at("every"));
  s.timeout = duration(j.at("timeout"));
  s.up = measure::parse_up_rule(j.at("up").get<std::string>()).value();
  s.warm_up = duration(j.at("warm_up"));
  s.outage_expected = j.at("outage_expected").get<bool>();
  if (j.contains("ledger"))
    s.ledger = catalogue::LedgerSpec{std::stod(j.at("ledger").at("rate").get<std::string>()),
                                     j.at("ledger").at("table").get<std::string>()};
  return s;
}

Json secret_to(const SecretSource& s) {
  return {{"kind", name_of(s.kind)}, {"words", s.words}};
}

SecretSource secret_from(const Json& j) {
  using Kind = SecretSource::Kind;
  SecretSource s{Kind::env, j.at("words").get<std::vector<std::string>>()};
  for (const auto kind : {Kind::env, Kind::file, Kind::command, Kind::credential})
    if (name_of(kind) == j.at("kind").get<std::string>()) s.kind = kind;
  return s;
}

Json objective_to(const Objective& o) {
  Json j{{"service", o.service}, {"from_inject", o.from_inject}};
  put(j, "rto", o.rto, text);
  put(j, "rpo", o.rpo, text);
  put(j, "mtpd", o.mtpd, text);
  put(j, "lost_writes", o.lost_writes, [](std::uint64_t n) { return n; });
  return j;
}

Objective objective_from(const Json& j) {
  Objective o;
  o.service = j.at("service").get<std::string>();
  o.from_inject = j.at("from_inject").get<bool>();
  o.rto = maybe_duration(j, "rto");
  o.rpo = maybe_duration(j, "rpo");
  o.mtpd = maybe_duration(j, "mtpd");
  if (j.contains("lost_writes")) o.lost_writes = j.at("lost_writes").get<std::uint64_t>();
  return o;
}

Json detection_to(const Detection& d) {
  Json j{{"alert", d.alert}, {"labels", d.labels}, {"step", d.step}, {"by_person", d.by_person}};
  put(j, "within", d.within, text);
  return j;
}

Detection detection_from(const Json& j) {
  return {j.at("alert").get<std::string>(),
          j.at("labels").get<std::map<std::string, std::string>>(), maybe_duration(j, "within"),
          j.at("step").get<std::string>(), j.at("by_person").get<bool>()};
}

Json script_to(const Script& s) {
  return {{"name", s.name},
          {"text", s.text},
          {"sha256", hex(s.sha256)},
          {"healer", catalogue::name_of(s.healer)},
          {"tools", s.tools}};
}

Script script_from(const Json& j) {
  Script s{j.at("name").get<std::string>(),
           j.at("text").get<std::string>(),
           {},
           {},
           j.at("tools").get<std::vector<std::string>>()};
  s.sha256 = sha256(s.text);
  using catalogue::Healer;
  for (const auto healer : {Healer::target, Healer::guardian, Healer::restore, Healer::nobody})
    if (catalogue::name_of(healer) == j.at("healer").get<std::string>()) s.healer = healer;
  return s;
}

Json steps_to(const std::vector<Step>& steps) {
  Json out = Json::array();
  for (const auto& s : steps) {
    Json j{{"id", s.id},
           {"name", s.name},
           {"place", s.place},
           {"after", s.after},
           {"word", word_of(s.action)},
           {"action", action_to_json(s.action)},
           {"within", text(s.within)},
           {"stop_on_failure", s.stop_on_failure}};
    out.push_back(std::move(j));
  }
  return out;
}

std::vector<Step> steps_from(const Json& json) {
  std::vector<Step> out;
  for (const auto& j : json) {
    Step s;
    s.id = j.at("id").get<std::string>();
    s.name = j.at("name").get<std::string>();
    s.place = j.at("place").get<std::string>();
    s.after = j.at("after").get<std::vector<std::size_t>>();
    s.action = action_from_json(Json{{"word", j.at("word")}, {"action", j.at("action")}});
    s.within = duration(j.at("within"));
    s.stop_on_failure = j.at("stop_on_failure").get<bool>();
    out.push_back(std::move(s));
  }
  return out;
}

Json person_to(const Person& p) {
  Json j{{"id", p.id},           {"name", p.name},         {"unix", p.unix_user},
         {"has_key", p.has_key}, {"timezone", p.timezone}, {"teams", p.teams}};
  if (!p.ssh_key.empty()) j["ssh_key"] = p.ssh_key;
  if (p.service) j["service"] = true;
  return j;
}

Person person_from(const Json& j) {
  return {j.at("id").get<std::string>(),
          j.at("name").get<std::string>(),
          j.at("unix").get<std::string>(),
          j.at("has_key").get<bool>(),
          j.at("timezone").get<std::string>(),
          j.at("teams").get<std::vector<std::string>>(),
          j.value("ssh_key", ""),
          j.value("service", false)};
}

template <class T, class F>
Json list_to(const std::vector<T>& all, F&& f) {
  Json out = Json::array();
  for (const auto& one : all) out.push_back(f(one));
  return out;
}
template <class F>
auto list_from(const Json& json, F&& f) {
  std::vector<decltype(f(json))> out;
  for (const auto& one : json) out.push_back(f(one));
  return out;
}

}  // namespace

Json to_json(const Plan& p) {
  Json j{
      {"plan", 1},
      {"drill", p.drill},
      {"title", p.title},
      {"why", p.why},
      {"owner", p.owner},
      {"change", p.change},
      {"playbook", p.playbook},
      {"hosts", Json::object()},
      {"slots", list_to(p.slots, slot_to)},
      {"services", list_to(p.services, service_to)},
      {"objectives", list_to(p.objectives, objective_to)},
      {"roles", list_to(p.roles,
                        [](const Role& r) {
                          return Json{{"name", r.name}, {"holder", r.holder}, {"deputy", r.deputy}};
                        })},
      {"people", list_to(p.people, person_to)},
      {"max_duration", text(p.max_duration)},
      {"steps", steps_to(p.steps)},
      {"ends", steps_to(p.ends)},
      {"scripts", Json::object()},
      {"guardian", p.guardian}};
  for (const auto& [name, host] : p.hosts) j["hosts"][name] = host_to(host);
  for (const auto& [name, script] : p.scripts) j["scripts"][name] = script_to(script);
  for (const auto& [name, secret] : p.secrets) j["secrets"][name] = secret_to(secret);
  guardrails_to(p, j);
  // Only where there is one: the hash of a plan without stays what it was.
  if (!p.detections.empty()) j["detections"] = list_to(p.detections, detection_to);
  if (!p.policy.empty())
    j["policy"] = list_to(p.policy, [](const Demand& d) { return to_json(d); });
  if (!p.approvers.empty()) j["approvers"] = list_to(p.approvers, person_to);
  put(j, "restore_time", p.restore_time, text);
  put(j, "data_age", p.data_age, text);
  put(j, "estimate", p.estimate, [](const Estimate& e) {
    return Json{{"rto", text(e.rto)},
                {"detect", text(e.detect)},
                {"decide", text(e.decide)},
                {"reroute", text(e.reroute)}};
  });
  return j;
}

Result<Plan> plan_from_json(const Json& j) {
  try {
    if (j.at("plan").get<int>() != 1)
      return Error{"this plan was written by another version of Muster",
                   "use that version to recover its run"};
    Plan p;
    for (auto [key, field] : {std::pair{"drill", &p.drill},
                              {"title", &p.title},
                              {"why", &p.why},
                              {"owner", &p.owner},
                              {"change", &p.change},
                              {"playbook", &p.playbook},
                              {"guardian", &p.guardian}})
      *field = j.at(key).get<std::string>();
    for (const auto& [name, host] : j.at("hosts").items()) p.hosts[name] = host_from(host);
    for (const auto& [name, script] : j.at("scripts").items())
      p.scripts[name] = script_from(script);
    if (j.contains("secrets"))
      for (const auto& [name, secret] : j.at("secrets").items())
        p.secrets[name] = secret_from(secret);
    p.slots = list_from(j.at("slots"), slot_from);
    p.services = list_from(j.at("services"), service_from);
    p.objectives = list_from(j.at("objectives"), objective_from);
    p.roles = list_from(j.at("roles"), [](const Json& r) {
      return Role{r.at("name").get<std::string>(), r.at("holder").get<std::string>(),
                  r.at("deputy").get<std::string>()};
    });
    // Plans of the first runs did not tell who their people are.
    if (j.contains("people")) p.people = list_from(j.at("people"), person_from);
    if (j.contains("detections")) p.detections = list_from(j.at("detections"), detection_from);
    if (j.contains("policy")) p.policy = list_from(j.at("policy"), demand_from_json);
    if (j.contains("approvers")) p.approvers = list_from(j.at("approvers"), person_from);
    p.restore_time = maybe_duration(j, "restore_time");
    p.data_age = maybe_duration(j, "data_age");
    if (j.contains("estimate")) {
      const auto& e = j.at("estimate");
      p.estimate = Estimate{duration(e.at("rto")), duration(e.at("detect")),
                            duration(e.at("decide")), duration(e.at("reroute"))};
    }
    p.max_duration = duration(j.at("max_duration"));
    guardrails_from(j, p);
    p.steps = steps_from(j.at("steps"));
    p.ends = steps_from(j.at("ends"));
    return p;
  } catch (const std::exception& e) {
    return Error{fmt::format("this is not a plan: {}", e.what())};
  }
}

}  // namespace muster::plan
