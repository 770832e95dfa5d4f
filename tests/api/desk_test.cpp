// Signed requests on their way to the run: what was signed must be what is asked, made now, seen
// for the first time, and good.
#include "api/desk.hpp"

#include "api/signed.hpp"
#include "consent/statement.hpp"
#include "world.hpp"

namespace muster::api {
namespace {

using namespace std::chrono_literals;
using test::contains;

const WallTime kNow = parse_utc("2026-11-27T10:00:00Z").value();
const std::string kStore = "this-store";  // tests/api/world.hpp
const std::string kTarget = "/v1/runs/r1/steps/go/done";

struct FakeClock : ports::Clock {
  Instant now() const override { return {}; }
  WallTime wall() const override { return kNow; }
  Timer at(Instant, std::function<void()>) override { return 0; }
  void cancel(Timer) override {}
};

/// "signature of KEY" is good for that key. Answers when it is told to.
struct FakeSignatures : ports::Signatures {
  std::vector<ports::SignatureClaim> claims;
  std::vector<std::function<void()>> waiting;
  void verify(ports::SignatureClaim claim, std::function<void(Result<>)> answer) override {
    claims.push_back(claim);
    waiting.push_back([claim, answer] {
      answer(claim.signature == "signature of " + claim.key ? Result<>{}
                                                            : Result<>{Error{"forged"}});
    });
  }
  void answer_all() {
    for (const auto& one : std::exchange(waiting, {})) one();
  }
};

consent::Statement said(const std::string& who = "ana", WallTime at = kNow, char nonce = '0') {
  consent::Statement s;
  s.what = consent::Statement::What::request;
  s.person = who;
  s.at = at;
  s.nonce = std::string(32, nonce);
  s.store = kStore;
  s.target = "POST " + kTarget;
  s.body = Json{{"reason", "done"}};
  return s;
}

Request request(const consent::Statement& statement, const std::string& signature = "s") {
  return {
      "POST",
      kTarget,
      {{"reason", "done"},
       {"signature", {{"signed", consent::text_of(statement).value()}, {"signature", signature}}}}};
}

TEST_CASE("the signature is taken off what says the same") {
  const auto bare = unwrapped(request(said()), kStore);
  REQUIRE(bare);
  CHECK(bare->request.body == Json{{"reason", "done"}});
  CHECK(bare->proof.signature == "s");
  const auto none = unwrapped({"POST", kTarget, {{"reason", "done"}}}, kStore);
  REQUIRE(none);
  CHECK(none->proof.empty());
}

TEST_CASE("a signature of something else is none of this") {
  auto target = said(), body = said(), kind = said(), store = said(), nowhere = said();
  target.target = "POST /v1/runs/r1/steps/other/done";
  body.body = Json{{"reason", "not done"}};
  kind.what = consent::Statement::What::start;
  store.store = "another-store";
  nowhere.store = "";
  for (const auto& other : {target, body, kind, store, nowhere})
    CHECK_FALSE(unwrapped(request(other), kStore));
  CHECK(unwrapped(request(store), "another-store"));
  CHECK(contains(unwrapped(request(store), kStore).error().what, "another record"));
  for (const auto& field :
       {Json{1}, Json{{"signed", "x"}}, Json{{"signed", "x"}, {"signature", ""}},
        Json{{"signed", "x"}, {"signature", std::string(8'001, 'A')}},
        Json{{"signed", "x"}, {"signature", "\x1b[2J"}},
        Json{{"signed", "x"}, {"signature", "y"}, {"more", 1}}}) {
    CAPTURE(field.dump());
    CHECK_FALSE(unwrapped({"POST", kTarget, {{"signature", field}}}, kStore));
  }
}

TEST_CASE("an approval of a plan goes to the host, and says who carried it") {
  test::World world;
  const Json body{{"approval", {{"signed", "text"}, {"signature", "s"}}}};
  CHECK(world.ask("POST", approvals_target(), body).status == 201);
  REQUIRE(world.host.approvals.size() == 1);
  CHECK(world.host.approvals[0].text == "text");
  CHECK(world.host.approvals[0].carried_by == "unix:ana");
  world.refusal = "forged";
  CHECK(world.ask("POST", approvals_target(), body).status == 409);
  for (const auto& wrong : {Json::object(), Json{{"approval", "x"}},
                            Json{{"approval", body.at("approval")}, {"more", 1}}})
    CHECK(world.ask("POST", approvals_target(), wrong).status == 400);
}

TEST_CASE("a signed request of a step reaches the run with its proof") {
  test::World world;
  const auto target = step_target(test::kRun, "go", "approve");
  auto statement = consent::Statement{};
  statement.what = consent::Statement::What::request;
  statement.person = "ana";
  statement.nonce = std::string(32, '0');
  statement.store = kStore;
  statement.target = signed_target("POST", target);
  statement.body = Json{{"reason", "good"}};
  Json body{{"reason", "good"},
            {"signature", {{"signed", consent::text_of(statement).value()}, {"signature", "s"}}}};
  CHECK(world.ask("POST", target, body).status == 202);
  REQUIRE(world.asked.size() == 1);
  CHECK(world.asked[0].what == engine::Request::What::approve);
  CHECK(world.asked[0].reason == "good");
  CHECK(world.asked[0].proof.signature == "s");
  body["reason"] = "other";
  CHECK(world.ask("POST", target, body).status == 400);
  // Within its five minutes, at the record of the same people elsewhere.
  statement.store = "another-store";
  body = {{"reason", "good"},
          {"signature", {{"signed", consent::text_of(statement).value()}, {"signature", "s"}}}};
  CHECK(world.ask("POST", target, body).status == 400);
  CHECK(world.asked.size() == 1);
}

struct At {
  FakeClock clock;
  FakeSignatures signatures;
  plan::Plan plan;
  std::vector<engine::Request> taken;
  Desk desk{signatures, clock, plan, [this](engine::Request r) {
              taken.push_back(std::move(r));
              return std::string{};
            }};
  At() {
    plan.people = {{"ana", "Ana", "ana", true, "", {}, "KEY-A", false},
                   {"bo", "Bo", "bo", false, "", {}, "", false}};
    plan.approvers = {{"chen", "Chen", "", true, "", {"dba"}, "KEY-C", false}};
  }
  /// What is said of it; "?" while nothing is.
  std::string hand_in(const consent::Statement& statement, const std::string& signature) {
    engine::Request r;
    r.actor = {"unix:root", "peer", "os-user", ""};
    r.proof = {consent::text_of(statement).value(), signature, ""};
    std::string out = "?";
    desk.take(std::move(r), [&](const std::string& refused) { out = refused; });
    signatures.answer_all();
    return out;
  }
};

TEST_CASE("a good one is its signer's, and says who carried it") {
  At at;
  CHECK(at.hand_in(said(), "signature of KEY-A") == "");
  REQUIRE(at.taken.size() == 1);
  CHECK(at.taken[0].actor == journal::Actor{"person:ana", "signature", "signed-key", ""});
  CHECK(at.taken[0].proof.carried_by == "unix:root");
  CHECK(at.signatures.claims[0].name_space == "muster-v1");
  CHECK(at.signatures.claims[0].signer == "ana");
  CHECK(at.hand_in(said("chen", kNow, '1'), "signature of KEY-C") == "");
}

TEST_CASE("what is not signed goes straight through, as the kernel says") {
  At at;
  engine::Request r;
  r.actor = {"unix:root", "peer", "os-user", ""};
  std::string refused = "?";
  at.desk.take(r, [&](const std::string& why) { refused = why; });
  CHECK(refused.empty());
  CHECK(at.taken.at(0).actor.assurance == "os-user");
}

TEST_CASE("copies, old ones, forged ones and strangers' do not get through") {
  At at;
  CHECK(contains(at.hand_in(said("ana", kNow - 6min), "signature of KEY-A"), "sign it now"));
  CHECK(
      contains(at.hand_in(said("ana", kNow + 6min), "signature of KEY-A"), "look at both clocks"));
  CHECK(contains(at.hand_in(said("bo"), "signature of KEY-B"), "bo is not one of this drill's"));
  CHECK(contains(at.hand_in(said("eve"), "signature of KEY-E"), "eve is not one of this drill's"));
  CHECK(contains(at.hand_in(said("ana"), "signature of KEY-C"), "forged"));
  CHECK(at.taken.empty());
  CHECK(at.hand_in(said("ana"), "signature of KEY-A").empty());
  CHECK(contains(at.hand_in(said("ana"), "signature of KEY-A"), "a copy"));
  CHECK(at.taken.size() == 1);
}

TEST_CASE("two copies that are looked at side by side: one gets through") {
  At at;
  std::vector<std::string> answers;
  for (int i = 0; i < 2; ++i) {
    engine::Request r;
    r.proof = {consent::text_of(said()).value(), "signature of KEY-A", ""};
    at.desk.take(std::move(r), [&](const std::string& refused) { answers.push_back(refused); });
  }
  at.signatures.answer_all();
  REQUIRE(answers.size() == 2);
  CHECK(answers[0].empty());
  CHECK(contains(answers[1], "a copy"));
  CHECK(at.taken.size() == 1);
}

}  // namespace
}  // namespace muster::api
