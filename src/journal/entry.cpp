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

/// Takes fields out of an object one by one; what is left over at the end was unknown.
class Fields {
 public:
  explicit Fields(Json object, std::string where)
      : rest_(std::move(object)), where_(std::move(where)) {
    if (!rest_.is_object()) complain("is not an object");
  }

  Json take(const char* key) {
    if (!rest_.is_object() || !rest_.contains(key)) return {};
    Json value = std::move(rest_[key]);
    rest_.erase(key);
    return value;
  }
  std::string text(const char* key) {
    const Json value = take(key);
    if (value.is_null()) return {};
    if (!value.is_string())
      return complain(fmt::format("has a '{}' that is no text", key)), std::string{};
    return value.get<std::string>();
  }
  std::uint64_t integer(const char* key) {
    const Json value = take(key);
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() >= kIntegerEnd)
      return complain(fmt::format("has no whole number '{}'", key)), 0;
    return value.get<std::uint64_t>();
  }
  std::optional<WallTime> time(const char* key) {
    const auto value = text(key);
    if (value.empty()) return std::nullopt;
    const auto t = parse_utc(value);
    if (!t) return complain(fmt::format("has a '{}' that is no time", key)), std::nullopt;
    return *t;
  }
  void complain(std::string what) {
    if (problem_.empty()) problem_ = where_ + " " + std::move(what);
  }
  void finish() {
    if (rest_.is_object() && !rest_.empty())
      complain(fmt::format("has the unknown field '{}'", rest_.begin().key()));
  }
  const std::string& problem() const { return problem_; }

 private:
  Json rest_;
  std::string where_;
  std::string problem_;
};

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

/// The Entry in `j`, or what is wrong with it.
Result<Entry> entry_from(const Json& j) {
  Fields f{j, "the entry"};
  Fields actor{f.take("actor"), "the entry's actor"};
  Json target_json = f.take("target");
  Fields target{target_json.is_null() ? Json::object() : std::move(target_json),
                "the entry's target"};
  Entry e;
  if (f.integer("v") != kEntryVersion)
    return Error{"the entry is of another version than 1", "use the muster that wrote it"};
  e.seq = f.integer("seq");
  e.epoch = f.integer("epoch");
  if (const auto ts = f.time("ts")) e.ts = *ts;
  if (const auto at = ns_from_json(f.take("mono_ns"))) e.at = instant(*at);
  e.boot_id = f.text("boot_id");
  e.actor = Actor{actor.text("principal"), actor.text("method"), actor.text("assurance"),
                  actor.text("on_behalf_of")};
  e.action = f.text("action");
  e.drill = f.text("drill");
  e.run = f.text("run");
  e.step = f.text("step");
  e.target = Target{target.text("host"), target.text("hostkey_fp")};
  e.intent_ref = f.text("intent_ref");
  e.revert = f.text("revert");
  e.deadline = f.time("deadline");
  e.outcome = f.text("outcome");
  e.data = f.take("data");
  if (const auto prev = digest_from_hex(f.text("prev"))) e.prev = *prev;
  for (Fields* fields : {&f, &actor, &target}) {
    fields->finish();
    if (!fields->problem().empty()) return Error{fields->problem()};
  }
  return e;
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

Result<Entry> read_entry(std::string_view bytes) {
  const auto json = parse_json(bytes, kEntryBytesMax);
  if (!json) return json.error();
  auto entry = entry_from(*json);
  if (!entry) return entry;
  // Catches in one stroke what else could be spelt in two ways: blanks, the order of keys, fields
  // that are there but empty, times in another zone, a required field that is missing.
  const auto again = bytes_of(*entry);
  if (!again) return again.error();
  if (*again != bytes) return Error{"the entry is not in its canonical form"};
  return entry;
}

}  // namespace muster::journal
