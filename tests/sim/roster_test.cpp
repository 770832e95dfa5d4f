// Roles that change hands while a drill goes on, and what people write down.
#include "tests/catch.hpp"
#include "tests/sim/people.hpp"
#include "tests/sim/world.hpp"

namespace muster::sim {
namespace {

using namespace std::chrono_literals;
using What = engine::Request::What;

struct Crew {
  World w{1};
  Process* p = nullptr;

  explicit Crew(std::vector<plan::Step> steps) {
    auto plan = with_steps(bare_plan(), std::move(steps));
    plan.roles = {
        {"incident_commander", "ana", "dee"}, {"dba", "chen", "dee"}, {"scribe", "eva", ""}};
    for (const char* id : {"ana", "eva"}) plan.people.push_back({id, id, id, false, "", {}});
    p = &w.begin(std::move(plan));
    w.pass(5s);
  }
  ~Crew() {
    w.finish(*p);
    CHECK(w.breaches == std::vector<std::string>{});
  }
  std::string role(const std::string& user, const std::string& role, const std::string& to = {},
                   const std::string& reason = {}) {
    engine::Request r;
    r.what = to.empty() ? What::take_role : What::hand_role;
    r.actor = kernel_says(user);
    r.role = role;
    r.to = to;
    r.reason = reason;
    return give(r);
  }
  std::string give(const engine::Request& r) {
    const auto refused = p->request(r);
    w.pass(100ms);
    return refused;
  }
  engine::Request note(const std::string& text) {
    engine::Request r;
    r.what = What::note;
    r.actor = kernel_says("eva");
    r.text = text;
    return r;
  }
};

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("the roster stands in the record from the opening on") {
  Crew d{{pause(30s)}};
  const auto& tenures = d.w.state().tenures;
  REQUIRE(tenures.size() == 3);
  CHECK(tenures[1].role == "dba");
  CHECK(tenures[1].holder == "chen");
  CHECK(tenures[1].deputy == "dee");
  CHECK(tenures[1].how == "planned");
  CHECK(tenures[1].before.empty());
  CHECK(d.w.state().opened.at("person") == "ana");  // who runs the process is unix:ana
}

TEST_CASE("a role changes hands: who may, and what is recorded") {
  struct Row {
    const char *user, *role, *to, *reason;  // `to` empty: takes it
    const char* says;                       // of the refusal; "" when it is taken
    const char *holder, *deputy, *as;
  };
  const std::vector<Row> table{
      {"dee", "dba", "", "", "", "dee", "chen", "deputy"},
      {"chen", "dba", "eva", "", "", "eva", "dee", "holder"},
      {"dee", "dba", "eva", "chen is ill", "", "eva", "dee", "deputy"},
      {"eva", "dba", "", "both are gone", "", "eva", "dee", "stand_in"},
      {"eva", "dba", "", "", "chen holds dba (deputy dee): who is neither owes a --reason", "", "",
       ""},
      {"zoe", "dba", "", "I can", "none of this drill's people (chen, dee, ana, eva)", "", "", ""},
      {"zoe", "dba", "eva", "they agreed on the phone", "", "eva", "dee", "stand_in"},
      {"zoe", "dba", "eva", "", "owes a --reason", "", "", ""},
      {"chen", "dba", "zoe", "", "'zoe' is none of this drill's people", "", "", ""},
      {"chen", "dba", "", "", "chen holds dba already", "", "", ""},
      {"chen", "cook", "dee", "", "this drill has no role 'cook'", "", "", ""},
      // The incident commander holds no second role, whichever of the two moves.
      {"chen", "dba", "ana", "", "ana holds incident_commander, and an incident_commander holds no",
       "", "", ""},
      {"ana", "incident_commander", "chen", "", "chen holds dba, and an", "", "", ""},
      {"dee", "incident_commander", "", "", "", "dee", "ana", "deputy"},
  };
  for (const auto& row : table) {
    INFO(row.user << " " << row.role << " to " << row.to << " because " << row.reason);
    Crew d{{pause(30s)}};
    const auto refused = d.role(row.user, row.role, row.to, row.reason);
    CHECK(refused.empty() == (row.says[0] == '\0'));
    CHECK(says(refused, row.says));
    const auto& tenures = d.w.state().tenures;
    if (!refused.empty()) {
      CHECK(tenures.size() == 3);
      continue;
    }
    REQUIRE(tenures.size() == 4);
    CHECK(tenures[3].role == row.role);
    CHECK(tenures[3].holder == row.holder);
    CHECK(tenures[3].deputy == row.deputy);
    CHECK(tenures[3].by.as == row.as);
    CHECK(tenures[3].by.actor.principal == std::string{"unix:"} + row.user);
    CHECK(tenures[3].how == (row.to[0] ? "handed" : "taken"));
    CHECK(tenures[3].reason == row.reason);
  }
}

TEST_CASE("who took a role over is asked, also when a question waits already") {
  Crew d{{named(within(ask(plan::Late::escalate, "latest"), 1min), "choice")}};
  REQUIRE(d.w.step("choice") == StepIs::asked);
  CHECK(d.role("chen", "dba", "eva").empty());
  engine::Request r;
  r.what = What::answer;
  r.step = "choice";
  r.actor = kernel_says("chen");
  CHECK(says(d.give(r), "eva is asked"));
  d.w.pass(1min);
  CHECK(d.w.state().steps.at("choice").asked_of == "dee");
  CHECK(d.w.state().steps.at("choice").escalated_from == "eva");
  r.actor = kernel_says("eva");
  CHECK(d.give(r).empty());
  CHECK(d.w.state().steps.at("choice").acts.at(0).by.as == "holder");
}

TEST_CASE("the deputy who takes the role is asked then, and the former holder after that") {
  Crew d{{named(within(ask(plan::Late::escalate, "latest"), 1min), "choice")}};
  CHECK(d.role("dee", "dba").empty());
  d.w.pass(1min);
  CHECK(d.w.state().steps.at("choice").asked_of == "chen");
  CHECK(d.w.state().steps.at("choice").escalated_from == "dee");
}

TEST_CASE("a note keeps its author and who did it apart, and when it was") {
  Crew d{{named(pause(30s), "calm")}};
  auto r = d.note("restarted the proxy");
  r.who = "Bo";
  r.step = "calm";
  r.ago = 3min;
  CHECK(d.give(r).empty());
  REQUIRE(d.w.state().notes.size() == 1);
  const auto& note = d.w.state().notes[0];
  CHECK(note.by.actor.principal == "unix:eva");
  CHECK(note.by.person == "eva");
  CHECK(note.who == "Bo");
  CHECK(note.step == "calm");
  REQUIRE(note.happened);
  // Written to the microsecond.
  CHECK(note.wall - *note.happened >= Duration{3min});
  CHECK(note.wall - *note.happened < Duration{3min + 1us});
  CHECK_FALSE(note.corrects);
}

TEST_CASE("a correction cites an earlier entry, and changes nothing") {
  Crew d{{pause(30s)}};
  CHECK(d.give(d.note("the primary is db2")).empty());
  const auto first = d.w.state().notes.at(0);
  auto r = d.note("it was db1");
  r.corrects = first.seq;
  CHECK(d.give(r).empty());
  const auto& notes = d.w.state().notes;
  REQUIRE(notes.size() == 2);
  CHECK(notes[0].text == "the primary is db2");
  CHECK(notes[1].corrects == first.seq);
  r.corrects = 1000;
  CHECK(says(d.give(r), "there is no entry 1000 yet: the last one is"));
}

TEST_CASE("notes that are not taken") {
  Crew d{{pause(30s)}};
  CHECK(d.give(d.note(" \n")) == "the note says nothing");
  auto r = d.note("x");
  r.step = "nowhere";
  CHECK(d.give(r) == "there is no step 'nowhere'");
  r = d.note("x");
  r.then = wall_time(std::int64_t{1} << 62);
  CHECK(d.give(r) == "what is noted cannot lie ahead");
  r = d.note("x");
  r.ago = 25h;
  CHECK(says(d.give(r), "more than a day back"));
  CHECK(d.w.state().notes.empty());
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(d.p->request(d.note("again")).empty());
    if (i % 20 == 0) d.w.pass(20ms);
  }
  CHECK(d.p->request(d.note("again")) == "this run holds 1000 notes, which is the most");
}

}  // namespace
}  // namespace muster::sim
