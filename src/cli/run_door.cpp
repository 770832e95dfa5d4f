#include "cli/run_door.hpp"

#include "adapters/http/server.hpp"
#include "adapters/signatures/verifier.hpp"
#include "api/api.hpp"
#include "api/desk.hpp"
#include "api/waiting.hpp"
#include "cli/approval_desk.hpp"
#include "cli/outer_door.hpp"
#include "cli/version.hpp"

namespace muster::cli {

namespace {

/// What a process that runs one drill offers: that one.
struct OneRun final : api::Host {
  OneRun(api::LiveRun run, std::string store, ApprovalDesk& approvals, WorkspaceLog& log)
      : run_{std::move(run)}, store_{std::move(store)}, approvals_{approvals}, log_{log} {}
  std::vector<api::LiveRun> live() const override { return {run_}; }
  std::string store() const override { return store_; }
  void note(journal::Draft draft, std::function<void(Result<>)> done) override {
    log_.write(std::move(draft),
               [done = std::move(done)](const journal::Written& written) { done(noted(written)); });
  }
  void approve(journal::SignedText proof, Taken taken) override {
    approvals_.take(std::move(proof), std::move(taken));
  }

 private:
  api::LiveRun run_;
  std::string store_;
  ApprovalDesk& approvals_;
  WorkspaceLog& log_;
};

}  // namespace

struct RunDoor::Parts {
  std::unique_ptr<api::Desk> desk;
  std::unique_ptr<ApprovalDesk> approvals;
  std::unique_ptr<signatures::Verifier> verifier;  // its end first: then nothing comes back
  std::unique_ptr<OneRun> host;
  std::unique_ptr<api::Api> api;
  std::unique_ptr<http::Server> server;
  std::unique_ptr<OuterDoor> outer;
  std::shared_ptr<void> published;
};

Result<std::unique_ptr<RunDoor>> RunDoor::open(const std::string& run, const Around& around,
                                               const Lodging* lodging) {
  auto parts = std::make_unique<Parts>();
  parts->verifier = std::make_unique<signatures::Verifier>(around.session.way_back());
  parts->desk = std::make_unique<api::Desk>(
      *parts->verifier, around.clock, around.machine.plan(),
      [driver = &around.driver, answered = around.answered](const engine::Request& r) {
        return answered(r, driver->request(r));
      });
  api::LiveRun live{run, around.machine.plan().drill,
                    [desk = parts->desk.get()](engine::Request r, api::LiveRun::Taken taken) {
                      desk->take(std::move(r), std::move(taken));
                    },
                    [machine = &around.machine](const std::function<void(Json)>& done) {
                      done(api::people_of(machine->plan(), machine->state()));
                    }};
  if (lodging) {
    parts->published = lodging->publish(std::move(live));
    return std::unique_ptr<RunDoor>{new RunDoor{std::move(parts)}};
  }
  parts->approvals =
      std::make_unique<ApprovalDesk>(around.session, around.log, around.clock, *parts->verifier);
  parts->host = std::make_unique<OneRun>(std::move(live), around.session.store_id(),
                                         *parts->approvals, around.log);
  parts->api = std::make_unique<api::Api>(around.session.store(), kVersion, *parts->host);
  const http::Handler handler = [api = parts->api.get()](api::Request request, api::Principal who,
                                                         auto done) {
    api->handle(request, who, std::move(done));
  };
  auto server = http::Server::start(around.session.io(),
                                    around.session.state_folder() / http::kSocketFile, handler);
  if (!server) return server.error();
  parts->server = std::move(*server);
  auto outer = OuterDoor::open(around.session, around.clock, around.log, handler, around.notice);
  if (!outer)
    around.notice("WARNING: the API is not served over TCP: " + to_string(outer.error()));
  else if (parts->outer = std::move(*outer); parts->outer)
    around.notice("The API is served at " + parts->outer->url());
  return std::unique_ptr<RunDoor>{new RunDoor{std::move(parts)}};
}

RunDoor::RunDoor(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}

RunDoor::~RunDoor() = default;

}  // namespace muster::cli
