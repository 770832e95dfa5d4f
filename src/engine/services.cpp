#include "engine/services.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "journal/kinds.hpp"

namespace muster::engine {

namespace kinds = journal::kinds;

measure::Probing probing_of(const plan::Service& service) {
  return {service.up, service.every, service.timeout};
}

Result<> Services::start_all() {
  for (const auto& service : core_.plan().services) {
    const auto bound = plan::resolve(service.probe, core_.bindings());
    if (!bound) return bound.error();
    ports::ServiceProbe probe;
    probe.service = service.name;
    probe.probe = *bound;
    probe.ledger = service.ledger;
    probe.ledger_key = service.ledger ? core_.settings().new_id() : "";
    probe.run = core_.settings().context.run;
    probe.every = service.every;
    probe.timeout = service.timeout;
    const auto probing = probing_of(service);
    live_.emplace(service.name,
                  Live{probe, measure::InOrder{probing}, measure::ServiceTracker{probing}});
    seen_[service.name];
    core_.start(std::move(probe));
  }
  return {};
}

void Services::seal(const std::string& name, std::string bytes, std::uint64_t count) {
  journal::Draft d = Core::draft(kinds::kSamplesSealed);
  d.data = Json{{"service", name}, {"blob", hex(sha256(bytes))}, {"count", count}};
  core_.blob(std::move(bytes));
  core_.record(std::move(d));
}

void Services::sampled(const std::string& service, std::vector<measure::Sample> samples) {
  const auto it = live_.find(service);
  if (it == live_.end()) return;
  if (!samples.empty()) {
    for (const auto& s : samples) it->second.order.put(s);
    while (auto s = it->second.order.next()) it->second.tracker.feed(*s);
    auto& all = seen_[service].samples;
    all.insert(all.end(), samples.begin(), samples.end());
    if (!core_.record_lost()) {
      const auto count = samples.size();
      seal(service, measure::encode_samples(std::move(samples)), count);
    }
  }
  const auto listeners = listeners_;
  for (const auto& [id, fn] : listeners)
    if (listeners_.contains(id)) fn();
}

measure::UpState Services::state(const std::string& service) const {
  const auto it = live_.find(service);
  return it == live_.end() ? measure::UpState::unknown : it->second.tracker.state(core_.now());
}

bool Services::all_up() const {
  return std::all_of(live_.begin(), live_.end(), [&](const auto& s) {
    return s.second.tracker.state(core_.now()) == measure::UpState::up;
  });
}

bool Services::recovering(const std::string& service) const {
  return state(service) != measure::UpState::up;
}

std::uint64_t Services::listen(std::function<void()> fn) {
  listeners_[next_listener_] = std::move(fn);
  return next_listener_++;
}

void Services::read_ledgers(Duration timeout, std::function<void()> done) {
  auto left = std::make_shared<std::size_t>(1);
  auto one = std::make_shared<std::function<void()>>([left, done = std::move(done)] {
    if (--*left == 0) done();
  });
  for (const auto& [name, live] : live_)
    if (live.probe.ledger) {
      ++*left;
      core_.read_ledger(
          live.probe, timeout, [this, service = name, one](const ports::ReadBack& read) {
            std::string text = "# muster read back 1: n times mac\n";
            for (const auto& [n, s] : read.survivors)
              text += fmt::format("{} {} {}\n", n, s.count, s.mac_ok ? "ok" : "wrong");
            if (read.read) seal(service + "/read_back", std::move(text), read.survivors.size());
            seen_[service].read_back = read;
            (*one)();
          });
    }
  (*one)();
}

void Services::stop_all(std::function<void()> done) {
  auto left = std::make_shared<std::size_t>(live_.size() + 1);
  auto one = std::make_shared<std::function<void()>>([left, done = std::move(done)] {
    if (--*left == 0) done();
  });
  for (const auto& [name, live] : live_) core_.stop_service(name, [one] { (*one)(); });
  (*one)();
}

}  // namespace muster::engine
