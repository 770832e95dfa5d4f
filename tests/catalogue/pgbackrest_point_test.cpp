// What the repository shows, what was asked for, and what came back.
#include "catalogue/pgbackrest_choice.hpp"
#include "catalogue/pgbackrest_flow.hpp"
#include "catalogue/pgbackrest_info.hpp"
#include "tests/catalogue/pgbackrest_fake.hpp"
#include "tests/catch.hpp"

using namespace pgbackrest_test;
using namespace muster::catalogue::pgbackrest;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("what the repository shows") {
  const auto info = parse_info(info_json(three_backups(true)), "orders");
  REQUIRE(info);
  REQUIRE(info->backups.size() == 3);
  CHECK(info->backups[0].label == kOldest);  // sorted by their end
  CHECK(info->backups[2].error);
  CHECK(info->backups[2].bytes == 36498289);
  CHECK(format_utc(info->backups[2].stopped) == "2026-11-23T01:27:22.000000Z");
  CHECK(info->databases.at({1, 1}).system_id == "7711172342657708209");
  CHECK(info->archive_max.at({1, 1}) == "000000010000000000000009");
}

TEST_CASE("an answer that is not as documented is an error, not an empty repository") {
  const auto good = info_json(three_backups());
  const auto without = [&](const std::string& text) {
    std::string copy = good;
    return copy.replace(copy.find(text), text.size(), "\"x\":");
  };
  for (const auto& text :
       {std::string{"{}"}, std::string{""}, good.substr(0, good.size() - 2), without("\"label\":"),
        without("\"timestamp\":"), without("\"status\":{\"code\":0,\"lock\":")})
    CHECK_FALSE(parse_info(text, "orders"));
}

TEST_CASE("the status of the stanza decides, not the exit code") {
  struct Row {
    int code;
    std::string message, how;
  };
  const std::vector<Row> rows{
      {1, "missing stanza path", "failed"},
      {2, "no valid backups", "failed"},
      {3, "missing stanza data", "failed"},
      {99, "[UnknownError] remote-0 process on 'repo-1' terminated unexpectedly", "unsure"}};
  for (const auto& row : rows) {
    Host host;
    host.info = info_json({}, row.code, row.message);
    const auto ended = run(host, {});
    INFO(row.code);
    CHECK(ended.how == row.how);
    CHECK_THAT(ended.why, ContainsSubstring(row.message));
    CHECK(host.asked.size() == 1);
  }
  Host other;
  CHECK_THAT(run(other, {{"stanza", "nope"}}).why, ContainsSubstring("stanza 'nope'"));
}

