// The record, as the store has it.
#include <fmt/format.h>

#include <algorithm>

#include "api/routes.hpp"
#include "journal/entry.hpp"
#include "journal/logs.hpp"
#include "journal/person.hpp"

namespace muster::api {
namespace {

/// False, and answered, when no log can have this name.
bool is_log(const Call& call) {
  const auto& log = call.names.at(0);
  const auto run = journal::run_of(log);
  const bool good = log == journal::kWorkspaceLog ||
                    (run && !run->empty() && log.size() <= ports::StoreLimits::kKeyBytesMax);
  if (!good)
    call.done(error_response(404, Error{fmt::format("'{}' is not the name of a log", log),
                                        "workspace, or run%2F and the run's id"}));
  return good;
}

Json page_of(const std::vector<ports::Stored>& stored) {
  Json list = Json::array();
  // base64: what is hashed is these bytes, also where somebody damaged them into what is no text.
  for (const auto& s : stored) list.push_back({{"seq", s.seq}, {"entry", base64(s.bytes)}});
  return Json{{"entries", std::move(list)}};
}

}  // namespace

void status(Call call) {
  if (!call.asks_nothing_else()) return;
  Json runs = Json::array();
  for (const auto& live : call.host.live())
    runs.push_back({{"run", live.run}, {"drill", live.drill}});
  Json is{{"version", call.version},
          {"server", !call.host.schedules().is_null()},
          {"runs", std::move(runs)}};
  for (const auto& one : call.host.lost())
    is["lost"].push_back({{"run", one.run}, {"begun", one.begun}, {"why", one.why}});
  call.done(json_response(200, is));
}

void tip(Call call) {
  if (!call.asks_nothing_else() || !is_log(call)) return;
  call.store.tip(call.names[0], [done = std::move(call.done)](const Result<ports::Tip>& tip) {
    if (!tip) return done(error_response(500, tip.error()));
    done(json_response(200, {{"size", tip->size}, {"last", hex(tip->last)}}));
  });
}

void entries(Call call) {
  Fields fields = call.fields();
  const auto from = fields.number("from").value_or(0);
  const auto bytes = fields.number("bytes").value_or(Limits::kPageBytesMax);
  if (const auto problem = fields.problem(); !problem.empty())
    return call.done(error_response(400, Error{problem}));
  if (!is_log(call)) return;
  const auto bytes_max = std::min<std::uint64_t>(bytes, Limits::kPageBytesMax);
  call.store.entries(
      call.names[0], from, bytes_max,
      [done = std::move(call.done)](const Result<std::vector<ports::Stored>>& stored) {
        if (!stored) return done(error_response(500, stored.error()));
        done(json_response(200, page_of(*stored)));
      });
}

void blob(Call call) {
  if (!call.asks_nothing_else()) return;
  const auto name = digest_from_hex(call.names[0]);
  if (!name)
    return call.done(error_response(
        400, Error{"a blob is named by the 64 lower-case hex digits of its SHA-256"}));
  call.store.blob(*name, [done = std::move(call.done)](Result<std::string> bytes) {
    // Missing and damaged are not told apart by the store; its words say which.
    if (!bytes) return done(error_response(404, bytes.error()));
    Response response;
    response.content_type = "application/octet-stream";
    response.body = std::move(*bytes);
    done(std::move(response));
  });
}

void person(Call call) {
  if (!call.asks_nothing_else()) return;
  const auto commitment = digest_from_hex(call.names[0]);
  if (!commitment)
    return call.done(error_response(
        400, Error{"a person is named by the 64 lower-case hex digits of the commitment"}));
  const auto key = journal::person_key(*commitment);
  call.store.scan(
      key, "", 1, [key, done = std::move(call.done)](const Result<std::vector<ports::Row>>& rows) {
        if (!rows) return done(error_response(500, rows.error()));
        if (rows->empty() || rows->front().key != key)
          return done(error_response(404, Error{"nothing is known of them: they were erased, or "
                                                "no entry names them"}));
        // As it is stored: whoever asks holds it against the commitment.
        Response response;
        response.content_type = "application/json";
        response.body = rows->front().value;
        done(std::move(response));
      });
}

}  // namespace muster::api
