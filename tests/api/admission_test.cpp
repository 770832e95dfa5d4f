// Who is let in, how often, and what of it is recorded.
#include "api/admission.hpp"

#include "tests/catch.hpp"

namespace muster::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct StandingClock final : ports::Clock {
  Instant at_ = instant(1'000'000'000'000);
  Instant now() const override { return at_; }
  WallTime wall() const override { return wall_time(ns(at_)); }
  Timer at(Instant, std::function<void()>) override { return 0; }
  void cancel(Timer) override {}
};

struct Doorway {
  StandingClock clock;
  Tokens tokens;
  std::string text = new_token_text();
  std::vector<journal::Draft> noted;
  Admission admission;
  Caller outside{std::nullopt, "192.0.2.7"};

  explicit Doorway(unsigned requests_per_second = 20)
      : admission{tokens, clock, {requests_per_second}, [this](journal::Draft draft) {
                    noted.push_back(std::move(draft));
                  }} {
    Token token;
    token.name = "ci";
    token.digest = sha256(text);
    token.scopes = Scopes::parse("read").value();
    journal::Entry entry;
    entry.action = "token.made";
    entry.data = made_data(token);
    REQUIRE(tokens.apply(entry));
  }

  Admitted knock(const std::string& authorization, const std::string& target = "/v1/status",
                 bool is_several = false) {
    return admission.admit({outside, target, authorization, is_several});
  }
  int status(const std::string& authorization) {
    const auto admitted = knock(authorization);
    return admitted.who ? 200 : admitted.refusal.status;
  }
};

TEST_CASE("who shows a good token is let in, and nobody else") {
  Doorway world;
  const auto admitted = world.knock("Bearer " + world.text);
  REQUIRE(admitted.who);
  CHECK(admitted.who->token == "ci");
  CHECK(admitted.who->scopes.names() == std::vector<std::string>{"read"});
  for (const std::string& wrong :
       {std::string{}, "Basic " + world.text, "bearer " + world.text, world.text,
        "Bearer  " + world.text, "Bearer " + world.text + " ", "Bearer " + new_token_text(),
        "Bearer " + world.text.substr(0, 67)}) {
    INFO(wrong);
    CHECK(world.status(wrong) == 401);
  }
  CHECK(world.knock("Bearer " + world.text, "/v1/status", true).refusal.status == 401);
}

TEST_CASE("who comes over the Unix socket is who the kernel says") {
  Doorway world;
  const Caller inside{Principal{1000, "ana", "", 1}, ""};
  const auto admitted = world.admission.admit({inside, "/v1/status", "", false});
  REQUIRE(admitted.who);
  CHECK(admitted.who->name == "ana");
  CHECK(admitted.who->scopes == Scopes::all());
}

TEST_CASE("a token in a URL is refused, whoever's it is, and not told again") {
  Doorway world;
  for (const auto& target : std::vector<std::string>{
           "/v1/status?token=x", "/v1/status?a=1&access_token=x",
           "/v1/status?api_key=", "/v1/" + world.text, "/v1/status?x=" + world.text}) {
    INFO(target);
    const auto admitted = world.knock("Bearer " + world.text, target);
    CHECK_FALSE(admitted.who);
    CHECK(admitted.refusal.status == 400);
    CHECK(admitted.refusal.body.find(world.text) == std::string::npos);
  }
}

TEST_CASE("a token that asks too often is told when to come again") {
  Doorway world{2};
  const auto good = "Bearer " + world.text;
  for (int i = 0; i < 4; ++i) CHECK(world.status(good) == 200);
  const auto refused = world.knock(good);
  CHECK(refused.refusal.status == 429);
  CHECK(refused.refusal.retry_after_s == 1);
  world.clock.at_ += milliseconds{500};
  CHECK(world.status(good) == 200);
  CHECK(world.status(good) == 429);
  world.clock.at_ += minutes{1};
  for (int i = 0; i < 4; ++i) CHECK(world.status(good) == 200);
  CHECK(world.status(good) == 429);
}

TEST_CASE("an address that fails too often is told so, and its good tokens still count") {
  Doorway world;
  for (int i = 0; i < 10; ++i) CHECK(world.status("") == 401);
  CHECK(world.status("") == 429);
  CHECK(world.status("Bearer " + new_token_text()) == 429);
  CHECK(world.status("Bearer " + world.text) == 200);
  world.outside.address = "192.0.2.8";
  CHECK(world.status("") == 401);
  world.outside.address = "192.0.2.7";
  world.clock.at_ += seconds{10};
  CHECK(world.status("") == 401);
  CHECK(world.status("") == 429);
}

TEST_CASE("who was not let in is recorded, and seldom") {
  Doorway world;
  for (int i = 0; i < 1'000; ++i) world.knock("Bearer " + world.text + "x");
  REQUIRE(world.noted.size() == 1);
  CHECK(world.noted[0].action == "access.refused");
  CHECK(world.noted[0].data.at("address") == "192.0.2.7");
  CHECK(world.noted[0].data.at("count") == 1);
  CHECK(world.noted[0].data.dump().find(world.text) == std::string::npos);
  world.clock.at_ += minutes{10};
  world.knock("");
  REQUIRE(world.noted.size() == 2);
  CHECK(world.noted[1].data.at("count") == 1'000);
  for (int i = 0; i < 10'000; ++i) {
    world.outside.address = std::to_string(i);
    world.knock("");
  }
  CHECK(world.noted.size() <= 22);  // a storm of addresses fills no log
}

TEST_CASE("buckets forget who asks no more, and never more than they can hold") {
  Buckets buckets{seconds{1}, 1};
  auto now = instant(1'000'000'000);
  for (std::size_t i = 0; i < Buckets::kNamesMax + 100; ++i)
    CHECK_FALSE(buckets.take(std::to_string(i), now));
  CHECK(buckets.take(std::to_string(Buckets::kNamesMax + 99), now) == seconds{1});
}

}  // namespace
}  // namespace muster::api
