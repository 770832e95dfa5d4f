#include <algorithm>
#include <regex>
#include <set>

#include "tests/catalogue/pgbackrest_fake.hpp"
#include "tests/catch.hpp"

using namespace pgbackrest_test;
using Catch::Matchers::ContainsSubstring;
using Names = std::vector<std::string>;
using Control = RestoredBackup::Control;
using Validated = RestoredBackup::Validation::Is;

TEST_CASE(
    "a restore test of newest, oldest and random takes one round for each, and damages every "
    "copy") {
  Host host;
  auto values = list("backups", {"newest", "oldest", "random"},
                     {{"prove_detects", "true"}, {"cutoff", "start"}});
  const auto ended = run(host, list("validate", {"checksum", "logical", "structure"}, values));
  INFO(ended.why);
  REQUIRE(ended.how == "done");
  REQUIRE(ended.outcome.backups.size() == 3);
  CHECK(ended.outcome.backups[0].label == kNewest);
  CHECK(ended.outcome.backups[1].label == kOldest);
  CHECK(ended.outcome.backups[2].label == kMiddle);  // random prefers what lies between
  for (const auto& b : ended.outcome.backups) {
    CHECK(b.control == Control::refused_the_damaged);
    CHECK(b.validations.size() == 3);
    CHECK(b.validated > b.target_reached);
  }
  CHECK(ended.outcome.source_unchanged);
}

TEST_CASE("the questions of one round, in their order") {
  Host host;
  const auto values =
      list("validate", {"checksum", "structure", "query:select true"}, {{"to", "lsn:0/9000060"}});
  REQUIRE(run(host, values).how == "done");
  const std::string backup = " backup " + kNewest;
  CHECK(host.asked ==
        Names{"discover stanza orders", "fingerprint before", "precheck" + backup,
              "restore" + backup, "start" + backup, "ready" + backup, "point" + backup,
              "validate level query: select true",  // while paused and read-only
              "promote" + backup, "validate level structure", "validate level checksum",
              "remove the copy of backup " + kNewest, "fingerprint after"});
}

TEST_CASE("a flow asks for no phase, and with no value, that its provider does not tell") {
  const auto& provider = restore_providers().at("pgbackrest");
  std::set<std::string> values, phases, all_told;
  const auto levels = list("validate", {"checksum", "structure", "logical", "query:select true"},
                           {{"cutoff", "start"}});
  for (const auto& more : std::vector<Values>{{{"prove_detects", "true"}},
                                              {{"promote", "true"}, {"prove_detects", "false"}},
                                              {{"keep", "true"}, {"to", "lsn:0/9000060"}}}) {
    Host host;
    auto wanted = levels;
    wanted.insert(more.begin(), more.end());
    REQUIRE(run(host, wanted).how == "done");
    const auto told = provider.phases(wanted);
    all_told.insert(told.begin(), told.end());
    for (const auto& q : host.questions) {
      CHECK(std::find(told.begin(), told.end(), q.phase) != told.end());
      phases.insert(q.phase);
      for (const auto& [name, value] : q.values) {
        CAPTURE(q.phase, name, value);
        values.insert(name);
        const auto it = std::find_if(provider.asked.begin(), provider.asked.end(),
                                     [&](const auto& a) { return a.name == name; });
        REQUIRE(it != provider.asked.end());
        using enum AskedValue::Form;
        const auto fits = [&](const char* form) {
          return std::regex_match(value, std::regex{form});
        };
        if (it->form == number) CHECK(fits("[0-9]{1,18}"));
        if (it->form == word) CHECK(fits("[A-Za-z0-9_.-]{0,128}"));
        if (it->form == plain) CHECK(fits("[A-Za-z0-9_.:+/ -]{0,128}"));
        if (it->form == query) CHECK((value.empty() || provider.queries(wanted) == Names{value}));
      }
    }
  }
  CHECK(phases == all_told);
  CHECK(values.size() == provider.asked.size());
}

