// A recovery host in words: answers the questions of the flow the way the script does, and can be
// told to answer one of them otherwise. Every phase takes one second of its own clock.
#pragma once
#include <fmt/format.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "catalogue/restore.hpp"

namespace pgbackrest_test {

using namespace muster;
using namespace muster::catalogue;
using Is = RestoreAnswer::Is;

inline const std::string kNewest = "20261123-012708F_20261123-012718I";
inline const std::string kMiddle = "20261120-012708F";
inline const std::string kOldest = "20261117-012708F";
inline const WallTime kStart = *parse_utc("2026-11-23T01:30:00Z");

/// As pgbackrest 2.45 prints it.
inline std::string backup_json(const std::string& label, std::int64_t stop, const std::string& lsn,
                               bool error = false) {
  return fmt::format(
      R"({{"archive":{{"start":"000000010000000000000003","stop":"000000010000000000000005"}},"backrest":{{"format":5,"version":"2.45"}},)"
      R"("database":{{"id":1,"repo-key":1}},"error":{},"info":{{"delta":1,"repository":{{"delta":1,"size":1}},"size":36498289}},"label":"{}",)"
      R"("lsn":{{"start":"0/3000028","stop":"{}"}},"prior":null,"reference":[],"timestamp":{{"start":1,"stop":{}}},"type":"full"}})",
      error, label, lsn, stop);
}
inline std::string info_json(const std::vector<std::string>& backups, int code = 0,
                             const std::string& message = "ok") {
  std::string list;
  for (const auto& b : backups) list += (list.empty() ? "" : ",") + b;
  return fmt::format(
      R"([{{"archive":[{{"database":{{"id":1,"repo-key":1}},"id":"15-1","max":"000000010000000000000009","min":"000000010000000000000001"}}],)"
      R"("backup":[{}],"cipher":"none","db":[{{"id":1,"repo-key":1,"system-id":7711172342657708209,"version":"15"}}],"name":"orders",)"
      R"("repo":[{{"cipher":"none","key":1,"status":{{"code":{},"message":"{}"}}}}],)"
      R"("status":{{"code":{},"lock":{{"backup":{{"held":false}}}},"message":"other"}}}}])",
      list, code, message, code);
}
inline std::vector<std::string> three_backups(bool newest_has_errors = false) {
  return {backup_json(kMiddle, 1795138036, "0/6000050"),
          backup_json(kOldest, 1794878836, "0/5000050"),
          backup_json(kNewest, 1795397242, "0/9000050", newest_has_errors)};
}

struct Host {
  std::string info = info_json(three_backups());
  std::string last_wal = "000000010000000000000009";
  std::string last_commit = "2026-11-23T01:29:30.250000Z";
  std::string system_id = "7711172342657708209";
  std::string age;
  bool damaged = false;
  std::string kind;  // of the recovery target
  std::vector<std::string> asked;
  std::vector<RestoreQuestion> questions;
  Instant now = instant(0);
  /// "phase" or "phase detail" that answers otherwise.
  std::map<std::string, RestoreAnswer> otherwise;

  RestoreAnswer answer(const RestoreQuestion& q) {
    asked.push_back(q.phase + (q.detail.empty() ? "" : " " + q.detail));
    questions.push_back(q);
    RestoreAnswer a = ordinary(q);
    for (const auto& key : {q.phase, asked.back()})
      if (otherwise.contains(key)) a = otherwise[key];
    a.sent = now;
    now += std::chrono::seconds{1};
    a.done = now;
    return a;
  }

  RestoreAnswer ordinary(const RestoreQuestion& q) {
    const auto yes = [](std::string evidence = "") {
      return RestoreAnswer{Is::yes, std::move(evidence), "", {}, {}, {}};
    };
    if (q.phase == "discover") {
      const auto part = static_cast<std::size_t>(std::stoi(q.values.at("part")));
      return yes(fmt::format("version=pgBackRest 2.45\nparts={}\ninfo={}\nend=1\n",
                             (info.size() + 29999) / 30000, info.substr(part * 30000, 30000)));
    }
    if (q.phase == "restore") {
      damaged = false;
      kind = q.values.at("kind");
      return yes("command=pgbackrest restore\nbytes=37785600\n");
    }
    if (q.phase == "promote") kind = "latest";
    if (q.phase == "damage") {
      damaged = true;
      return yes("tables=1\n");
    }
    if (q.phase == "ready") return yes(kind == "latest" ? "state=open\n" : "state=paused\n");
    if (q.phase == "point")
      return yes(fmt::format("lsn=0/A000000\nlast_commit={}\nsystem_id={}\nlast_wal={}\nage={}\n",
                             last_commit, system_id, last_wal, age));
    if (q.phase == "validate" && damaged)
      return {Is::no, "why=pages fail their checksum\n", "", {}, {}, {}};
    if (q.phase == "fingerprint") return yes("files=13\nsha256=aa\n");
    if (q.phase == "serve") return yes("port=5432\nlistens=*\narchiving=off\n");
    return yes();
  }
};

inline RestoreAnswer says(Is is, const std::string& evidence) {
  return {is, evidence, "", {}, {}, {}};
}

struct Ended {
  std::string how;  // done, failed, unsure, invalid
  std::string why;
  RestoreOutcome outcome;
};

inline Ended run(Host& host, Values values, std::uint64_t seed = 1) {
  values.try_emplace("stanza", "orders");
  const auto flow = restore_providers().at("pgbackrest").flow(values, seed);
  RestoreNext next = flow->begin(host.now, kStart);
  for (int i = 0; i < 200 && std::holds_alternative<RestoreQuestion>(next); ++i)
    next = flow->on(host.answer(std::get<RestoreQuestion>(next)));
  Ended ended{"asks for ever", "", flow->outcome()};
  if (std::holds_alternative<RestoreDone>(next)) ended.how = "done";
  if (const auto* f = std::get_if<RestoreFailed>(&next)) ended.how = "failed", ended.why = f->why;
  if (const auto* u = std::get_if<RestoreUnsure>(&next)) ended.how = "unsure", ended.why = u->why;
  if (const auto* n = std::get_if<RestoreInvalid>(&next)) ended.how = "invalid", ended.why = n->why;
  return ended;
}

inline Values list(const std::string& name, const std::vector<std::string>& items,
                   Values values = {}) {
  for (std::size_t i = 0; i < items.size(); ++i) values[fmt::format("{}_{}", name, i)] = items[i];
  values[name + "_count"] = std::to_string(items.size());
  return values;
}

}  // namespace pgbackrest_test
