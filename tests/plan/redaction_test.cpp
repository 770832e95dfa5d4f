// A plan that forgets somebody is a plan still: everything but them is as it was.
#include "plan/redaction.hpp"

#include "plan/plan.hpp"
#include "tests/catch.hpp"

using namespace muster;

namespace {

plan::Plan plan_with_people() {
  plan::Plan p;
  p.drill = "ana";  // called like the person: other entries refer to it
  p.title = "Ana's drill, for ana";
  p.why = "ana-lytics is not ana";
  p.owner = "ana";
  p.roles = {{"dba", "ana", "bo"}};
  p.people = {{"ana", "Ana Silva", "asilva", true, "UTC", {"sre"}, "ssh-ed25519 AAAA", false},
              {"bo", "Bo", "bo", false, "UTC", {}, "", false}};
  plan::Host host;
  host.address.name = "ana";
  host.address.user = "asilva";
  p.hosts["ana"] = host;
  plan::Step step;
  step.id = "ana";
  step.name = "Call Ana Silva";
  step.action = plan::Tell{"unix:asilva, to the phone"};
  p.steps = {step};
  return p;
}

const plan::Instead kInstead{{"unix:asilva", "erased:2"},
                             {"Ana Silva", "erased:1"},
                             {"asilva", "erased:2"},
                             {"ana", "erased:1"}};

}  // namespace

TEST_CASE("a redacted plan tells nobody who it was, and refers to what it did") {
  const auto out = plan::redacted(plan::to_json(plan_with_people()), "ana", kInstead);
  REQUIRE(out);
  const auto p = *plan::plan_from_json(*out);
  CHECK(p.drill == "ana");
  CHECK(p.title == "Ana's drill, for erased:1");
  CHECK(p.why == "ana-lytics is not erased:1");
  CHECK(p.owner == "erased:1");
  CHECK(p.roles.front().holder == "erased:1");
  CHECK(p.roles.front().deputy == "bo");
  CHECK(p.people.front().id == "erased:1");
  CHECK(p.people.front().name == "erased:1");
  CHECK(p.people.front().unix_user.empty());
  CHECK(p.people.front().ssh_key.empty());
  CHECK(p.people.front().has_key);
  CHECK(p.people.back().name == "Bo");
  CHECK(p.hosts.at("ana").address.user == "erased:2");
  CHECK(p.steps.front().id == "ana");
  CHECK(p.steps.front().name == "Call erased:1");
  CHECK(std::get<plan::Tell>(p.steps.front().action).text == "erased:2, to the phone");
}

TEST_CASE("a plan that names somebody else stays as it is") {
  const auto json = plan::to_json(plan_with_people());
  CHECK(*plan::redacted(json, "zoe", {{"zoe", "erased:1"}}) == json);
}
