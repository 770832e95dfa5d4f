#include "api/host.hpp"

namespace muster::api {

void Host::ask(DrillRequest, Done done) {
  done(Error{"this process runs one drill, and starts no other",
             "wait for its end, or let `muster serve` run drills"});
}

void Host::note(journal::Draft, std::function<void(Result<>)> done) {
  done(Error{"the workspace's log is not written from here", "ask again when the drill is over"});
}

void Host::approve(journal::SignedText, Taken taken) {
  taken("approvals are not taken here: wait for the end of this process");
}

void Host::metrics(std::function<void(Result<std::string>)> done) {
  done(Error{"this process runs one drill, and has no figures", "`muster metrics` has them"});
}

}  // namespace muster::api
