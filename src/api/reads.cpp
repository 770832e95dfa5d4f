// The record, as the store has it.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "api/routes.hpp"
#include "journal/entry.hpp"
#include "journal/logs.hpp"

namespace muster::api {
namespace {

/// The query's number under `key`, removed from it; `otherwise` when it is not there, nullopt when
/// it is none.
std::optional<std::uint64_t> take_number(std::map<std::string, std::string>& query,
                                         const std::string& key, std::uint64_t otherwise) {
  const auto node = query.extract(key);
  if (!node) return otherwise;
  const auto& text = node.mapped();
  std::uint64_t value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = ec == std::errc{} && end == text.data() + text.size() && !text.empty();
  if (!whole || value >= journal::kIntegerEnd) return std::nullopt;
  return value;
}

/// False, and answered, when there is a query or no log can have this name.
bool plain_question(const Call& call) {
  if (!call.query.empty())
    call.done(error_response(
        400, Error{fmt::format("'{}' is not known here", call.query.begin()->first)}));
  return call.query.empty();
}

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
  if (!plain_question(call)) return;
  Json runs = Json::array();
  for (const auto& live : call.host.live())
    runs.push_back({{"run", live.run}, {"drill", live.drill}});
  call.done(json_response(200, {{"version", call.version},
                                {"server", !call.host.schedules().is_null()},
                                {"runs", std::move(runs)}}));
}

void tip(Call call) {
  if (!plain_question(call) || !is_log(call)) return;
  call.store.tip(call.names[0], [done = std::move(call.done)](const Result<ports::Tip>& tip) {
    if (!tip) return done(error_response(500, tip.error()));
    done(json_response(200, {{"size", tip->size}, {"last", hex(tip->last)}}));
  });
}

void entries(Call call) {
  const auto from = take_number(call.query, "from", 0);
  const auto bytes = take_number(call.query, "bytes", Limits::kPageBytesMax);
  if (!from || !bytes)
    return call.done(error_response(400, Error{"`from` and `bytes` must be whole numbers"}));
  if (!plain_question(call) || !is_log(call)) return;
  const auto bytes_max = std::min<std::uint64_t>(*bytes, Limits::kPageBytesMax);
  call.store.entries(
      call.names[0], *from, bytes_max,
      [done = std::move(call.done)](const Result<std::vector<ports::Stored>>& stored) {
        if (!stored) return done(error_response(500, stored.error()));
        done(json_response(200, page_of(*stored)));
      });
}

void blob(Call call) {
  if (!plain_question(call)) return;
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

}  // namespace muster::api
