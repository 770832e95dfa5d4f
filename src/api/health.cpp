// How a server is: for Prometheus, and for whoever watches over it.
#include "api/routes.hpp"

namespace muster::api {
namespace {

Response plain(int status, std::string text, std::string content_type = "text/plain") {
  Response response;
  response.status = status;
  response.content_type = std::move(content_type);
  response.body = std::move(text);
  return response;
}

}  // namespace

void metrics(Call call) {
  if (!call.asks_nothing_else()) return;
  call.host.metrics([done = std::move(call.done)](const Result<std::string>& text) {
    if (!text) return done(error_response(409, text.error()));
    // The text format's own type (prometheus.io, "Exposition formats").
    done(plain(200, *text, "text/plain; version=0.0.4; charset=utf-8"));
  });
}

void healthz(Call call) {
  if (!call.asks_nothing_else()) return;
  call.done(plain(200, "ok\n"));
}

void readyz(Call call) {
  if (!call.asks_nothing_else()) return;
  const auto why = call.host.unready();
  call.done(why.empty() ? plain(200, "ready\n") : plain(503, why + "\n"));
}

}  // namespace muster::api
