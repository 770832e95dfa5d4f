#include "catalogue/restore.hpp"

#include "tests/catalogue/pgbackrest_fake.hpp"
#include "tests/catch.hpp"

using namespace pgbackrest_test;

TEST_CASE("an outcome survives the journal") {
  Host host;
  const auto before =
      run(host, list("validate", {"logical"}, {{"prove_detects", "true"}, {"cutoff", "start"}}))
          .outcome;
  const Json json = to_json(before);
  REQUIRE(canonical_json(json));  // no floats, no integer above 2^53
  const auto after = restore_outcome_from_json(*parse_json(*canonical_json(json)));
  REQUIRE(after);
  CHECK(to_json(*after) == json);
  CHECK(after->backups.at(0).validated == before.backups.at(0).validated);
}

TEST_CASE("what is no outcome is refused") {
  const auto good = to_json(RestoreOutcome{{RestoredBackup{}}, true, Json::object()});
  REQUIRE(restore_outcome_from_json(good));
  auto control = good, instant = good, missing = good;
  control["backups"][0]["control"] = "maybe";
  instant["backups"][0]["started_ns"] = "12x";
  missing.erase("source_unchanged");
  for (const auto& bad : {control, instant, missing, Json{}, Json(3)})
    CHECK_FALSE(restore_outcome_from_json(bad));
}

TEST_CASE("the provider is complete") {
  const auto& provider = restore_providers().at("pgbackrest");
  for (const auto* phase : {"precheck", "inject", "verify", "revert", "clean", "discover",
                            "fingerprint", "restore", "start", "ready", "point", "validate",
                            "damage", "promote", "serve", "leave", "stop", "remove"}) {
    INFO(phase);
    CHECK(provider.script.find(std::string{"\n"} + phase + "() {") != std::string::npos);
  }
  CHECK(provider.script.size() < 64 * 1024);
  CHECK(provider.sha256 == sha256(provider.script));
  for (const auto& p : provider.parameters)
    if (!p.fallback.empty()) CHECK(check_value(p, p.fallback));
}
