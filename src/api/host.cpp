#include "api/host.hpp"

namespace muster::api {

void Host::ask(DrillRequest, Done done) {
  done(Error{"this process runs one drill, and starts no other",
             "wait for its end, or let `muster serve` run drills"});
}

void Host::note(journal::Draft, std::function<void(Result<>)> done) {
  done(Error{"the workspace's log is not written from here", "ask again when the drill is over"});
}

}  // namespace muster::api
