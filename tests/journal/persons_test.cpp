// Persons in the record: committed to where entries are written, resolved where they are read, and
// gone where that was declared.
#include <set>

#include "journal/data.hpp"
#include "journal/erasures.hpp"
#include "journal/logs.hpp"
#include "journal/person_audit.hpp"
#include "journal/person_fields.hpp"
#include "journal/reader.hpp"
#include "journal/writer.hpp"
#include "tests/catch.hpp"
#include "tests/journal/loop.hpp"
#include "tests/journal/records.hpp"
#include "tests/sim/dice.hpp"
#include "tests/sim/store.hpp"

using namespace muster;
using namespace muster::journal;
using test::a_draft;
using test::a_run;

namespace {

SaltSource salts(std::uint64_t seed) {
  return [dice = std::make_shared<sim::Dice>(seed)] { return dice->salt(); };
}

/// A draft of this kind, by ana.
Draft said(std::string_view action, Json data) {
  auto draft = a_draft(action);
  draft.data = std::move(data);
  return draft;
}

/// A store with one writer of its run's log.
struct World {
  explicit World(std::map<std::uint64_t, sim::Fault> faults = {}) {
    sim::StorePlan plan;
    plan.faults = std::move(faults);
    store.emplace(
        disk, [this](Duration d, std::function<void()> f) { loop.after(d, std::move(f)); }, plan);
    writer = opened(run_log(a_run().run), 1);
  }
  std::unique_ptr<Writer> opened(const ports::LogId& log, std::uint64_t seed) {
    auto made = std::make_unique<Writer>(*store, log, a_run(), Writes::stand_alone, salts(seed));
    bool is_open = false;
    made->open(std::chrono::seconds{30}, [&](const auto& tip) { is_open = tip.has_value(); });
    loop.drain();
    REQUIRE(is_open);
    return made;
  }
  Written write(Writer& by, std::vector<Draft> drafts) {
    Write all;
    all.drafts = std::move(drafts);
    Written out;
    REQUIRE(by.write(std::move(all), [&](const Written& w) { out = w; }));
    loop.drain();
    return out;
  }
  std::vector<Recorded> read(const ports::LogId& log = run_log(a_run().run)) {
    std::vector<Recorded> out;
    read_log(
        *store, log, [&](const Recorded& r) { out.push_back(r); }, [](const auto&) {});
    loop.drain();
    return out;
  }
  /// All bytes that the disk holds, but for the rows that are a person's.
  std::string entries() const {
    std::string out;
    for (const auto& [id, log] : disk->logs)
      for (const auto& bytes : log.entries) out += bytes;
    return out;
  }
  void erase_rows_of(const std::string& value) {
    for (auto row = disk->rows.begin(); row != disk->rows.end();) {
      const auto person = row->first.starts_with(kPersonRows)
                              ? read_person({row->first, row->second})
                              : Result<Person>{Error{}};
      row = person && person->value == value ? disk->rows.erase(row) : std::next(row);
    }
  }

  test::Loop loop;
  std::shared_ptr<sim::Disk> disk = std::make_shared<sim::Disk>();
  std::optional<sim::Store> store;
  std::unique_ptr<Writer> writer;
};

}  // namespace

