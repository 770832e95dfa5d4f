// An Api over the simulated store, and a live run that only writes down what it is asked.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "api/api.hpp"
#include "api/target.hpp"
#include "tests/catch.hpp"
#include "tests/journal/loop.hpp"
#include "tests/sim/store.hpp"

namespace muster::api::test {

inline const std::string kRun = "20261122-211505-3f9a0c";

/// Runs that only write down what they are asked, and a server that does.
struct FakeHost final : Host {
  std::vector<engine::Request> asked;
  std::vector<DrillRequest> told;
  std::vector<journal::SignedText> approvals;
  std::string refusal;
  Json people = {{"waiting", Json::array()}};
  Json scheduled = nullptr;
  std::vector<std::string> runs{kRun};
  std::vector<LostRun> ended_open;

  std::string store() const override { return "this-store"; }
  std::vector<LostRun> lost() const override { return ended_open; }
  std::vector<LiveRun> live() const override {
    std::vector<LiveRun> out;
    auto* self = const_cast<FakeHost*>(this);
    for (const auto& run : runs)
      out.push_back({run, "orders-primary-loss",
                     [self](engine::Request request, const LiveRun::Taken& taken) {
                       self->asked.push_back(std::move(request));
                       taken(self->refusal);
                     },
                     [self](const std::function<void(Json)>& done) { done(self->people); }});
    return out;
  }
  void ask(DrillRequest request, Done done) override {
    if (scheduled.is_null()) return Host::ask(std::move(request), std::move(done));
    told.push_back(std::move(request));
    if (!refusal.empty()) return done(Error{refusal});
    done(told.back().what == DrillRequest::What::start ? Json{{"run", kRun}} : Json::object());
  }
  void approve(journal::SignedText proof, Taken taken) override {
    approvals.push_back(std::move(proof));
    taken(refusal);
  }
  Json schedules() const override { return scheduled; }
  Result<Json> times(const TimesRequest& wanted) const override {
    if (scheduled.is_null()) return Host::times(wanted);
    if (wanted.drill == "nothing") return Error{"there is no drill 'nothing'"};
    const Json row{{"drill", wanted.drill},
                   {"at", wanted.at ? Json(format_utc(*wanted.at)) : Json(nullptr)},
                   {"count", wanted.count}};
    return wanted.drill.empty() ? Json::array({row}) : row;
  }
  void metrics(std::function<void(Result<std::string>)> done) override {
    if (scheduled.is_null()) return Host::metrics(std::move(done));
    done(std::string{"muster_server_ready 1\n"});
  }
  std::string unready() const override { return scheduled.is_null() ? Host::unready() : not_ready; }
  std::string not_ready;
  /// Into the simulated store's workspace log, at once.
  void note(journal::Draft draft, std::function<void(Result<>)> done) override {
    auto& log = disk->logs["workspace"];
    log.entries.push_back(journal::seal(draft,
                                        {"", "", "boot", 1, {"unix:root", "uid", "os-user", ""}},
                                        log.entries.size(), disk->tip("workspace").last)
                              .value());
    noted.push_back(std::move(draft));
    done({});
  }
  std::shared_ptr<sim::Disk> disk;
  std::vector<journal::Draft> noted;
};

struct World {
  muster::test::Loop loop;
  std::shared_ptr<sim::Disk> disk = std::make_shared<sim::Disk>();
  sim::Store inner{disk, [this](Duration d, std::function<void()> f) { loop.after(d, f); }};
  WatchedStore store{inner};
  FakeHost host;
  std::vector<engine::Request>& asked = host.asked;
  std::string& refusal = host.refusal;
  Json& people = host.people;
  Api api{store, "0.1.0", host};
  Principal ana{1000, "ana", "", 4711};

  World() { host.disk = disk; }

  Response ask(const std::string& method, const std::string& target, const Json& body = nullptr) {
    return ask_as(ana, method, target, body);
  }
  Response ask_as(const Principal& who, const std::string& method, const std::string& target,
                  const Json& body = nullptr) {
    return loop.answer<Response>([&](auto done) {
      api.handle({method, target, body}, who, std::move(done));
    });
  }
};

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline Json json(const Response& response) {
  const auto value = json_of(response);
  REQUIRE(value);
  return *value;
}

}  // namespace muster::api::test
