#include "tests/sim/cluster.hpp"

namespace muster::sim {

using namespace std::chrono_literals;

Cluster::Cluster(Timeline& time, Fleet& fleet) : time_{time}, fleet_{fleet} {
  for (const char* name : {"db1", "db2", "lb1", "controller"}) fleet_.add(name);
  fleet_.nature("disk.fill").survives_reboot = true;
  fleet_.nature("node.kill").takes = 500ms;
  fleet_.nature("pgbackrest").survives_reboot = true;
  using Argv = std::vector<std::string>;
  fleet_.commands["is-primary"] = [this](Host& host, const Argv&) {
    return CommandResult{writable.contains(host.name) ? 0 : 1, {}, 20ms};
  };
  fleet_.commands["true"] = [](Host&, const Argv&) { return CommandResult{}; };
  fleet_.commands["false"] = [](Host&, const Argv&) { return CommandResult{1, {}, 20ms}; };
  fleet_.commands["promote"] = [this](Host& host, const Argv&) {
    auto& rows = rows_[host.name] = rows_["db1"];
    std::erase_if(rows, [&](const auto& row) { return row.second > time_.now() - lag; });
    writable.insert(host.name);
    return CommandResult{0, "promoted", 300ms};
  };
  fleet_.commands["switch"] = [this](Host&, const Argv& argv) {
    front = argv.at(1);
    return CommandResult{0, "switched", 50ms};
  };
}

bool Cluster::serves() const {
  return fleet_.host(front).up && writable.contains(front) && !fleet_.hit(front);
}

bool Cluster::write(std::uint64_t n) {
  if (!serves()) return false;
  rows_[front][n] = time_.now();
  return true;
}

measure::Survivors Cluster::survivors() const {
  measure::Survivors out;
  const auto it = rows_.find(front);
  if (it != rows_.end())
    for (const auto& [n, when] : it->second) out[n] = {};
  return out;
}

bool Cluster::split() const {
  std::size_t up = 0;
  for (const auto& name : writable) up += fleet_.host(name).up ? 1 : 0;
  return up > 1;
}

measure::Sample Prober::sample(std::uint64_t n, Duration timeout, bool write) {
  measure::Sample s;
  s.n = n;
  s.due = s.sent = time_.now();
  const bool ok = write ? cluster_.write(n) : cluster_.serves();
  s.outcome = ok ? measure::Outcome::ok : measure::Outcome::failed;
  s.completed = s.sent + std::min<Duration>(timeout, 3ms);
  if (!ok) s.why = "refused";
  return s;
}

void Prober::start(ports::ServiceProbe probe, Sink sink) {
  auto r = std::make_shared<Rhythm>();
  r->probe = std::move(probe);
  r->sink = std::move(sink);
  r->next_batch = time_.now() + batch_every;
  rhythms_[r->probe.service] = r;
  beat(r);
}

void Prober::beat(const std::shared_ptr<Rhythm>& r) {
  if (life_->dead() || !r->on) return;
  if (life_->stopped()) {  // what it missed is a gap, not a burst
    time_.at(life_->goes_on_at(), [this, r] { beat(r); });
    return;
  }
  r->samples.push_back(sample(++r->n, r->probe.timeout, r->probe.ledger.has_value()));
  time_.after(r->probe.every, [this, r] { beat(r); });
  if (time_.now() < r->next_batch) return;
  r->next_batch = time_.now() + batch_every;
  // Completed a moment later: an answer is not known when its question is sent.
  time_.after(3ms, [life = life_, r, samples = std::exchange(r->samples, {})] {
    life->hand([r, samples] {
      if (r->on) r->sink(samples);
    });
  });
}

void Prober::stop(const std::string& service, std::function<void()> done) {
  // One that was never started (the record was lost before it) has stopped already.
  const auto r = rhythms_.try_emplace(service, std::make_shared<Rhythm>()).first->second;
  r->on = false;
  time_.after(5ms, [life = life_, r, done = std::move(done)] {
    life->hand([r, done] {
      if (r->sink) r->sink(std::exchange(r->samples, {}));
      done();
    });
  });
}

void Prober::ask(const catalogue::ProbeSpec&, Duration timeout,
                 std::function<void(ports::ProbeAnswer)> done) {
  ports::ProbeAnswer answer;
  answer.sample = sample(1, timeout, false);
  answer.asked = cluster_.askable;
  if (!cluster_.askable) answer.sample.outcome = measure::Outcome::failed;
  if (cluster_.silent) answer.sample.outcome = measure::Outcome::unknown;
  time_.after(cluster_.silent ? timeout : 3ms, [life = life_, answer, done = std::move(done)] {
    life->hand([answer, done] { done(answer); });
  });
}

void Prober::read_back(const ports::ServiceProbe&, Duration,
                       std::function<void(ports::ReadBack)> done) {
  ports::ReadBack back;
  back.read = cluster_.serves();
  if (back.read) back.survivors = cluster_.survivors();
  if (!back.read) back.why = "the service does not answer";
  time_.after(30ms, [life = life_, back, done = std::move(done)] {
    life->hand([back, done] { done(back); });
  });
}

}  // namespace muster::sim