TEST_CASE("what names somebody is stored as a commitment, and read as it was") {
  struct Row {
    std::string_view action;
    Json data;
  };
  for (const auto& row : std::vector<Row>{
           {kinds::kRoleAssumed,
            {{"role", "dba"}, {"holder", "ana"}, {"deputy", "bo"}, {"how", "planned"}}},
           {kinds::kRoleAssumed,
            {{"role", "dba"}, {"holder", "bo"}, {"before", "ana"}, {"person", "ana"}}},
           {kinds::kStepAsked,
            {{"role", "dba"},
             {"person", "ana"},
             {"say", "ask ana, or unix:ana"},
             {"escalated_from", "bo"}}},
           {kinds::kNote, {{"text", "ana's own words (bo)"}, {"who", "Ana Silva"}}},
           {kinds::kStepFinished,
            {{"why", "unix:ana: skipped it"}, {"evidence", "banana"}, {"output", "hello ana"}}},
           {kinds::kVerdict,
            {{"reasons", {"stopped: unix:ana", "held: orders"}}, {"exit_code", 3}}},
           {kinds::kApprovalGiven,
            {{"person", "ana"},
             {"signed", R"({"person":"ana","plan":"f0"})"},
             {"carried_by", "unix:bo"}}},
           {kinds::kRunOpened,
            {{"owner", "ana"}, {"approvals", {{{"person", "bo"}, {"note", "as ana said"}}}}}},
           {kinds::kRunClosed, {{"summary", {{"roles", {{{"role", "dba"}, {"person", "ana"}}}}}}}},
           {kinds::kMeasured, {{"detections", {{{"by", "person"}, {"principal", "unix:ana"}}}}}},
           {kinds::kRunPreflight,
            {{"facts", {{"lock.who", "unix:ana"}, {"who.f00d", "unix:bo"}, {"os", "debian"}}}}},
           {kinds::kNoticeQueued,
            {{"notice",
              {{"id", "r/needs_person/s/ana"},
               {"event", "needs_person"},
               {"by", "unix:ana"},
               {"headline", "Ana Silva is needed"}}}}},
           {kinds::kNote, {{"text", "person:" + std::string(64, 'a') + " is what somebody typed"}}},
           {kinds::kNote, {{"text", "ana wrote person:" + std::string(64, 'a')}}},
           {kinds::kStepFinished, {{"output", "person:" + std::string(64, 'b')}}}}) {
    INFO(row.data.dump());
    World w;
    // Whom the store knows, texts are searched for.
    w.write(*w.writer, {said(kinds::kNote, {{"text", "x"}, {"person", "ana"}}),
                        said(kinds::kNote, {{"text", "x"}, {"person", "bo"}, {"who", "unix:bo"}})});
    CHECK(w.write(*w.writer, {said(row.action, row.data)}).commit == ports::Commit::durable);
    const auto all = w.read();
    REQUIRE(all.size() == 3);
    const auto entry = read_entry(all.back());
    REQUIRE(entry);
    CHECK(entry->data == row.data);
    CHECK(entry->actor.principal == "unix:ana");
    for (const auto* name :
         {"\"ana\"", "unix:ana", "unix:bo", "\"bo\"", "Ana Silva", "ana's", "(bo)", "/ana"})
      CHECK(w.entries().find(name) == std::string::npos);
  }
}

TEST_CASE("what names nobody, and what others verify, stays as it is") {
  World w;
  w.write(*w.writer, {said(kinds::kNote, {{"text", "x"}, {"person", "ana"}})});
  const std::vector<Draft> drafts{
      said(kinds::kCheckpoint, {{"log", "workspace"}, {"note", "ctrl/muster/ana\n57\n"}}),
      said(kinds::kEffectIntent, {{"values", {{"owner", "ana"}, {"who", "unix:ana"}}}}),
      said(kinds::kSamplesSealed, {{"service", "ana"}, {"blob", "b10b"}})};
  for (const auto& draft : drafts) {
    w.write(*w.writer, {draft});
    CHECK(read_entry(std::string_view{w.read().back().bytes})->data == draft.data);
  }
  auto by_nobody = a_draft(kinds::kRequest);
  by_nobody.actor = {"muster", "self", "os", ""};
  w.write(*w.writer, {by_nobody});
  CHECK(w.read().back().bytes.find("\"muster\"") != std::string::npos);
}

TEST_CASE("a person has one commitment in a store, whoever writes") {
  World w;
  // Both opened before anybody was known.
  const auto other = w.opened(kWorkspaceLog, 2);
  w.write(*w.writer, {said(kinds::kNote, {{"text", "x"}, {"person", "ana"}})});
  CHECK(w.write(*other, {said(kinds::kRunOpened, {{"person", "ana"}})}).commit ==
        ports::Commit::durable);
  w.write(*w.writer, {said(kinds::kNote, {{"text", "x"}, {"person", "ana"}})});
  std::set<Digest> commitments;
  each_commitment(w.entries(), [&](std::size_t, const Digest& c) { commitments.insert(c); });
  CHECK(commitments.size() == 2);  // "ana" and "unix:ana"
}

