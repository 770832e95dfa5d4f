#include "journal/entry.hpp"

#include <fmt/format.h>

#include <charconv>

namespace muster::journal {
namespace {

void set(Json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

Json json_of(const Actor& a) {
  Json j = Json::object();
  set(j, "principal", a.principal);
  set(j, "method", a.method);
  set(j, "assurance", a.assurance);
  set(j, "on_behalf_of", a.on_behalf_of);
  return j;
}

Json json_of(const Entry& e) {
  Json j = Json::object();
  j["v"] = kEntryVersion;
  j["seq"] = e.seq;
  j["ts"] = format_utc(e.ts);
  j["mono_ns"] = json_ns(ns(e.at));
  j["boot_id"] = e.boot_id;
  j["epoch"] = e.epoch;
  j["actor"] = json_of(e.actor);
  j["action"] = e.action;
  j["prev"] = hex(e.prev);
  set(j, "drill", e.drill);
  set(j, "run", e.run);
  set(j, "step", e.step);
  set(j, "intent_ref", e.intent_ref);
  set(j, "revert", e.revert);
  set(j, "outcome", e.outcome);
  if (e.deadline) j["deadline"] = format_utc(*e.deadline);
  if (!(e.target == Target{})) {
    Json& t = j["target"] = Json::object();
    set(t, "host", e.target.host);
    set(t, "hostkey_fp", e.target.hostkey_fp);
  }
  if (!e.data.empty())
    j["data"] = e.data;  // nlohmann calls null, {} and [] empty, and nothing else
  return j;
}

std::string missing_field(const Entry& e) {
  if (e.action.empty()) return "action";
  if (e.boot_id.empty()) return "boot_id";
  if (e.actor.principal.empty()) return "actor.principal";
  return {};
}

Result<std::string> bytes_of(const Entry& e) {
  if (const auto field = missing_field(e); !field.empty())
    return Error{fmt::format("an entry needs '{}'", field)};
  if (!e.data.is_null() && !e.data.is_object()) return Error{"an entry's data must be an object"};
  if (e.seq >= kIntegerEnd || e.epoch >= kIntegerEnd)
    return Error{"an entry's seq and epoch stay below 2^53"};
  auto bytes = canonical_json(json_of(e));
  if (bytes && bytes->size() > kEntryBytesMax)
    return Error{
        fmt::format("an entry of {} bytes is above the limit of {}", bytes->size(), kEntryBytesMax),
        "put the evidence in a blob and cite its digest"};
  return bytes;
}

}  // namespace

Json json_ns(std::int64_t nanoseconds) {
  return std::to_string(nanoseconds);
}

Result<std::int64_t> ns_from_json(const Json& value) {
  const Error bad{"expected nanoseconds as decimal text"};
  if (!value.is_string()) return bad;
  const auto& text = value.get_ref<const std::string&>();
  std::int64_t n = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), n);
  // One number, one spelling: no leading zero, no "-0".
  if (problem != std::errc{} || end != text.data() + text.size() || std::to_string(n) != text)
    return bad;
  return n;
}

Draft draft_of(const Entry& e) {
  Draft d;
  d.ts = e.ts;
  d.at = e.at;
  d.action = e.action;
  d.actor = e.actor;
  d.step = e.step;
  d.target = e.target;
  d.intent_ref = e.intent_ref;
  d.revert = e.revert;
  d.deadline = e.deadline;
  d.outcome = e.outcome;
  d.data = e.data;
  return d;
}

Result<std::string> seal(const Draft& d, const Context& c, std::uint64_t seq, const Digest& prev) {
  Entry e;
  e.seq = seq;
  e.ts = d.ts;
  e.at = d.at;
  e.boot_id = c.boot_id;
  e.epoch = c.epoch;
  e.actor = d.actor.principal.empty() ? c.actor : d.actor;
  e.action = d.action;
  e.drill = d.drill.empty() ? c.drill : d.drill;
  e.run = d.run.empty() ? c.run : d.run;
  e.step = d.step;
  e.target = d.target;
  e.intent_ref = d.intent_ref;
  e.revert = d.revert;
  e.deadline = d.deadline;
  e.outcome = d.outcome;
  e.data = d.data;
  e.prev = prev;
  return bytes_of(e);
}

}  // namespace muster::journal
