// A restore's outcome as JSON and back: the journal and the report read it. Instants are decimal
// strings of nanoseconds (they pass 2^53 after 104 days of uptime), wall times RFC 3339.
#include <fmt/format.h>

#include <array>
#include <charconv>

#include "catalogue/restore.hpp"

namespace muster::catalogue {
namespace {

using Control = RestoredBackup::Control;
using Validation = RestoredBackup::Validation;

constexpr std::array<std::string_view, 4> kControls{"not_asked", "refused_the_damaged",
                                                    "passed_the_damaged", "could_not"};
constexpr std::array<std::string_view, 3> kResults{"passed", "failed", "could_not"};

constexpr std::array<std::pair<const char*, std::optional<Instant> RestoredBackup::*>, 5> kInstants{
    {{"started_ns", &RestoredBackup::started},
     {"tool_exited_ns", &RestoredBackup::tool_exited},
     {"accepts_ns", &RestoredBackup::accepts},
     {"target_reached_ns", &RestoredBackup::target_reached},
     {"validated_ns", &RestoredBackup::validated}}};
constexpr std::array<std::pair<const char*, std::optional<WallTime> RestoredBackup::*>, 3>
    kWallTimes{{{"taken_at", &RestoredBackup::taken_at},
                {"point", &RestoredBackup::point},
                {"cutoff", &RestoredBackup::cutoff}}};

Json json_of(const RestoredBackup& b) {
  Json j{{"label", b.label}, {"asked_for", b.asked_for},
         {"lsn", b.lsn},     {"control", kControls[static_cast<std::size_t>(b.control)]},
         {"bytes", b.bytes}, {"validations", Json::array()}};
  for (const auto& [key, member] : kInstants)
    if (b.*member) j[key] = std::to_string(ns(*(b.*member)));
  for (const auto& [key, member] : kWallTimes)
    if (b.*member) j[key] = format_utc(*(b.*member));
  for (const Validation& v : b.validations)
    j["validations"].push_back({{"level", v.level},
                                {"is", kResults[static_cast<std::size_t>(v.is)]},
                                {"evidence", v.evidence}});
  return j;
}

template <std::size_t N>
std::size_t index_in(const std::array<std::string_view, N>& words, const std::string& word) {
  for (std::size_t i = 0; i < N; ++i)
    if (words[i] == word) return i;
  throw Json::other_error::create(501, "'" + word + "' is not a known word", nullptr);
}

/// Throws nlohmann's exceptions: caught below, they never leave this file.
RestoredBackup backup_of(const Json& j) {
  RestoredBackup b;
  j.at("label").get_to(b.label);
  j.at("asked_for").get_to(b.asked_for);
  j.at("lsn").get_to(b.lsn);
  j.at("bytes").get_to(b.bytes);
  b.control = static_cast<Control>(index_in(kControls, j.at("control").get<std::string>()));
  for (const auto& [key, member] : kInstants)
    if (j.contains(key)) {
      const auto text = j.at(key).get<std::string>();
      std::int64_t n = 0;
      const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), n);
      if (problem != std::errc{} || end != text.data() + text.size())
        throw Json::other_error::create(501, std::string{key} + " is no number of nanoseconds",
                                        nullptr);
      b.*member = instant(n);
    }
  for (const auto& [key, member] : kWallTimes)
    if (j.contains(key)) {
      const auto t = parse_utc(j.at(key).get<std::string>());
      if (!t) throw Json::other_error::create(501, std::string{key} + " is no time", nullptr);
      b.*member = *t;
    }
  for (const Json& v : j.at("validations"))
    b.validations.push_back(
        {v.at("level").get<std::string>(),
         static_cast<Validation::Is>(index_in(kResults, v.at("is").get<std::string>())),
         v.at("evidence").get<std::string>()});
  return b;
}

}  // namespace

Json to_json(const RestoreOutcome& outcome) {
  Json j{{"backups", Json::array()},
         {"source_unchanged", outcome.source_unchanged},
         {"facts", outcome.facts}};
  for (const RestoredBackup& b : outcome.backups) j["backups"].push_back(json_of(b));
  return j;
}

Result<RestoreOutcome> restore_outcome_from_json(const Json& json) {
  try {
    RestoreOutcome outcome;
    outcome.source_unchanged = json.at("source_unchanged").get<bool>();
    outcome.facts = json.at("facts");
    for (const Json& b : json.at("backups")) outcome.backups.push_back(backup_of(b));
    return outcome;
  } catch (const Json::exception& e) {
    return Error{fmt::format("this is not the outcome of a restore: {}", e.what())};
  }
}

}  // namespace muster::catalogue
