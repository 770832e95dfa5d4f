// What is asked of Muster and what it answers, however it travels: values without HTTP or Asio.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"

namespace muster::api {

struct Request {
  std::string method;  ///< "GET", "POST"
  std::string target;  ///< "/v1/logs/workspace/entries?from=0", escaped as api/target.hpp does
  Json body;           ///< null when there was none
  std::string last_event_id = {};  ///< of who takes a feed up again where it was cut off
};

/// An answer's body that goes on: pulled, so that a client that does not read holds up nothing and
/// fills nothing. Used on one thread; let go when the client has gone.
class Feed {
 public:
  virtual ~Feed() = default;
  /// Calls `take` once with the next piece, within the call or later; an empty one: it is over.
  /// Not called again before that.
  virtual void next(std::function<void(std::string piece)> take) = 0;
  /// What shows, when nothing happens for a while, that the line still holds.
  virtual std::string heartbeat() const = 0;
};

struct Response {
  int status = 200;  ///< of HTTP (RFC 9110)
  std::string content_type = "application/json";
  std::string body;                      ///< bytes
  std::string allow;                     ///< with status 405: the methods that the target knows
  std::uint32_t retry_after_s = 0;       ///< with 429 and 503: not before; 0: not said
  std::shared_ptr<Feed> feed = nullptr;  ///< in place of the body
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
