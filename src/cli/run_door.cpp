#include "cli/run_door.hpp"

#include "adapters/http/server.hpp"
#include "api/api.hpp"
#include "api/waiting.hpp"
#include "cli/outer_door.hpp"
#include "cli/version.hpp"

namespace muster::cli {

namespace {

/// What a process that runs one drill offers: that one.
struct OneRun final : api::Host {
  OneRun(api::LiveRun run, WorkspaceLog& log) : run_{std::move(run)}, log_{log} {}
  std::vector<api::LiveRun> live() const override { return {run_}; }
  void note(journal::Draft draft, std::function<void(Result<>)> done) override {
    log_.write(std::move(draft),
               [done = std::move(done)](const journal::Written& written) { done(noted(written)); });
  }

 private:
  api::LiveRun run_;
  WorkspaceLog& log_;
};

}  // namespace

struct RunDoor::Parts {
  std::unique_ptr<OneRun> host;
  std::unique_ptr<api::Api> api;
  std::unique_ptr<http::Server> server;
  std::unique_ptr<OuterDoor> outer;
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

Result<std::unique_ptr<RunDoor>> RunDoor::open(OwnDoor own, api::LiveRun live,
                                               const Lodging* lodging) {
  auto parts = std::make_unique<Parts>();
  if (lodging) {
    parts->published = lodging->publish(std::move(live));
    return std::unique_ptr<RunDoor>{new RunDoor{std::move(parts)}};
  }
  parts->host = std::make_unique<OneRun>(std::move(live), own.log);
  parts->api = std::make_unique<api::Api>(own.session.store(), kVersion, *parts->host);
  const http::Handler handler = [api = parts->api.get()](api::Request request, api::Principal who,
                                                         auto done) {
    api->handle(request, who, std::move(done));
  };
  auto server = http::Server::start(own.session.io(),
                                    own.session.state_folder() / http::kSocketFile, handler);
  if (!server) return server.error();
  parts->server = std::move(*server);
  auto outer = OuterDoor::open(own.session, own.clock, own.log, handler, own.notice);
  if (!outer)
    own.notice("WARNING: the API is not served over TCP: " + to_string(outer.error()));
  else if (parts->outer = std::move(*outer); parts->outer)
    own.notice("The API is served at " + parts->outer->url());
  return std::unique_ptr<RunDoor>{new RunDoor{std::move(parts)}};
}

RunDoor::RunDoor(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}

RunDoor::~RunDoor() = default;

}  // namespace muster::cli
