#include "api/answers.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "consent/statement.hpp"

namespace muster::api {
namespace {

Json typed(const char* type) {
  return Json{{"type", type}};
}
Json a_text() {
  return typed("string");
}
Json a_time() {
  return Json{{"type", "string"}, {"format", "date-time"}};
}
Json a_count() {
  return Json{{"type", "integer"}, {"minimum", 0}};
}
Json a_sha256() {
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

Json status_answer() {
  return object(
      {{"version", a_text()},
       {"server", typed("boolean")},
       {"runs", list(object({{"run", a_text()}, {"drill", a_text()}}))},
       {"lost?",
        list(object({{"run", a_text()}, {"begun", typed("boolean")}, {"why", a_text()}}))}});
}
Json tip_answer() {
  return object({{"size", a_count()}, {"last", a_sha256()}});
}
Json entries_answer() {
  Json base64{{"type", "string"}, {"contentEncoding", "base64"}};
  return object({{"entries", list(object({{"seq", a_count()}, {"entry", std::move(base64)}}))}});
}
Json person_answer() {
  return object({{"salt", a_sha256()}, {"value", a_text()}, {"text?", typed("boolean")}});
}
Json people_answer() {
  Json answer = object({{"name", a_text()}, {"type", a_text()}, {"default?", Json(true)}});
  Json seen = object({{"principal", a_text()},
                      {"person?", a_text()},
                      {"as?", a_text()},
                      {"not_checked?", a_text()},
                      {"at", a_time()}});
  Json waiting = object({{"step", a_text()},
                         {"name", a_text()},
                         {"say", a_text()},
                         {"role", a_text()},
                         {"asked", a_text()},
                         {"holder", a_text()},
                         {"deputy", a_text()},
                         {"escalated_from?", a_text()},
                         {"since?", a_time()},
                         {"until?", a_time()},
                         {"late?", Json{{"enum", {"fail", "escalate", "proceed"}}}},
                         {"answers", Json(true)},
                         {"acknowledged", list(std::move(seen))}});
  Json role = object(
      {{"role", a_text()}, {"holder", a_text()}, {"deputy", a_text()}, {"since?", a_time()}});
  Json person = object({{"id", a_text()}, {"name", a_text()}, {"unix", a_text()}});
  return object({{"waiting", list(std::move(waiting))},
                 {"roles", list(std::move(role))},
                 {"people", list(std::move(person))}});
}
Json taken_answer() {
  return object({{"taken", Json{{"const", true}}}});
}
Json alerts_answer() {
  return object({{"taken", list(a_text())},
                 {"refused", Json{{"type", "object"}, {"additionalProperties", a_text()}}}});
}
Json recorded_answer() {
  return object({{"recorded", Json{{"const", true}}}});
}
Json told_answer() {
  return typed("object");
}
Json started_answer() {
  return object({{"run", a_text()}, {"plan", a_sha256()}});
}
Json or_null(Json schema) {
  return Json{{"anyOf", {std::move(schema), typed("null")}}};
}
Json moment_answer() {
  return object({{"drill?", a_text()},
                 {"nominal", a_text()},
                 {"timezone", a_text()},
                 {"clock", Json{{"enum", {"once", "left_out", "twice"}}}},
                 {"planned", or_null(a_time())},
                 {"local", or_null(a_text())},
                 {"window?", object({{"from", a_time()}, {"to", a_time()}})},
                 {"in_the_way", or_null(a_text())},
                 {"text", a_text()}});
}
Json row_answer(std::initializer_list<std::pair<std::string, Json>> more) {
  Json due = object({{"state", Json{{"enum", {"ok", "due", "overdue"}}}},
                     {"period", a_text()},
                     {"due_from", or_null(a_time())},
                     {"overdue_from", or_null(a_time())},
                     {"rule", a_text()},
                     {"text", a_text()}});
  Json missed = object({{"count", a_count()}, {"at", a_time()}, {"why", a_text()}});
  Json row = object({{"drill", a_text()},
                     {"title", a_text()},
                     {"when", a_text()},
                     {"next", or_null(moment_answer())},
                     {"hold", typed("boolean")},
                     {"held?", object({{"by", a_text()}, {"why", a_text()}})},
                     {"waits?", a_text()},
                     {"missed?", std::move(missed)},
                     {"last_tested", or_null(a_time())},
                     {"last_passed", or_null(a_time())},
                     {"due", or_null(std::move(due))}});
  for (const auto& [key, schema] : more) {
    row["properties"][key] = schema;
    row["required"].push_back(key);
  }
  return row;
}
Json drills_answer() {
  return object({{"drills", list(row_answer({}))}});
}
Json drill_times_answer() {
  return row_answer(
      {{"rule", or_null(a_text())}, {"freezes", list(a_text())}, {"times", list(moment_answer())}});
}
Json schedules_answer() {
  Json missed = object({{"count", a_count()}, {"at", a_time()}, {"why", a_text()}});
  return list(object({{"drill", a_text()},
                      {"timezone", a_text()},
                      {"rule", a_text()},
                      {"nominal?", a_text()},
                      {"next?", a_time()},
                      {"window?", list(a_time())},
                      {"hold?", object({{"by", a_text()}, {"why", a_text()}})},
                      {"waits?", a_text()},
                      {"missed?", std::move(missed)},
                      {"last?", object({{"result", a_text()}, {"state", a_text()}})}}));
}
Json tokens_answer() {
  Json token = object({{"name", a_text()},
                       {"scopes", list(Json{{"enum", {"read", "run", "approve", "admin"}}})},
                       {"made", a_time()},
                       {"by", a_text()},
                       {"revoked", typed("boolean")},
                       {"person?", a_text()},
                       {"expires?", a_time()}});
  return object({{"tokens", list(std::move(token))}});
}
Json token_answer() {
  return object({{"name", a_text()}});
}

constexpr std::array kAnswers{
    Answer{"status", 200, "the version of muster; whether it is a server; the runs that go on",
           "application/json", status_answer},
    Answer{"document", 200, "this document", "application/json", told_answer},
    Answer{"events", 200,
           "`id: LOG:SEQ` and `data:` the entry, for each; a comment when nothing happens; it ends "
           "when the server does",
           "text/event-stream"},
    Answer{"tip", 200, "number of entries, and the leaf hash of the last one", "application/json",
           tip_answer},
    Answer{
        "entries", 200,
        "the entries, each base64 of the stored bytes, which are what is hashed; none at the end",
        "application/json", entries_answer},
    Answer{"person", 200,
           "whom a commitment of an entry stands for: it is the SHA-256 of salt and value",
           "application/json", person_answer},
    Answer{"bytes", 200, "the bytes", "application/octet-stream"},
    Answer{"metrics", 200, "the text exposition format", "text/plain"},
    Answer{"health", 200, "one line", "text/plain"},
    Answer{"schedules", 200, "what is scheduled", "application/json", schedules_answer},
    Answer{"drills", 200, "every drill", "application/json", drills_answer},
    Answer{"drill_times", 200, "one drill", "application/json", drill_times_answer},
    Answer{"people", 200, "what waits for whom, who holds which role, who there is",
           "application/json", people_answer},
    Answer{"taken", 202, "the run took it; what came of it stands in its journal",
           "application/json", taken_answer},
    Answer{"alerts", 202, "the runs that took them, and why others did not", "application/json",
           alerts_answer},
    Answer{"recorded", 201, "it stands in the workspace's log", "application/json",
           recorded_answer},
    Answer{"told", 202, "the server took it", "application/json", told_answer},
    Answer{"started", 202, "the run that was started", "application/json", started_answer},
    Answer{"tokens", 200, "every token, without its text or hash", "application/json",
           tokens_answer},
    Answer{"token", 200, "the token's name", "application/json", token_answer},
    Answer{"token_made", 201, "the token's name", "application/json", token_answer},
};

}  // namespace

const Answer& answer_named(std::string_view name) {
  const auto* const it = std::find_if(kAnswers.begin(), kAnswers.end(),
                                      [&](const Answer& answer) { return answer.name == name; });
  if (it == kAnswers.end()) throw std::logic_error("no answer is named " + std::string{name});
  return *it;
}

Json error_schema() {
  return object({{"error", a_text()}, {"hint?", a_text()}});
}

Json signature_schema() {
  const auto text = [](std::size_t bytes_max) {
    return Json{{"type", "string"}, {"minLength", 1}, {"maxLength", bytes_max}};
  };
  return object({{"signed", text(consent::kStatementBytesMax)},
                 {"signature", text(consent::kSignatureBytesMax)}});
}

}  // namespace muster::api
