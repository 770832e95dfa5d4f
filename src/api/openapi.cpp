#include "api/openapi.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "api/answers.hpp"
#include "api/routes.hpp"
#include "base/text.hpp"

namespace muster::api {
namespace {

Json schema_of(const Field& field) {
  switch (field.is) {
    case Field::Is::flag:
      return Json{{"type", "boolean"}};
    case Field::Is::number:
      return Json{{"type", "integer"}, {"minimum", 0}, {"maximum", journal::kIntegerEnd - 1}};
    case Field::Is::texts:
      return Json{{"type", "object"},
                  {"additionalProperties", {{"type", "string"}}},
                  {"maxProperties", Limits::kAnswersMax}};
    case Field::Is::words:
      return Json{
          {"type", "array"}, {"items", {{"type", "string"}}}, {"maxItems", Limits::kAnswersMax}};
    case Field::Is::text:
      break;
  }
  Json schema{{"type", "string"},
              {"maxLength", field.bytes_max > 0 ? field.bytes_max : Limits::kTextBytesMax}};
  if (field.needed) schema["minLength"] = 1;
  if (!field.pattern.empty()) schema["pattern"] = field.pattern;
  return schema;
}

Json described(Json schema, std::string_view help) {
  schema["description"] = help;
  return schema;
}

/// The {names} of the pattern.
std::vector<std::string> names_in(std::string_view pattern) {
  std::vector<std::string> names;
  for (const auto& part : split(pattern, '/'))
    if (part.starts_with('{')) names.push_back(part.substr(1, part.size() - 2));
  return names;
}

std::string_view help_of_name(std::string_view name) {
  if (name == "log") return "`workspace`, or `run/ID` with its slash encoded (`run%2FID`)";
  if (name == "sha256") return "64 lower-case hex digits";
  if (name == "run") return "the id of a run";
  return "a name, percent-encoded";
}

Json parameters_of(const Route& route) {
  Json out = Json::array();
  for (const auto& name : names_in(route.pattern))
    out.push_back({{"name", name},
                   {"in", "path"},
                   {"required", true},
                   {"description", help_of_name(name)},
                   {"schema", {{"type", "string"}, {"minLength", 1}}}});
  if (route.changes()) return out;
  for (const auto& field : route.takes)
    out.push_back({{"name", field.name},
                   {"in", "query"},
                   {"required", field.needed},
                   {"description", field.help},
                   {"schema", schema_of(field)}});
  if (route.answer == "events")
    out.push_back({{"name", "Last-Event-ID"},
                   {"in", "header"},
                   {"required", false},
                   {"description", "the id of the last event that was seen: it goes on after it"},
                   {"schema", {{"type", "string"}}}});
  return out;
}

Json body_of(const Route& route) {
  if (route.foreign())
    return Json{{"required", true},
                {"content", {{"application/json", {{"schema", route.body()}}}}}};
  Json properties = Json::object(), required = Json::array();
  for (const auto& field : route.takes) {
    properties[std::string{field.name}] = described(schema_of(field), field.help);
    if (field.needed) required.push_back(field.name);
  }
  properties["signature"] = {{"$ref", "#/components/schemas/Signature"}};
  Json schema{
      {"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) schema["required"] = std::move(required);
  return Json{{"required", true},
              {"content", {{"application/json", {{"schema", std::move(schema)}}}}}};
}

struct Status {
  int number;
  const char* what;
};
/// Of every endpoint; 404 where something is named, 409 where something is to be done.
constexpr Status kErrors[] = {
    {400, "what was sent is wrong: an unknown field, too; or a token in the URL"},
    {401, "no good token was shown (over TCP)"},
    {403, "the token has not the scope"},
    {404, "there is no such thing"},
    {405, "it is not asked with this method"},
    {409, "it is not taken: the error says why"},
    {413, "the body is too large"},
    {414, "the target is too long"},
    {429, "too many requests: not before Retry-After"},
    {431, "the header is too large"},
    {500, "the store failed"}};

Json responses_of(const Route& route) {
  const auto& answer = answer_named(route.answer);
  Json schema{{"type", "string"}};
  if (answer.schema) schema = answer.schema();
  Json out;
  Json content;
  // Bytes have no schema.
  content[std::string{answer.content_type}] = answer.content_type == "application/octet-stream"
                                                  ? Json::object()
                                                  : Json{{"schema", std::move(schema)}};
  out[std::to_string(answer.status)] = {{"description", answer.what},
                                        {"content", std::move(content)}};
  for (const auto& error : kErrors)
    out[std::to_string(error.number)] = {
        {"$ref", fmt::format("#/components/responses/{}", error.number)}};
  return out;
}

Json operation_of(const Route& route) {
  std::string id{route.method == "GET" ? "get" : "do"};
  for (const auto& part : split(route.pattern.substr(4), '/'))
    if (!part.starts_with('{')) id += "_" + part.substr(0, part.find('.'));
  Json out{{"operationId", id},
           {"summary", route.what},
           {"security", Json::array({Json{{"token", Json::array()}}})},
           {"x-scope", name_of(route.scope)},
           {"responses", responses_of(route)}};
  if (auto parameters = parameters_of(route); !parameters.empty())
    out["parameters"] = std::move(parameters);
  if (route.changes()) out["requestBody"] = body_of(route);
  return out;
}

Json components() {
  Json responses;
  for (const auto& error : kErrors) {
    Json response{{"description", error.what},
                  {"content",
                   {{"application/json", {{"schema", {{"$ref", "#/components/schemas/Error"}}}}}}}};
    if (error.number == 429)
      response["headers"] = {
          {"Retry-After",
           {{"description", "seconds"}, {"schema", {{"type", "integer"}, {"minimum", 1}}}}}};
    responses[std::to_string(error.number)] = std::move(response);
  }
  return Json{{"schemas", {{"Error", error_schema()}, {"Signature", signature_schema()}}},
              {"responses", std::move(responses)},
              {"securitySchemes",
               {{"token",
                 {{"type", "http"},
                  {"scheme", "bearer"},
                  {"description",
                   "over TCP: what `muster token new` gave. Over the Unix socket the kernel says "
                   "who asks."}}}}}};
}

}  // namespace

Json openapi_document(const std::string& version) {
  Json paths;
  for (const auto& route : routes()) {
    std::string method{route.method};
    std::transform(method.begin(), method.end(), method.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    paths[std::string{route.pattern}][method] = operation_of(route);
  }
  return Json{{"openapi", "3.1.0"},
              {"info",
               {{"title", "Muster"},
                {"version", version},
                {"description",
                 "What the muster that holds a workspace's store can be asked. Names in a path are "
                 "percent-encoded, a slash too."}}},
              {"paths", std::move(paths)},
              {"components", components()}};
}

std::string endpoint_table() {
  std::string out = "| endpoint | scope | takes | is |\n|---|---|---|---|\n";
  for (const auto& route : routes()) {
    std::vector<std::string> takes;
    for (const auto& field : route.takes)
      takes.push_back(fmt::format("`{}`{}", field.name, field.needed ? " (owed)" : ""));
    out += fmt::format("| `{} {}` | {} | {} | {} |\n", route.method, route.pattern,
                       name_of(route.scope), joined(takes, ", "), route.what);
  }
  return out;
}

void openapi(Call call) {
  if (const auto problem = call.fields().problem(); !problem.empty())
    return call.done(error_response(400, Error{problem}));
  call.done(json_response(200, openapi_document(call.version)));
}

}  // namespace muster::api
