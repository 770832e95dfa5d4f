#include "api/host.hpp"

namespace muster::api {

void Host::ask(DrillRequest, Done done) {
  done(Error{"this process runs one drill, and starts no other",
             "wait for its end, or let `muster serve` run drills"});
}

void Host::approve(journal::SignedText, Taken taken) {
  taken("approvals are not taken here: wait for the end of this process");
}

}  // namespace muster::api
