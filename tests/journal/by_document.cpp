#include "tests/journal/by_document.hpp"

namespace muster::test {
namespace {

using journal::Entry;

const Json& at(const Json& object, const char* key) {
  static const Json none;
  return object.is_object() && object.contains(key) ? object.at(key) : none;
}
std::string text(const Json& object, const char* key) {
  const auto& value = at(object, key);
  return value.is_string() ? value.get<std::string>() : std::string{};
}
std::uint64_t number(const Json& object, const char* key) {
  const auto& value = at(object, key);
  return value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
}

}  // namespace

std::optional<std::string> sealed_again(const Entry& e) {
  journal::Context context;
  context.drill = e.drill;
  context.run = e.run;
  context.boot_id = e.boot_id;
  context.epoch = e.epoch;
  auto bytes = journal::seal(journal::draft_of(e), context, e.seq, e.prev);
  return bytes ? std::optional{*std::move(bytes)} : std::nullopt;
}

std::optional<Entry> read_by_document(std::string_view bytes) {
  const auto json = parse_json(bytes, journal::kEntryBytesMax);
  if (!json) return std::nullopt;
  const Json& j = *json;
  const auto &actor = at(j, "actor"), &target = at(j, "target");
  Entry e;
  e.seq = number(j, "seq");
  e.epoch = number(j, "epoch");
  if (const auto ts = parse_utc(text(j, "ts"))) e.ts = *ts;
  if (const auto ns = journal::ns_from_json(at(j, "mono_ns"))) e.at = instant(*ns);
  e.boot_id = text(j, "boot_id");
  e.actor = {text(actor, "principal"), text(actor, "method"), text(actor, "assurance"),
             text(actor, "on_behalf_of")};
  e.action = text(j, "action");
  e.drill = text(j, "drill");
  e.run = text(j, "run");
  e.step = text(j, "step");
  e.target = {text(target, "host"), text(target, "hostkey_fp")};
  e.intent_ref = text(j, "intent_ref");
  e.revert = text(j, "revert");
  if (const auto deadline = parse_utc(text(j, "deadline"))) e.deadline = *deadline;
  e.outcome = text(j, "outcome");
  e.data = at(j, "data");
  if (const auto prev = digest_from_hex(text(j, "prev"))) e.prev = *prev;
  if (sealed_again(e) != bytes) return std::nullopt;
  return e;
}

}  // namespace muster::test
