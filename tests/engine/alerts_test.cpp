// Alerts of one run, turn by turn: what counts, what is only recorded, what is not.
#include "engine/alerts.hpp"

#include "journal/kinds.hpp"
#include "tests/catch.hpp"
#include "tests/engine/by_hand.hpp"

namespace muster::engine::test {
namespace {

using namespace std::chrono_literals;
using ports::Said;
using ports::Verb;
using What = Request::What;
namespace kinds = journal::kinds;

struct Watched {
  ByHand m{plan()};
  static plan::Plan plan() {
    auto plan = sim::bare_plan();
    std::erase_if(plan.slots, [](const auto& slot) { return slot.name != "primary"; });
    plan.detections = {{"OrdersDown", {{"severity", "page"}}, Duration{5min}, "", false},
                       {"", {}, Duration{10min}, "", true}};
    return sim::with_steps(std::move(plan), {sim::inject("process.pause"), sim::pause(1200s)});
  }
  Watched() { m.past_preflight(); }
  void put_in() {
    m.answer(Verb::command, Said::yes);
    m.answer(Verb::arm, Said::yes, "uptime_cs=1100\n");
    m.answer(Verb::inject, Said::yes);
  }
  static Alert alert(bool firing = true) {
    return {
        "alertmanager", "OrdersDown", "f1", {{"severity", "page"}, {"job", "orders"}}, firing, {}};
  }
  Output say(std::vector<Alert> alerts) {
    Request r;
    r.what = What::alerts;
    r.actor = {"token:am", "token", "token", ""};
    r.alerts = std::move(alerts);
    return m.on(std::move(r));
  }
  /// What the end would find, as of now; `receives`: monitoring can reach this process.
  measure::Judgement judged(bool receives = false, Duration watched = 300s) {
    const auto& done = m.state().effects.at(0).inject_done;
    const auto until = done ? *done + watched : m.state().opened_at.value() + watched;
    const auto plan = Watched::plan();
    const auto found = detections_of(plan, m.state(), receives, until);
    return measure::judge_detection(found.at(0).facts, *plan.detections.at(0).within);
  }
};

TEST_CASE_METHOD(Watched, "an alert that fires after the fault was put in detects it") {
  put_in();
  m.after(40s);
  const auto out = say({alert()});
  CHECK(out.refused.empty());
  REQUIRE(kinds_of(out) == std::vector<std::string>{"alert.seen"});
  REQUIRE(m.state().moments.size() == 1);
  CHECK(m.state().moments[0].name == "detected");
  CHECK(judged().met == measure::Met::yes);
  CHECK(judged().reason.find("time to detect 40") != std::string::npos);
  SECTION("said again and again it is recorded once, its end once more") {
    CHECK(kinds_of(say({alert()})).empty());
    CHECK(kinds_of(say({alert(false)})).size() == 1);
    CHECK(kinds_of(say({alert(false)})).empty());
    CHECK(m.state().moments.size() == 1);
    CHECK(judged().met == measure::Met::yes);
  }
}

TEST_CASE_METHOD(Watched, "one that was firing before the fault does not count, and it is said") {
  say({alert()});
  put_in();
  m.after(40s);
  CHECK(kinds_of(say({alert()})).empty());  // it never ended
  REQUIRE(m.state().alerts.size() == 1);
  CHECK_FALSE(m.state().alerts[0].counts);
  CHECK(m.state().alerts[0].why.find("no fault was put in yet") != std::string::npos);
  CHECK(judged(true).met == measure::Met::unknown);
  CHECK(judged(true).reason.find("before the fault already") != std::string::npos);
  SECTION("it ended and fires anew: that is the fault") {
    say({alert(false)});
    m.after(5s);
    say({alert()});
    CHECK(judged().met == measure::Met::yes);
  }
}

TEST_CASE_METHOD(Watched, "the sender's own time tells, when it came late") {
  put_in();
  m.after(40s);
  auto old = alert();
  old.started = WallTime{} + std::chrono::hours{24 * 365};  // long before: of an earlier outage
  say({old});
  CHECK_FALSE(m.state().alerts.at(0).counts);
  CHECK(m.state().alerts[0].why.find("before the fault was put in") != std::string::npos);
}

TEST_CASE_METHOD(Watched,
                 "name and labels must fit; of others one is kept, as proof that they arrive") {
  put_in();
  auto other = alert();
  other.labels["severity"] = "warning";
  other.id = "f2";
  CHECK(kinds_of(say({other})).size() == 1);
  auto watchdog = alert();
  watchdog.name = "Watchdog";
  watchdog.id = "f3";
  CHECK(kinds_of(say({watchdog})).empty());
  CHECK(m.state().moments.empty());
  CHECK(judged(false).met == measure::Met::no);  // alerts arrive, and this one did not
}

TEST_CASE_METHOD(Watched, "nothing came: a miss only if something could have come") {
  put_in();
  CHECK(judged(true).met == measure::Met::no);
  CHECK(judged(false).met == measure::Met::unknown);
  CHECK(judged(true, 100s).met == measure::Met::unknown);  // over before its time was
}

TEST_CASE_METHOD(Watched, "a person's word is kept apart from monitoring") {
  Request r;
  r.what = What::detected;
  r.actor = {"unix:ana", "uid", "os-user", ""};
  CHECK(m.on(r).refused.find("nothing to notice") != std::string::npos);
  put_in();
  m.after(60s);
  r.ago = 20s;
  r.text = "the shop is slow";
  CHECK(m.on(r).refused.empty());
  REQUIRE(m.state().alerts.size() == 1);
  CHECK(m.state().alerts[0].source == "person");
  CHECK(m.state().moments.empty());
  CHECK(judged().met == measure::Met::unknown);  // of the alert
  const auto plan = Watched::plan();
  const auto found = detections_of(plan, m.state(), false, m.state().alerts[0].at + 1h);
  const auto took = measure::time_to_detect(found.at(1).facts);
  REQUIRE(took);
  CHECK(took->lo == Duration{40s});
  r.ago = 48h;
  CHECK_FALSE(m.on(r).refused.empty());
}

TEST_CASE_METHOD(Watched, "a flood is bounded, and what is not text is refused") {
  put_in();
  for (std::size_t i = 0; i < kAlertsMax; ++i) {
    auto one = alert();
    one.id = std::to_string(i);
    CHECK(say({one}).refused.empty());
  }
  auto more = alert();
  more.id = "more";
  CHECK(say({more}).refused.find("the most") != std::string::npos);
  more.labels["x"] = "\x1b[31m";
  CHECK(say({more}).refused.find("control character") != std::string::npos);
  auto huge = alert();
  for (int i = 0; i < 60; ++i) huge.labels["l" + std::to_string(i)] = std::string(500, 'x');
  CHECK(m.state().alerts.size() == kAlertsMax);
  const auto entry = [&] {
    Watched fresh;
    fresh.put_in();
    return fresh.say({huge}).drafts.at(0);
  }();
  CHECK(entry.data.dump().size() < 20'000);  // it can always be sealed
}

}  // namespace
}  // namespace muster::engine::test