TEST_CASE("a long list of backups comes in parts") {
  Host host;
  std::vector<std::string> many;
  for (int i = 0; i < 200; ++i)
    many.push_back(backup_json(fmt::format("202611{:02}-{:06}F", 1 + i / 100, i), 1794878836 + i,
                               "0/5000050"));
  host.info = info_json(many);
  REQUIRE(host.info.size() > 60'000);
  const auto ended = run(host, {});
  CHECK(ended.how == "done");
  CHECK(ended.outcome.facts["backups"] == 200);
  CHECK(host.asked[2] == "discover part 3");
}

TEST_CASE("backups with page errors are passed over, and said so") {
  Host host;
  host.info = info_json(three_backups(true));
  const auto ended = run(host, {});
  CHECK(ended.outcome.backups.at(0).label == kMiddle);
  CHECK(ended.outcome.facts["passed_over_for_page_errors"][0] == kNewest);
  Host asked_for;
  asked_for.info = host.info;
  CHECK_THAT(run(asked_for, list("backups", {kNewest})).why, ContainsSubstring("has page errors"));
}

TEST_CASE("points to restore to") {
  struct Row {
    std::string to, kind, target, newest;
  };
  const std::vector<Row> rows{
      {"latest", "latest", "", kNewest},
      {"2026-11-20T02:00:00.25+01:00", "time", "2026-11-20 01:00:00.250000+00", kOldest},
      {"2026-11-22 21:15:05.482787+00", "time", "2026-11-22 21:15:05.482787+00", kMiddle},
      {"lsn:0/6000050", "lsn", "0/6000050", kMiddle},
      {"name:before_upgrade", "name", "before_upgrade", kNewest}};
  for (const auto& row : rows) {
    Host host;
    REQUIRE(run(host, {{"to", row.to}}).how == "done");
    const auto& q = host.questions.at(3);
    CHECK(q.phase == "restore");
    CHECK(q.values.at("kind") == row.kind);
    CHECK(q.values.at("target") == row.target);
    CHECK(q.values.at("label") == row.newest);  // the newest that ended before the point
  }
  for (const auto* bad : {"yesterday", "lsn:5000028", "lsn:0/XYZ", "name:a b", "name:"})
    CHECK_FALSE(parse_target(bad));
  Host early;
  CHECK(run(early, {{"to", "2026-01-01T00:00:00Z"}}).how == "failed");
}

TEST_CASE("the recovered point is the newest proof of data") {
  struct Row {
    const char* what;
    std::string age, last_commit, point;
  };
  const std::vector<Row> rows{
      {"the age query comes first", "2026-11-23 01:29:59.5+00", "2026-11-23T01:29:30Z",
       "2026-11-23T01:29:59.500000Z"},
      {"else the last replayed commit", "", "2026-11-23T01:29:30.250000Z",
       "2026-11-23T01:29:30.250000Z"},
      {"no commit after the backup: its end", "", "", "2026-11-23T01:27:22.000000Z"},
      {"a commit older than the backup's end", "", "2026-11-23T01:20:00Z",
       "2026-11-23T01:27:22.000000Z"}};
  for (const auto& row : rows) {
    Host host;
    host.age = row.age;
    host.last_commit = row.last_commit;
    const auto ended = run(host, {{"cutoff", "start"}});
    INFO(row.what);
    REQUIRE(ended.how == "done");
    CHECK(format_utc(ended.outcome.backups[0].point.value()) == row.point);
    CHECK(ended.outcome.backups[0].cutoff == kStart);
  }
  Host vague;
  vague.age = "2026-11-23 01:29:59";
  CHECK(run(vague, {}).how == "unsure");  // without a zone it could be any of 24 hours
}

TEST_CASE("what came back must be what was asked for") {
  Host other;
  other.system_id = "42";
  CHECK_THAT(run(other, {}).why, ContainsSubstring("the system 42"));
  Host expected;
  const auto ended = run(expected, {{"system_id", "99"}});
  CHECK(ended.how == "failed");
  CHECK(expected.asked.size() == 1);  // found before anything was touched
  Host gap;
  gap.last_wal = "000000010000000000000007";
  const auto gapped = run(gap, {});
  CHECK(gapped.how == "failed");
  CHECK_THAT(gapped.why, ContainsSubstring("the archive has a gap"));
}

TEST_CASE("parameters that cannot work are told before anything runs") {
  struct Row {
    Values values;
    std::string problem;
  };
  const std::vector<Row> rows{
      {{{"to", "tomorrow"}}, "to: "},
      {{{"cutoff", "end"}}, "cutoff: "},
      {list("backups", {"latest"}), "backups: 'latest'"},
      {list("validate", {"logicl"}), "did you mean logical?"},
      {list("validate", {"query:"}), "validate: "},
      {list("allow", {"orders app 10.0.0.0/8 scram-sha-256\nhost all all 0/0 trust"}), "allow: "},
      {list("allow", {"orders app 10.0.0.0"}), "allow: "},
      {{{"port", "70000"}}, "port: "},
      {{{"directory", "/srv/a b"}}, "directory: "},
      {{{"stanza", "$(reboot)"}}, "stanza: "},
      {{{"user", "root"}}, "user: root"},
      {list("preload", std::vector<std::string>(51, "x")), "preload: more than 50 items"},
      {{{"promote", "true"}, {"prove_detects", "true"}}, "prove_detects spoils"},
      {list("backups", {"newest", "oldest"}, {{"promote", "true"}}), "promote: "},
  };
  for (const auto& row : rows) {
    const auto problems = problems_of(row.values, Spelt::planned);
    INFO(row.problem);
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems[0], ContainsSubstring(row.problem));
  }
  CHECK(problems_of(list("backups", {"newest", "oldest", "random", kNewest},
                         list("validate", {"checksum", "query:select 1 = 1"},
                              list("allow", {"orders app 10.0.0.0/8 trust"},
                                   {{"to", "${recover_to}"}, {"cutoff", "start"}}))),
                    Spelt::planned)
            .empty());
}

TEST_CASE("what somebody answered is no reference any more: a dollar and a brace excuse nothing") {
  const std::string evil = "/x;touch${IFS}/ran";
  for (const char* name : {"stanza", "directory", "config", "bin", "service_config", "user",
                           "superuser", "listen", "system_id", "to", "cutoff", "port"}) {
    INFO(name);
    CHECK(problems_of({{name, evil}}, Spelt::planned).empty());
    CHECK(problems_of({{name, evil}}, Spelt::bound).size() == 1);
  }
  for (const char* name : {"backups", "allow", "preload"})
    CHECK(problems_of(list(name, {evil}), Spelt::bound).size() == 1);
}