TEST_CASE("who is named while a batch is on its way rides with the next one") {
  World w;
  int written = 0;
  for (const auto* holder : {"ana", "bo", "chen", "bo"}) {
    Write one;
    one.drafts.push_back(said(kinds::kRoleAssumed, {{"role", "dba"}, {"holder", holder}}));
    REQUIRE(w.writer->write(std::move(one), [&](const Written& end) {
      written += end.commit == ports::Commit::durable ? 1 : 0;
    }));
  }
  w.loop.drain();
  CHECK(written == 4);
  std::vector<std::string> holders;
  for (const auto& recorded : w.read())
    holders.push_back(read_entry(recorded)->data.at("holder").get<std::string>());
  CHECK(holders == std::vector<std::string>{"ana", "bo", "chen", "bo"});
}

TEST_CASE("a guard that is a person's is told from the writer's own") {
  World w;
  w.disk->rows["claim/db-1"] = "another run";
  Write claiming;
  claiming.drafts = {said(kinds::kNote, {{"text", "x"}, {"person", "zoe"}})};
  claiming.guards = {{"claim/db-1", std::nullopt}};
  Written out;
  REQUIRE(w.writer->write(std::move(claiming), [&](const Written& x) { out = x; }));
  w.loop.drain();
  CHECK(out.commit == ports::Commit::conflict);
  CHECK(w.write(*w.writer, {said(kinds::kNote, {{"text", "y"}, {"person", "zoe"}})}).commit ==
        ports::Commit::durable);
}

