#include "api/answers.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace muster::api {
namespace {

Json typed(const char* type) {
  return Json{{"type", type}};
}
Json text() {
  return typed("string");
}
Json time() {
  return Json{{"type", "string"}, {"format", "date-time"}};
}
Json whole() {
  return Json{{"type", "integer"}, {"minimum", 0}};
}
Json sha256() {
  return Json{{"type", "string"}, {"pattern", "^[0-9a-f]{64}$"}};
}
Json list(Json of) {
  return Json{{"type", "array"}, {"items", std::move(of)}};
}
/// Keys that end with "?" may be missing; there are no others.
Json object(std::initializer_list<std::pair<std::string, Json>> keys) {
  Json properties = Json::object(), required = Json::array();
  for (auto [key, schema] : keys) {
    if (key.ends_with("?"))
      key.pop_back();
    else
      required.push_back(key);
    properties[key] = std::move(schema);
  }
  return Json{{"type", "object"},
              {"properties", std::move(properties)},
              {"required", std::move(required)},
              {"additionalProperties", false}};
}

Json status() {
  return object({{"version", text()},
                 {"server", typed("boolean")},
                 {"runs", list(object({{"run", text()}, {"drill", text()}}))}});
}
Json tip() {
  return object({{"size", whole()}, {"last", sha256()}});
}
Json entries() {
  Json base64{{"type", "string"}, {"contentEncoding", "base64"}};
  return object({{"entries", list(object({{"seq", whole()}, {"entry", std::move(base64)}}))}});
}
Json people() {
  Json answer = object({{"name", text()}, {"type", text()}, {"default?", Json(true)}});
  Json seen = object({{"principal", text()},
                      {"person?", text()},
                      {"as?", text()},
                      {"not_checked?", text()},
                      {"at", time()}});
  Json waiting = object({{"step", text()},
                         {"name", text()},
                         {"say", text()},
                         {"role", text()},
                         {"asked", text()},
                         {"holder", text()},
                         {"deputy", text()},
                         {"escalated_from?", text()},
                         {"since?", time()},
                         {"until?", time()},
                         {"late?", Json{{"enum", {"fail", "escalate", "proceed"}}}},
                         {"answers", Json(true)},
                         {"acknowledged", list(std::move(seen))}});
  Json role =
      object({{"role", text()}, {"holder", text()}, {"deputy", text()}, {"since?", time()}});
  Json person = object({{"id", text()}, {"name", text()}, {"unix", text()}});
  return object({{"waiting", list(std::move(waiting))},
                 {"roles", list(std::move(role))},
                 {"people", list(std::move(person))}});
}
Json taken() {
  return object({{"taken", Json{{"const", true}}}});
}
Json alerts() {
  return object({{"taken", list(text())},
                 {"refused", Json{{"type", "object"}, {"additionalProperties", text()}}}});
}
Json recorded() {
  return object({{"recorded", Json{{"const", true}}}});
}
Json told() {
  return typed("object");
}
Json started() {
  return object({{"run", text()}});
}
Json tokens() {
  Json token = object({{"name", text()},
                       {"scopes", list(Json{{"enum", {"read", "run", "approve", "admin"}}})},
                       {"made", time()},
                       {"by", text()},
                       {"revoked", typed("boolean")},
                       {"person?", text()},
                       {"expires?", time()}});
  return object({{"tokens", list(std::move(token))}});
}
Json token() {
  return object({{"name", text()}});
}

constexpr std::array kAnswers{
    Answer{"status", 200, "the version of muster; whether it is a server; the runs that go on",
           "application/json", status},
    Answer{"document", 200, "this document", "application/json", told},
    Answer{"events", 200,
           "`id: LOG:SEQ` and `data:` the entry, for each; a comment when nothing happens; it ends "
           "when the server does",
           "text/event-stream"},
    Answer{"tip", 200, "number of entries, and the leaf hash of the last one", "application/json",
           tip},
    Answer{
        "entries", 200,
        "the entries, each base64 of the stored bytes, which are what is hashed; none at the end",
        "application/json", entries},
    Answer{"bytes", 200, "the bytes", "application/octet-stream"},
    Answer{"metrics", 200, "the text exposition format", "text/plain"},
    Answer{"health", 200, "one line", "text/plain"},
    Answer{"schedules", 200, "what is scheduled", "application/json", told},
    Answer{"people", 200, "what waits for whom, who holds which role, who there is",
           "application/json", people},
    Answer{"taken", 202, "the run took it; what came of it stands in its journal",
           "application/json", taken},
    Answer{"alerts", 202, "the runs that took them, and why others did not", "application/json",
           alerts},
    Answer{"recorded", 201, "it stands in the workspace's log", "application/json", recorded},
    Answer{"told", 202, "the server took it", "application/json", told},
    Answer{"started", 202, "the run that was started", "application/json", started},
    Answer{"tokens", 200, "every token, without its text or hash", "application/json", tokens},
    Answer{"token", 200, "the token's name", "application/json", token},
    Answer{"token_made", 201, "the token's name", "application/json", token},
};

}  // namespace

const Answer& answer_named(std::string_view name) {
  const auto* const it = std::find_if(kAnswers.begin(), kAnswers.end(),
                                      [&](const Answer& answer) { return answer.name == name; });
  if (it == kAnswers.end()) throw std::logic_error("no answer is named " + std::string{name});
  return *it;
}

Json error_schema() {
  return object({{"error", text()}, {"hint?", text()}});
}

Json signature_schema() {
  return object({{"signed", text()}, {"signature", text()}});
}

}  // namespace muster::api