TEST_CASE("the events of a restore are the edges of its phases") {
  Host host;
  const auto b = run(host, {}).outcome.backups.at(
      0);  // phases: discover, fingerprint, precheck, restore = [3 s, 4 s], …
  const auto second = [](int s) { return std::optional{instant(s * 1'000'000'000LL)}; };
  CHECK(b.started == second(3));
  CHECK(b.tool_exited == second(4));
  CHECK(b.accepts == second(5));
  CHECK(b.target_reached == second(6));
  CHECK(b.validated == second(8));
}

TEST_CASE("to latest, only the newest recovers to the end of the archive") {
  Host host;
  REQUIRE(run(host, list("backups", {"newest", "oldest"}, {{"cutoff", "start"}})).how == "done");
  Names kinds, bounds;
  for (const auto& q : host.questions)
    if (q.phase == "start") {
      kinds.push_back(q.values.at("kind"));
      bounds.push_back(q.values.contains("last_wal") ? q.values.at("last_wal") : "");
    }
  CHECK(kinds == Names{"latest", "immediate"});
  CHECK(bounds ==
        Names{"000000010000000000000009", ""});  // frozen: what the repository showed at the start
}

TEST_CASE("a backup that is both oldest and random is restored once") {
  Host host;
  host.info = info_json({backup_json(kOldest, 1794878836, "0/5000050")});
  const auto ended = run(host, list("backups", {"newest", "oldest", "random"}));
  REQUIRE(ended.outcome.backups.size() == 2);
  CHECK(ended.outcome.backups[1].asked_for == "oldest, random");
}

TEST_CASE("random is decided by the seed alone") {
  std::map<std::string, int> seen;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Names labels;
    for (int twice = 0; twice < 2; ++twice) {
      Host host;
      host.info = info_json(
          {backup_json("20261101-000000F", 1, "0/1"), backup_json("20261102-000000F", 2, "0/1"),
           backup_json("20261103-000000F", 3, "0/1"), backup_json("20261104-000000F", 4, "0/1")});
      labels.push_back(run(host, list("backups", {"random"}), seed).outcome.backups.at(0).label);
    }
    CHECK(labels[0] == labels[1]);
    ++seen[labels[0]];
  }
  CHECK(seen.size() == 2);
  CHECK(seen.count("20261102-000000F") == 1);
}

TEST_CASE("what a phase says otherwise decides the result") {
  struct Row {
    const char* what;
    std::string phase;
    RestoreAnswer answer;
    std::string how, why;
  };
  const std::string backup = "backup " + kNewest;
  const std::vector<Row> rows{
      {"a damaged backup", "restore", says(Is::no, "why=checksum error"), "failed",
       "restore of " + backup + ": checksum error"},
      {"the repository is away", "restore", says(Is::could_not, "why=host connect"), "unsure",
       "host connect"},
      {"no answer", "restore", says(Is::unknown, ""), "unsure", "no answer came"},
      {"no space", "precheck", says(Is::no, "why=too little space"), "unsure", "too little space"},
      {"no server", "start", says(Is::no, "why=invalid checkpoint"), "failed",
       "invalid checkpoint"},
      {"nothing later than the target", "ready",
       says(Is::no, "reason=target_not_reached\nwhy=recovery ended before the target"), "failed",
       "before the target"},
      {"a failing level", "validate", says(Is::no, "why=pages fail"), "failed",
       "level logical: pages fail"},
      {"a level that could not run", "validate", says(Is::could_not, "why=checksums are off"),
       "unsure", "checksums are off"},
      {"the inner reason counts", "validate", says(Is::no, "why=first\nwhy=second"), "failed",
       "first"},
      {"the copy could not be removed", "remove", says(Is::could_not, "why=busy"), "unsure",
       "busy"},
      {"a contaminated repository", "fingerprint after", says(Is::no, "twice=1\nwhy=not as before"),
       "failed", "repository is not as it was"},
      {"a repository that cannot be compared", "fingerprint after", says(Is::could_not, ""),
       "unsure", "could not be compared"},
      {"no fingerprint, no restore", "fingerprint before", says(Is::could_not, "why=listing"),
       "unsure", "listing"},
  };
  for (const auto& row : rows) {
    Host host;
    host.otherwise[row.phase] = row.answer;
    const auto ended = run(host, {});
    INFO(row.what << ": " << ended.why);
    CHECK(ended.how == row.how);
    CHECK_THAT(ended.why, ContainsSubstring(row.why));
  }
}

TEST_CASE("after a failure the repository is still compared, after silence nothing more is asked") {
  Host failing;
  failing.otherwise["restore"] = says(Is::no, "why=x");
  run(failing, {});
  CHECK(failing.asked.back() == "fingerprint after");
  Host silent;
  silent.otherwise["restore"] = says(Is::unknown, "");
  run(silent, {});
  CHECK(silent.asked.back() == "restore backup " + kNewest);
}

TEST_CASE("a failed level is in the outcome and leaves no time of validation") {
  Host host;
  host.otherwise["validate level structure"] = says(Is::no, "why=broken index");
  const auto ended = run(host, list("validate", {"structure", "logical"}));
  const auto& b = ended.outcome.backups.at(0);
  REQUIRE(b.validations.size() == 2);
  CHECK(b.validations[0].is == Validated::passed);
  CHECK(b.validations[1].is == Validated::failed);
  CHECK_FALSE(b.validated);
}

TEST_CASE("the negative control") {
  const auto levels =
      list("validate", {"logical", "query:select true"}, {{"prove_detects", "true"}});
  SECTION("a damaged copy that passes everything makes the drill invalid") {
    Host host;
    host.otherwise["validate level logical on the damaged copy"] = says(Is::yes, "");
    host.otherwise["validate level query: select true on the damaged copy"] = says(Is::yes, "");
    const auto ended = run(host, levels);
    CHECK(ended.how == "invalid");
    CHECK_THAT(ended.why, ContainsSubstring("do not read the data"));
    CHECK(ended.outcome.backups[0].control == Control::passed_the_damaged);
  }
  SECTION("one level that refuses is enough") {
    Host host;
    host.otherwise["validate level query: select true on the damaged copy"] = says(Is::yes, "");
    const auto ended = run(host, levels);
    CHECK(ended.how == "done");
    CHECK(ended.outcome.backups[0].control == Control::refused_the_damaged);
    CHECK(ended.outcome.facts["controls"][0]["levels"].size() == 2);
  }
  SECTION("a copy too damaged to start is refused") {
    Host host;
    host.otherwise["start the damaged copy"] = says(Is::no, "why=invalid page");
    CHECK(run(host, levels).outcome.backups[0].control == Control::refused_the_damaged);
  }
  SECTION("passed and could not is not a proof") {
    Host host;
    host.otherwise["validate level logical on the damaged copy"] = says(Is::yes, "");
    host.otherwise["validate level query: select true on the damaged copy"] =
        says(Is::could_not, "");
    const auto ended = run(host, levels);
    CHECK(ended.how == "unsure");
    CHECK(ended.outcome.backups[0].control == Control::could_not);
  }
  SECTION("nothing to damage") {
    Host host;
    host.otherwise["damage"] = says(Is::could_not, "why=there is no table to damage");
    CHECK(run(host, levels).how == "unsure");
  }
}

TEST_CASE("promotion: validated, promoted, opened, left running") {
  Host host;
  const auto ended = run(host, list("validate", {"query:select true", "checksum"},
                                    {{"promote", "true"}, {"to", "2026-11-23T01:29:00Z"}}));
  REQUIRE(ended.how == "done");
  CHECK(Names{host.asked.end() - 5, host.asked.end()} ==
        Names{"validate level query: select true", "promote backup " + kNewest,
              "validate level checksum", "serve the copy of backup " + kNewest,
              "fingerprint after"});
  CHECK(ended.outcome.facts["serving"]["archiving"] == "off");
}

TEST_CASE("keep leaves the last copy, and only that") {
  Host host;
  REQUIRE(run(host, list("backups", {"oldest", "newest"}, {{"keep", "true"}})).how == "done");
  const auto count = [&](const std::string& phase) {
    return std::count_if(host.questions.begin(), host.questions.end(),
                         [&](const auto& q) { return q.phase == phase; });
  };
  CHECK(count("remove") == 1);
  CHECK(count("leave") == 1);
}
