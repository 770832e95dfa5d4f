#include "cli/run_door.hpp"

#include "adapters/http/server.hpp"
#include "api/api.hpp"
#include "api/waiting.hpp"
#include "cli/version.hpp"

namespace muster::cli {

namespace {

/// What a process that runs one drill offers: that one.
struct OneRun final : api::Host {
  explicit OneRun(api::LiveRun run) : run_{std::move(run)} {}
  std::vector<api::LiveRun> live() const override { return {run_}; }

 private:
  api::LiveRun run_;
};

}  // namespace

struct RunDoor::Parts {
  std::unique_ptr<OneRun> host;
  std::unique_ptr<api::Api> api;
  std::unique_ptr<http::Server> server;
  std::shared_ptr<void> published;
};

api::LiveRun live_run(const std::string& run, const engine::Machine& machine,
                      engine::Driver& driver) {
  return {run, machine.plan().drill,
          [&driver](engine::Request r, const api::LiveRun::Taken& taken) {
            taken(driver.request(std::move(r)));
          },
          [&machine](const std::function<void(Json)>& done) {
            done(api::people_of(machine.plan(), machine.state()));
          }};
}

Result<std::unique_ptr<RunDoor>> RunDoor::open(Session& session, api::LiveRun live,
                                               const Lodging* lodging) {
  auto parts = std::make_unique<Parts>();
  if (lodging) {
    parts->published = lodging->publish(std::move(live));
    return std::unique_ptr<RunDoor>{new RunDoor{std::move(parts)}};
  }
  parts->host = std::make_unique<OneRun>(std::move(live));
  parts->api = std::make_unique<api::Api>(session.store(), kVersion, *parts->host);
  auto server = http::Server::start(
      session.io(), session.state_folder() / http::kSocketFile,
      [api = parts->api.get()](api::Request request, api::Principal who, auto done) {
        api->handle(request, who, std::move(done));
      });
  if (!server) return server.error();
  parts->server = std::move(*server);
  return std::unique_ptr<RunDoor>{new RunDoor{std::move(parts)}};
}

RunDoor::RunDoor(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}

RunDoor::~RunDoor() = default;

}  // namespace muster::cli
