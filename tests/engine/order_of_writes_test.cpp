// What each turn records and what it then asks for: the order of writes around an effect
// (reference: journal). Whole drills are in tests/sim.
#include "tests/catch.hpp"
#include "tests/engine/by_hand.hpp"

namespace muster::engine::test {
namespace {

using namespace std::chrono_literals;
using ports::Said;
using ports::Verb;
using Strings = std::vector<std::string>;

plan::Plan one_fault() {
  auto plan = sim::bare_plan();
  std::erase_if(plan.slots, [](const auto& slot) { return slot.name != "primary"; });
  return sim::with_steps(std::move(plan), {sim::inject("process.pause"), sim::pause(60s)});
}

TEST_CASE("the plan and its scripts are durable before anything is asked") {
  ByHand m{one_fault()};
  const Output out = m.begin();
  CHECK(kinds_of(out) == Strings{"run.opened", "role.assumed"});
  CHECK(out.blobs.size() == 1 + one_fault().scripts.size());
  CHECK(verbs_of(out) ==
        Strings{"facts", "facts"});  // the candidates of the slot, and no other host
}

TEST_CASE(
    "step and intent, arm - armed and injecting, inject - active - reverting, revert - reverted, "
    "disarm") {
  ByHand m{one_fault()};
  Output out = m.past_preflight();
  CHECK(kinds_of(out) == Strings{"run.began", "step.started"});
  CHECK(verbs_of(out) == Strings{"command"});  // does the role still hold?

  out = m.answer(Verb::command, Said::yes);
  CHECK(kinds_of(out) == Strings{"effect.intent"});
  CHECK(verbs_of(out) == Strings{"arm"});

  out = m.answer(Verb::arm, Said::yes, "uptime_cs=1100\n");
  CHECK(kinds_of(out) == Strings{"effect.armed", "effect.injecting"});
  CHECK(verbs_of(out) == Strings{"inject"});

  out = m.answer(Verb::inject, Said::yes, "state=T\n");
  CHECK(kinds_of(out) == Strings{"effect.active", "step.finished", "step.started"});
  CHECK(verbs_of(out).empty());

  out = m.after(60s);
  CHECK(kinds_of(out) == Strings{"step.finished", "effect.reverting"});
  CHECK(verbs_of(out) == Strings{"renew", "revert+"});

  out = m.answer(Verb::revert, Said::yes, "healed_by=revert\n");
  CHECK(kinds_of(out) == Strings{"effect.reverted", "measured", "verdict"});
  CHECK(verbs_of(out) == Strings{"disarm"});
  CHECK(m.on(Request{}).refused.starts_with("the verdict stands already"));

  out = m.answer(Verb::disarm, Said::yes);
  CHECK(verbs_of(out) == Strings{"unlock+"});
  out = m.answer(Verb::unlock, Said::yes);
  CHECK(kinds_of(out) == Strings{"run.closed"});
  CHECK(out.over);
}

TEST_CASE("without a record nothing new is asked for that does not heal") {
  ByHand m{one_fault()};
  m.past_preflight();
  m.answer(Verb::command, Said::yes);
  m.answer(Verb::arm, Said::yes);
  Output out = m.on(RecordLost{"the disk is full"});
  CHECK(verbs_of(out) == Strings{"revert+"});
  out = m.answer(Verb::inject, Said::yes);  // was under way
  CHECK(verbs_of(out).empty());
  CHECK(m.state().effects.at(0).status == journal::EffectStatus::reverting);
}

TEST_CASE("an answer that comes when nobody waits for it any more changes nothing") {
  ByHand m{one_fault()};
  m.past_preflight();
  m.answer(Verb::command, Said::yes);
  Request abort;
  abort.reason = "enough";
  m.on(abort);
  const Output out = m.answer(Verb::arm, Said::yes);
  CHECK(kinds_of(out).empty());
  CHECK(m.waiting(Verb::inject) == 0);
}

TEST_CASE("nothing follows run.closed, whatever still comes in") {
  ByHand m{one_fault()};
  m.past_preflight();
  m.answer(Verb::command, Said::yes);
  m.answer(Verb::arm, Said::yes, "uptime_cs=1100\n");
  m.answer(Verb::inject, Said::yes);
  for (int i = 0; i < 5; ++i) {  // the line is cut, for longer than a lease
    m.after(5s);
    m.answer(Verb::renew, Said::unknown);
  }
  CHECK(m.state().hosts.at("db1").lease_lost);
  m.after(5s);
  m.answer(Verb::revert, Said::yes, "healed_by=lease\n");
  CHECK(verbs_of(m.answer(Verb::disarm, Said::unknown)) == Strings{"disarm"});  // once more
  CHECK(verbs_of(m.answer(Verb::disarm, Said::unknown)) == Strings{"unlock+"});
  CHECK(m.answer(Verb::unlock, Said::yes).over);
  const Output late = m.answer(Verb::renew, Said::yes);
  CHECK(kinds_of(late).empty());
  CHECK(late.over);
  CHECK(m.on(Request{}).refused == "the run is over");
}

TEST_CASE("equal inputs give equal outputs") {
  ByHand a{one_fault()}, b{one_fault()};
  const auto one = a.past_preflight(), two = b.past_preflight();
  CHECK(kinds_of(one) == kinds_of(two));
  CHECK(a.answer(Verb::command, Said::yes).drafts.at(0).intent_ref ==
        b.answer(Verb::command, Said::yes).drafts.at(0).intent_ref);
}

TEST_CASE("the lease is counted in the healer's own time") {
  ByHand m{one_fault()};
  m.past_preflight();
  m.answer(Verb::command, Said::yes);
  const auto& arm = m.calls().back().call;
  const auto until = std::stoll(sim::value_of(arm, "lease_until_cs"));
  // 10 s of uptime when it was read, some frames ago, and a lease of 20 s.
  CHECK(until >= 3000);
  CHECK(until < 3100);
}

TEST_CASE("preflight refuses what is amiss, and says what") {
  struct Row {
    const char* evidence;
    const char* problem;
  };
  const Row row =
      GENERATE(Row{"machine_id=m\n", "db1 has no `sh`, which the plan needs there"},
               Row{"tool.sh=yes\n", "db1 does not tell its machine-id"},
               Row{"tool.sh=yes\nmachine_id=m\nlock.run=r9\nlock.who=unix:bo\nlock.drill=other\n",
                   "db1 is locked by run r9 of unix:bo (other)"},
               Row{"tool.sh=yes\nmachine_id=other\n", "db1 and db2 are the same machine"});
  ByHand m{one_fault()};
  m.begin();
  m.answer(Verb::facts, Said::yes, row.evidence);
  const Output out =
      m.answer(Verb::facts, Said::yes, "uptime_cs=1\ntool.sh=yes\nmachine_id=other\n");
  CHECK(out.over);
  CHECK(m.state().result == "NOT_RUN");
  CHECK(m.state().verdict.dump().find(row.problem) != std::string::npos);
}

}  // namespace
}  // namespace muster::engine::test
