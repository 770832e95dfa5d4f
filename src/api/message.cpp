#include "api/message.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace muster::api {

Response json_response(int status, const Json& value) {
  Response response;
  response.status = status;
  // What a store or a request said may be no UTF-8: it is shown with replacements, never thrown at.
  response.body = value.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return response;
}

Response error_response(int status, const Error& error) {
  Json body{{"error", error.what}};
  if (!error.hint.empty()) body["hint"] = error.hint;
  return json_response(status, body);
}

namespace {

std::string text(const Json& body, const char* key) {
  const bool there = body.is_object() && body.contains(key) && body.at(key).is_string();
  return there ? body.at(key).get<std::string>() : "";
}

Error error_of(const Response& response) {
  const auto body = parse_json(response.body);
  Error error;
  if (body) {
    error.what = text(*body, "error");
    error.hint = text(*body, "hint");
  }
  if (error.what.empty())
    error.what = fmt::format("the answer has status {}: {}", response.status,
                             bounded(printable(response.body), 200));
  return error;
}

bool is_good(const Response& response) {
  return response.status >= 200 && response.status < 300;
}

}  // namespace

Result<Json> json_of(const Response& response) {
  if (!is_good(response)) return error_of(response);
  return parse_json(response.body);
}

Result<std::string> bytes_of(Response response) {
  if (!is_good(response)) return error_of(response);
  return std::move(response.body);
}

}  // namespace muster::api
