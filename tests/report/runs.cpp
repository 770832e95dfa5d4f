// The runs of story.hpp: one drill that loses a primary, in every way it can end, and a restore
// test.
#include "findings.hpp"
#include "journal/kinds.hpp"
#include "measure/verdict.hpp"
#include "plans.hpp"
#include "story.hpp"

namespace muster::test {

namespace kinds = journal::kinds;
using namespace std::chrono_literals;

namespace {

Story begun(plan::Plan plan) {
  Story s{std::move(plan)};
  s.at(380).host("pg-1", kinds::kRunPreflight, facts("3d1f0a7c"), "ok");
  s.at(410).host("dr-1", kinds::kRunPreflight, facts("9b22e410"), "ok");
  s.at(415).host("lb-1", kinds::kRunPreflight, facts("c01d55aa"), "ok");
  s.at(600).say(kinds::kRunTargets,
                Json{{"primary", {"pg-1"}}, {"recovery", {"dr-1"}}, {"front", {"lb-1"}}});
  s.at(900).say(kinds::kRunBegan);
  return s;
}

void kill_primary(Story& s) {
  s.at(120'950).step("loss", kinds::kStepStarted, Json{{"word", "inject"}, {"no_return", false}});
  s.effect("e1", "loss", "pg-1", kinds::kEffectIntent,
           Json{{"at", "controller"},
                {"script", "node.kill"},
                {"sha256", hex(sha256("# node.kill\n"))},
                {"values", {{"node", "pg-1"}, {"down_0", "lab-power"}, {"down_1", "down"}}},
                {"restore", false}});
  s.at(121'200).effect("e1", "loss", "pg-1", kinds::kEffectArmed,
                       Json{{"evidence", "sha256=ok\ndeadman=4711\nlease_until_cs=912100"}});
  s.effect("e1", "loss", "pg-1", kinds::kEffectInjecting);
}

/// From the person's answer to the switch of the front door, which is over at `back`.
void recover(Story& s, int back) {
  s.step("decide", kinds::kStepStarted, Json{{"word", "ask"}, {"no_return", false}});
  s.step(
      "decide", kinds::kStepAsked,
      Json{{"role", "dba"},
           {"person", "chen"},
           {"say", "The primary is gone. Name the last good moment, or leave it for the newest."},
           {"answers",
            Json::array({Json{{"name", "recover_to"}, {"type", "time"}, {"default", "latest"}}})}});
  s.at(131'400).person(
      "unix:chen", "decide", kinds::kRequest,
      Json{{"what", "answer"}, {"answers", {{"recover_to", "latest"}}}, {"person", "chen"}});
  s.person("unix:chen", "decide", kinds::kStepAnswered,
           Json{{"answers", {{"recover_to", "latest"}}}}, "ok");
  s.step("decide", kinds::kStepFinished, Json{{"mark", "decided"}}, "passed");
  s.step("copy", kinds::kStepStarted, Json{{"word", "restore"}, {"no_return", false}});
  s.effect("e2", "copy", "dr-1", kinds::kEffectIntent,
           Json{{"at", "dr-1"},
                {"script", "pgbackrest"},
                {"sha256", hex(sha256("# pgbackrest\n"))},
                {"values", {{"stanza", "orders"}}},
                {"restore", true}});
  s.at(131'900).effect("e2", "copy", "dr-1", kinds::kEffectArmed, Json{{"evidence", "sha256=ok"}});
  s.effect("e2", "copy", "dr-1", kinds::kEffectInjecting);
  const int begin = back - 17'000;
  s.at(begin).effect(
      "e2", "copy", "dr-1", kinds::kRestorePhase,
      Json{{"phase", "restore"}, {"detail", "backup 20261122-205501F"}, {"values", Json::object()}},
      "started");
  s.at(begin + 9'400)
      .effect("e2", "copy", "dr-1", kinds::kRestorePhase,
              Json{{"phase", "restore"},
                   {"detail", "backup 20261122-205501F"},
                   {"sent", Story::ns(begin)},
                   {"done", Story::ns(begin + 9'400)},
                   {"evidence", "bytes=41943040"}},
              "yes");
  s.effect("e2", "copy", "dr-1", kinds::kEffectActive,
           Json{{"sent", Story::ns(begin)},
                {"done", Story::ns(begin + 9'400)},
                {"evidence", "phase restore"}});
  s.at(back - 2'900)
      .step("copy", kinds::kStepFinished, Json{{"restore", restored(begin)}}, "passed");
  s.step("switch", kinds::kStepStarted, Json{{"word", "run"}, {"no_return", true}});
  s.effect("e1", "loss", "pg-1", kinds::kEffectHeld);
  s.effect("e2", "copy", "dr-1", kinds::kEffectHeld);
  s.at(back + 40).step("switch", kinds::kStepFinished,
                       Json{{"output", "haproxy reloaded: orders -> 10.99.0.21:5432"}}, "passed");
  s.step("served", kinds::kStepStarted, Json{{"word", "wait"}, {"no_return", false}});
  s.at(back + 5'100).step("served", kinds::kStepFinished, Json{{"why", "orders is up"}}, "passed");
  s.at(back + 5'400)
      .step("alone", kinds::kStepStarted, Json{{"word", "check"}, {"no_return", false}});
  s.at(back + 6'400)
      .step("alone", kinds::kStepFinished,
            Json{{"why", "tcp 10.99.0.11:5432 is down: no route to host"},
                 {"evidence", "connect: no route to host"}},
            "passed");
}

void proven_kill(Story& s) {
  kill_primary(s);
  s.at(122'900).effect("e1", "loss", "pg-1", kinds::kEffectActive,
                       Json{{"sent", Story::ns(121'250)},
                            {"done", Story::ns(122'850)},
                            {"evidence", "power=off\nstatus=off"}});
  s.step("loss", kinds::kStepFinished, Json::object(), "passed");
}

void close(Story& s, const measure::VerdictFacts& facts) {
  const auto v = measure::verdict(facts);
  s.say(kinds::kVerdict,
        Json{{"state", name(v.state)}, {"reasons", v.reasons}, {"exit_code", v.exit_code}},
        std::string{name(v.result)});
  s.say(kinds::kRunClosed);
}

measure::Judgement judged(measure::Met met, std::string reason) {
  measure::Judgement j;
  j.service = "orders";
  j.met = met;
  j.reason = std::move(reason);
  return j;
}

report::Record loss_and_recovery(int back, const char* met_word, measure::Met met,
                                 const char* reason, plan::Plan plan) {
  const std::string limit = std::to_string(plan.objectives[0].rto->count());
  Story s = begun(std::move(plan));
  s.probes("orders", 1'000, 121'640, 50, true)
      .probes("orders", 121'640, back, 50, false)
      .probes("orders", back, back + 6'400, 50, true);
  proven_kill(s);
  recover(s, back);
  s.at(back + 6'500).say(kinds::kMeasured, Json{{"service", finding(back)}});
  s.say(kinds::kMeasured, objectives(back, met_word, reason, limit.c_str()));
  measure::VerdictFacts f;
  f.objectives = {judged(met, reason)};
  f.checks = {{"Nobody answers on the old primary", measure::Held::yes,
               "tcp 10.99.0.11:5432 is down: no route to host"}};
  f.changed = {"node.kill on pg-1 is held: a no-return step came after it",
               "the restored copy on dr-1 stays in service",
               "\"Point the front door at the recovered database\" was done and is not undone"};
  close(s, f);
  return s.record();
}

}  // namespace

report::Record a_pass() {
  return loss_and_recovery(157'900, "yes", measure::Met::yes,
                           "recovery time 36.2 s to 36.3 s, within the 3 min 00 s allowed",
                           primary_loss());
}

report::Record a_fail() {
  auto plan = primary_loss();
  plan.objectives[0].rto = 1min;
  return loss_and_recovery(301'900, "no", measure::Met::no,
                           "recovery time 3 min 00 s to 3 min 00 s, above the 1 min 00 s allowed",
                           plan);
}

report::Record an_inconclusive() {
  auto plan = primary_loss();
  plan.objectives[0].rto = 36'200ms;
  return loss_and_recovery(157'900, "straddles", measure::Met::straddles,
                           "recovery time 36.2 s to 36.3 s, on both sides of the 36.2 s allowed; "
                           "probes every 20ms instead of every 50ms would probably settle it",
                           plan);
}

report::Record an_invalid() {
  Story s = begun(primary_loss());
  s.probes("orders", 1'000, 131'000, 50, true);
  kill_primary(s);
  s.at(126'200).effect(
      "e1", "loss", "pg-1", kinds::kEffectUnknown,
      Json{{"why", "it was not proven to have taken effect; no: pg-1's power is on"}});
  s.effect("e1", "loss", "pg-1", kinds::kEffectReverting, Json{{"why", "it was not proven"}});
  s.at(127'000).effect("e1", "loss", "pg-1", kinds::kEffectReverted,
                       Json{{"healed_by", "revert"}, {"evidence", "power=on\nhealed_by=revert"}});
  s.step("loss", kinds::kStepFinished,
         Json{{"why", "it was not proven to have taken effect; no: pg-1's power is on"}},
         "unknown");
  for (const auto* id : {"decide", "copy", "switch", "served", "alone"})
    s.step(id, kinds::kStepFinished, Json{{"why", "the drill was stopped before it"}}, "skipped");
  measure::VerdictFacts f;
  f.unproven_faults = {
      "node.kill on pg-1: it was not proven to have taken effect; no: pg-1's power is on"};
  f.objectives = {judged(measure::Met::unknown, "an outage was expected and none was seen")};
  close(s, f);
  return s.record();
}

report::Record a_dirty_fail() {
  Story s = begun(primary_loss());
  s.probes("orders", 1'000, 121'640, 50, true).probes("orders", 121'640, 260'000, 50, false);
  proven_kill(s);
  s.step("decide", kinds::kStepStarted, Json{{"word", "ask"}, {"no_return", false}});
  s.step("decide", kinds::kStepAsked,
         Json{{"role", "dba"},
              {"person", "chen"},
              {"say", "The primary is gone."},
              {"answers", Json::array()}});
  s.at(190'000).person("unix:bo", "", kinds::kRequest,
                       Json{{"what", "abort"}, {"reason", "a real incident began"}});
  s.step("decide", kinds::kStepFinished, Json{{"why", "stopped: a real incident began"}},
         "unknown");
  for (const auto* id : {"copy", "switch", "served", "alone"})
    s.step(id, kinds::kStepFinished, Json{{"why", "the drill was stopped before it"}}, "skipped");
  s.effect("e1", "loss", "pg-1", kinds::kEffectReverting, Json{{"why", "a real incident began"}});
  s.at(200'000).host("controller", kinds::kLeaseLost, Json{{"why", "unknown: no answer came"}});
  s.at(250'000).effect("e1", "loss", "pg-1", kinds::kEffectRevertFailed,
                       Json{{"why", "could_not: the power command ended with status 3"}});
  measure::VerdictFacts f;
  f.aborted = "a real incident began";
  f.dirty = {
      "node.kill on pg-1 is not proven undone (could_not: the power command ended with status 3): "
      "look at pg-1 by hand, then `muster recover`; nothing else may start there"};
  close(s, f);
  return s.record(false);
}

report::Record a_not_run() {
  Story s{primary_loss()};
  Json refused = facts("3d1f0a7c");
  refused["problems"] = {"dr-1 has no `pgbackrest`, which the plan needs there"};
  s.at(380).host("pg-1", kinds::kRunPreflight, facts("3d1f0a7c"), "ok");
  s.at(410).host("dr-1", kinds::kRunPreflight, refused, "refused");
  for (const auto* id : {"loss", "decide", "copy", "switch", "served", "alone"})
    s.step(id, kinds::kStepFinished, Json{{"why", "the drill was stopped before it"}}, "skipped");
  measure::VerdictFacts f;
  f.not_run = "preflight: dr-1 has no `pgbackrest`, which the plan needs there";
  close(s, f);
  return s.record();
}

report::Record an_unfinished() {
  Story s = begun(primary_loss());
  s.probes("orders", 1'000, 121'640, 50, true);
  proven_kill(s);
  return s.record(false);
}

report::Record a_restore_test() {
  const plan::Plan p = restore_test();
  Story s{p};
  s.at(380).host("dr-1", kinds::kRunPreflight, facts("9b22e410"), "ok");
  s.at(600).say(kinds::kRunTargets, Json{{"scratch", {"dr-1"}}});
  s.at(900).say(kinds::kRunBegan);
  s.step("copy", kinds::kStepStarted, Json{{"word", "restore"}, {"no_return", false}});
  s.effect("e2", "copy", "dr-1", kinds::kEffectIntent,
           Json{{"at", "dr-1"},
                {"script", "pgbackrest"},
                {"sha256", hex(sha256("# pgbackrest\n"))},
                {"values", {{"stanza", "orders"}}},
                {"restore", true}});
  s.at(1'200).effect("e2", "copy", "dr-1", kinds::kEffectArmed, Json{{"evidence", "sha256=ok"}});
  s.effect("e2", "copy", "dr-1", kinds::kEffectInjecting);
  s.at(1'400).effect("e2", "copy", "dr-1", kinds::kEffectActive,
                     Json{{"sent", Story::ns(1'210)},
                          {"done", Story::ns(1'390)},
                          {"evidence", "phase fingerprint"}});
  Json outcome = restored(2'000);
  outcome["backups"][0]["cutoff"] = format_utc(Story::wall_at(130'000));
  outcome["backups"][0]["control"] = "refused_the_damaged";
  Json oldest = outcome["backups"][0];
  oldest["label"] = "20261121-030002F";
  oldest["asked_for"] = "oldest";
  oldest["control"] = "not_asked";
  for (const char* key :
       {"started_ns", "tool_exited_ns", "accepts_ns", "target_reached_ns", "validated_ns"})
    oldest[key] = std::to_string(std::stoll(oldest[key].get<std::string>()) + 20'000'000'000);
  outcome["backups"].push_back(oldest);
  s.at(42'000).step("copy", kinds::kStepFinished, Json{{"restore", outcome}}, "passed");
  s.step("remove", kinds::kStepStarted, Json{{"word", "teardown"}, {"no_return", false}});
  s.effect("e2", "copy", "dr-1", kinds::kEffectReverting, Json{{"why", "a step asked for it"}});
  s.at(44'500).effect("e2", "copy", "dr-1", kinds::kEffectReverted,
                      Json{{"healed_by", "revert"}, {"evidence", "data=gone\nserver=stopped"}});
  s.step("remove", kinds::kStepFinished, Json::object(), "passed");
  s.say(kinds::kMeasured,
        Json{{"objectives",
              {Json{{"objective", "restore"},
                    {"met", "yes"},
                    {"reason", "restore time 13.9 s, within the 2 min 00 s allowed"},
                    {"actual", length(13'900, 13'900)},
                    {"limit", "120000000000"}},
               Json{{"objective", "data_age"},
                    {"met", "yes"},
                    {"reason", "data age 8.53 s, within the 15 min 00 s allowed"},
                    {"actual", length(8'530, 8'530)},
                    {"limit", "900000000000"}}}},
             {"estimate",
              "An RTO of 15 min 00 s would probably be kept: restore 13.9 s (measured), detect 2 "
              "min 00 s, decide 5 min 00 s, reroute 1 min 00 s (declared) are 8 min 14 s."}});
  measure::VerdictFacts f;
  f.objectives = {judged(measure::Met::yes, "restore time 13.9 s, within the 2 min 00 s allowed")};
  close(s, f);
  return s.record();
}

std::vector<std::pair<std::string, report::Record>> all_runs() {
  return {{"pass", a_pass()},
          {"fail", a_fail()},
          {"inconclusive", an_inconclusive()},
          {"invalid", an_invalid()},
          {"dirty", a_dirty_fail()},
          {"not-run", a_not_run()},
          {"restore-test", a_restore_test()},
          {"unfinished", an_unfinished()}};
}

}  // namespace muster::test
