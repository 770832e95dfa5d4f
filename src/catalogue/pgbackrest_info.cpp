#include "catalogue/pgbackrest_info.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/json.hpp"

namespace muster::catalogue::pgbackrest {
namespace {

constexpr std::size_t kMostBytes = 1u << 20;
constexpr std::size_t kMostBackups = 10'000;

/// Reads fields and remembers the first that is not as expected.
class Fields {
 public:
  const Json& at(const Json& object, const char* key) {
    static const Json nothing = Json::object();
    if (object.is_object() && object.contains(key)) return object.at(key);
    miss(key);
    return nothing;
  }
  std::string text(const Json& object, const char* key) {
    const Json& v = at(object, key);
    if (v.is_string()) return v.get<std::string>();
    miss(key);
    return {};
  }
  std::int64_t number(const Json& object, const char* key) {
    const Json& v = at(object, key);
    if (v.is_number_integer() && (!v.is_number_unsigned() ||
                                  v.get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX)))
      return v.get<std::int64_t>();
    miss(key);
    return 0;
  }
  const Json& list(const Json& object, const char* key) {
    static const Json nothing = Json::array();
    const Json& v = at(object, key);
    if (v.is_array()) return v;
    miss(key);
    return nothing;
  }
  DatabaseKey database(const Json& object) {
    const Json& d = at(object, "database");
    return {number(d, "id"), number(d, "repo-key")};
  }
  void miss(std::string_view key) {
    if (missing_.empty()) missing_ = key;
  }
  const std::string& missing() const { return missing_; }

 private:
  std::string missing_;
};

bool plain(std::string_view text) {
  return !text.empty() && text.size() < 64 &&
         text.find_first_not_of("0123456789ABCDEFI_-/.") == std::string_view::npos;
}

Backup backup_of(const Json& j, Fields& f) {
  Backup b;
  b.label = f.text(j, "label");
  if (!plain(b.label)) f.miss("label");
  b.type = f.text(j, "type");
  b.database = f.database(j);
  const std::int64_t stop = f.number(f.at(j, "timestamp"), "stop");
  if (stop <= 0 || stop > 7'258'118'400)
    f.miss("timestamp");  // until the year 2200
  else
    b.stopped = WallTime{std::chrono::seconds{stop}};
  if (j.contains("lsn") && j["lsn"].is_object()) b.lsn_stop = j["lsn"].value("stop", "");
  if (const Json& wal = f.at(j, "archive"); wal.contains("stop") && wal["stop"].is_string())
    b.wal_stop = wal["stop"].get<std::string>();
  b.error = j.contains("error") && j["error"] == true;
  b.bytes =
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, f.number(f.at(j, "info"), "size")));
  return b;
}

void read_stanza(const Json& stanza, Info& info, Fields& f) {
  const Json& status = f.at(stanza, "status");
  info.status = f.number(status, "code");
  info.message = f.text(status, "message");
  for (const Json& repo : f.list(stanza, "repo")) {
    info.repositories.push_back(f.number(repo, "key"));
    // The overall message is only "other"; the repository's own says what happened.
    const Json& own = f.at(repo, "status");
    if (info.status != 0 && f.number(own, "code") == info.status)
      info.message = f.text(own, "message");
  }
  for (const Json& d : f.list(stanza, "db"))
    info.databases[{f.number(d, "id"), f.number(d, "repo-key")}] = {
        std::to_string(f.number(d, "system-id")), f.text(d, "version")};
  for (const Json& a : f.list(stanza, "archive"))
    if (a.is_object() && a.contains("max") && a["max"].is_string())
      info.archive_max[f.database(a)] = a["max"].get<std::string>();
  const Json& backups = f.list(stanza, "backup");
  if (backups.size() > kMostBackups)
    f.miss("backup (at most 10,000)");
  else
    for (const Json& b : backups) info.backups.push_back(backup_of(b, f));
  std::stable_sort(info.backups.begin(), info.backups.end(),
                   [](const Backup& a, const Backup& b) { return a.stopped < b.stopped; });
}

}  // namespace

Result<Info> parse_info(std::string_view json, std::string_view stanza) {
  const auto parsed = parse_json(json, kMostBytes);
  if (!parsed)
    return Error{"the answer of 'pgbackrest info' cannot be read: " + parsed.error().what};
  if (!parsed->is_array()) return Error{"the answer of 'pgbackrest info' is not a list of stanzas"};
  for (const Json& one : *parsed) {
    if (!one.is_object() || one.value("name", Json{}) != stanza) continue;
    Info info;
    Fields fields;
    read_stanza(one, info, fields);
    if (!fields.missing().empty())
      return Error{
          fmt::format("the answer of 'pgbackrest info' is not as documented: '{}' is missing or of "
                      "another kind",
                      fields.missing())};
    return info;
  }
  // What an empty list means: nothing is configured under that name, in no repository.
  Info none;
  none.status = 1;
  none.message = "the stanza is not in the answer";
  return none;
}

}  // namespace muster::catalogue::pgbackrest
