#include "story.hpp"

#include "journal/kinds.hpp"
#include "journal/verify.hpp"
#include "tests/catch.hpp"

namespace muster::test {

namespace {
constexpr std::int64_t kStart = 9'100'000'000'000'000;  // 105 days up: above 2^53 ns
constexpr std::int64_t kWall = 1'795'382'105'482'787'000;
}  // namespace

std::string Story::ns(int ms) {
  return std::to_string(kStart + 1'000'000LL * ms);
}
Instant Story::instant_at(int ms) {
  return instant(kStart + 1'000'000LL * ms);
}
WallTime Story::wall_at(int ms) {
  return wall_time(kWall + 1'000'000LL * ms);
}

Story::Story(plan::Plan plan) : plan_{std::move(plan)} {
  say(journal::kinds::kRunOpened, Json{{"plan", hex(plan::content_hash(plan_))},
                                       {"title", plan_.title},
                                       {"why", plan_.why},
                                       {"change", plan_.change},
                                       {"owner", plan_.owner},
                                       {"muster", "0.1.0"},
                                       {"store", "5f1c0e"},
                                       {"workspace", "orders-drills"}});
}

Story& Story::add(journal::Draft d) {
  d.ts = wall_at(ms_);
  d.at = instant_at(ms_);
  journal::Context c;
  c.drill = plan_.drill;
  c.run = "20261122-211505-3f9a0c";
  c.boot_id = "b0071d";
  c.epoch = 1;
  c.actor = {"unix:ana", "uid", "os", ""};
  const auto sealed = journal::seal(d, c, bytes_.size(), last_);
  REQUIRE(sealed);
  last_ = journal::leaf_hash(*sealed);
  bytes_.push_back(*sealed);
  return *this;
}

Story& Story::say(std::string_view action, Json data, std::string outcome) {
  journal::Draft d;
  d.action = action;
  d.data = std::move(data);
  d.outcome = std::move(outcome);
  return add(std::move(d));
}

Story& Story::host(std::string name, std::string_view action, Json data, std::string outcome) {
  journal::Draft d;
  d.action = action;
  d.target.host = std::move(name);
  d.data = std::move(data);
  d.outcome = std::move(outcome);
  return add(std::move(d));
}

Story& Story::step(std::string id, std::string_view action, Json data, std::string outcome) {
  journal::Draft d;
  d.action = action;
  d.step = std::move(id);
  d.data = std::move(data);
  d.outcome = std::move(outcome);
  if (action == journal::kinds::kStepAsked) d.deadline = wall_at(ms_ + 300'000);
  return add(std::move(d));
}

Story& Story::effect(std::string id, std::string step, std::string host, std::string_view action,
                     Json data, std::string outcome) {
  journal::Draft d;
  d.action = action;
  d.intent_ref = std::move(id);
  d.step = std::move(step);
  d.target.host = std::move(host);
  d.data = std::move(data);
  d.outcome = std::move(outcome);
  return add(std::move(d));
}

Story& Story::person(std::string principal, std::string step, std::string_view action, Json data,
                     std::string outcome) {
  journal::Draft d;
  d.action = action;
  d.step = std::move(step);
  d.actor = {std::move(principal), "peer", "os", ""};
  d.data = std::move(data);
  d.outcome = std::move(outcome);
  return add(std::move(d));
}

Story& Story::probes(const std::string& service, int from, int to, int every, bool answered) {
  auto& all = samples_[service];
  for (int ms = from; ms < to; ms += every) {
    measure::Sample s;
    s.n = all.size() + 1;
    s.due = s.sent = instant_at(ms);
    s.completed = instant_at(ms + (answered ? 3 : 1));
    s.outcome = answered ? measure::Outcome::ok : measure::Outcome::failed;
    if (!answered) s.why = "connection refused";
    all.push_back(std::move(s));
  }
  return *this;
}

report::Record Story::record(bool witnessed) const {
  report::Record r;
  r.plan = plan_;
  r.muster = "0.1.0";
  r.samples = samples_;
  for (const auto& bytes : bytes_) {
    auto entry = journal::read_entry(bytes);
    REQUIRE(entry);
    REQUIRE(journal::apply(r.state, *entry));
    r.entries.push_back(std::move(*entry));
  }
  r.verified = journal::verify(bytes_, r.state.run);
  if (witnessed)
    r.verified =
        journal::verify(bytes_, r.state.run, journal::Witness{r.verified.size, r.verified.root});
  return r;
}

}  // namespace muster::test
