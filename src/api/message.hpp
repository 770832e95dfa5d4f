// What is asked of Muster and what it answers, however it travels: values without HTTP or Asio.
#pragma once
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"

namespace muster::api {

struct Request {
  std::string method;  ///< "GET", "POST"
  std::string target;  ///< "/v1/logs/workspace/entries?from=0", escaped as api/target.hpp does
  Json body;           ///< null when there was none
};

struct Response {
  int status = 200;  ///< of HTTP (RFC 9110)
  std::string content_type = "application/json";
  std::string body;   ///< bytes
  std::string allow;  ///< with status 405: the methods that the target knows
};

Response json_response(int status, const Json& value);
/// {"error": what was expected and found, "hint": what to do next}; the hint is left out when
/// empty.
Response error_response(int status, const Error& error);

/// For who asked: the JSON of an answer below 300, else the answer's error.
Result<Json> json_of(const Response& response);
/// The same of an answer that is bytes.
Result<std::string> bytes_of(Response response);

}  // namespace muster::api