TEST_CASE("an entry that is nearly full is written all the same") {
  World w;
  w.write(*w.writer, {said(kinds::kNote, {{"text", "x"}, {"person", "ana"}})});
  std::string text;
  while (text.size() < 60'000) text += "ana ";
  CHECK(w.write(*w.writer, {said(kinds::kNote, {{"text", text}})}).commit ==
        ports::Commit::durable);
  CHECK(text_in(read_entry(w.read().back())->data, "text") == text);
}

TEST_CASE("what was erased reads the same for the same person, and nothing else changes") {
  World w;
  w.write(*w.writer, {said(kinds::kNote, {{"text", "ana did it"}, {"person", "ana"}}),
                      said(kinds::kNote, {{"text", "bo saw ana"}, {"person", "bo"}})});
  const auto before = w.entries();
  w.erase_rows_of("ana");
  CHECK(w.entries() == before);
  const auto all = w.read();
  const auto first = read_entry(all[0]), second = read_entry(all[1]);
  const auto gone = text_in(first->data, "person");
  CHECK(gone.starts_with("erased:"));
  CHECK(gone.size() == 15);
  CHECK(text_in(first->data, "text") == gone + " did it");
  CHECK(text_in(second->data, "text") == "bo saw " + gone);
  CHECK(text_in(second->data, "person") == "bo");
  CHECK(first->actor.principal == "unix:ana");  // another name, which was not erased
  CHECK(for_people(text_in(first->data, "text")) ==
        "(erased person " + gone.substr(7) + ") did it");
}

TEST_CASE("the audit of persons: known, erased, missing, altered, still there") {
  World w;
  w.write(*w.writer, {said(kinds::kNote, {{"text", "x"}, {"person", "bo"}})});
  Digest bo;
  for (const auto& [key, value] : w.disk->rows)
    if (key.starts_with(kPersonRows))
      if (const auto p = read_person({key, value}); p->value == "bo") bo = commitment_of(*p);
  const auto row = w.disk->rows.at(person_key(bo));
  const auto declares = [&] {
    ErasureLog log;
    Entry e;
    e.action = kinds::kPersonErased;
    PersonErasure one;
    one.commitments = {bo};
    one.reason = "asked for";
    e.data = erasure_data(one).front();
    log.add(e);
    return log;
  };
  struct Row {
    const char* what;
    bool declared;
    std::function<void()> does;
    std::size_t erased, pending;
    std::string finding;
    bool is_signed = true;
  };
  constexpr std::uint64_t kAll = 1'000'000;  // entries of the workspace's log that are signed
  for (const auto& r : std::vector<Row>{
           {"as it was", false, [] {}, 0, 0, ""},
           {"declared only", true, [] {}, 0, 1, ""},
           {"declared and gone", true, [&] { w.disk->rows.erase(person_key(bo)); }, 1, 0, ""},
           {"declared, which nobody signed, and gone", true,
            [&] { w.disk->rows.erase(person_key(bo)); }, 0, 0, "person missing", false},
           {"gone", false, [&] { w.disk->rows.erase(person_key(bo)); }, 0, 0, "person missing"},
           {"another name", false,
            [&] {
              w.disk->rows[person_key(bo)] = person_row({Digest{}, "eve", false}).value;
            },
            0, 0, "person altered"},
           {"no row at all", true, [&] { w.disk->rows[person_key(bo)] = "?"; }, 0, 0,
            "person altered"}}) {
    INFO(r.what);
    w.disk->rows[person_key(bo)] = row;
    r.does();
    PersonAudit audit;
    for (const auto& recorded : w.read()) audit.add(recorded);
    std::string found;
    const auto counts =
        audit.judge(r.declared ? declares() : ErasureLog{}, r.is_signed ? kAll : 0,
                    [&](Damage d, std::uint64_t, const std::string&) { found += to_string(d); });
    CHECK(counts.named == 2);
    CHECK(counts.erased == r.erased);
    CHECK(counts.pending == r.pending);
    CHECK(found == r.finding);
  }
}

TEST_CASE("plans that were redacted are followed, also in a circle") {
  const auto a = sha256("a"), b = sha256("b"), c = sha256("c");
  PersonErasure first, second;
  first.plans = {{a, b}};
  second.plans = {{b, c}};
  ErasureLog log;
  for (const auto* one : {&first, &second}) {
    Entry e;
    e.action = kinds::kPersonErased;
    e.data = erasure_data(*one).front();
    log.add(e);
  }
  CHECK(log.instead_of(a) == c);
  CHECK(log.instead_of(b) == c);
  CHECK(log.instead_of(b, 0) == b);  // nobody signed that it was redacted
  CHECK(log.instead_of(sha256("d")) == sha256("d"));
  PersonErasure round;
  round.plans = {{c, a}};
  Entry e;
  e.action = kinds::kPersonErased;
  e.data = erasure_data(round).front();
  log.add(e);
  CHECK_NOTHROW(log.instead_of(a));
}

TEST_CASE("an erasure with much to declare takes several entries") {
  PersonErasure erasure;
  for (int i = 0; i < 700; ++i) erasure.commitments.push_back(sha256(std::to_string(i)));
  erasure.plans = {{sha256("a"), sha256("b")}};
  const auto all = erasure_data(erasure);
  CHECK(all.size() == 3);
  ErasureLog log;
  for (const auto& data : all) {
    CHECK(canonical_json(data)->size() < 60'000);
    Entry e;
    e.action = kinds::kPersonErased;
    e.data = data;
    log.add(e);
  }
  CHECK(log.of(sha256("0")));
  CHECK(log.of(sha256("699")));
  CHECK_FALSE(log.of(sha256("700")));
}

TEST_CASE("old records, which name people as they are, read as ever") {
  const auto bytes =
      *seal(said(kinds::kRoleAssumed, {{"role", "dba"}, {"holder", "ana"}}), a_run(), 0, {});
  const auto entry = read_entry(Recorded{{0, bytes}, std::make_shared<Persons>()});
  CHECK(entry->actor.principal == "unix:ana");
  CHECK(text_in(entry->data, "holder") == "ana");
}
