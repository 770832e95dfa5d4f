// All that a report is made from. Whoever fills it in (cli) reads the store; report/ itself has no
// effect, no clock and no file. A value.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "journal/entry.hpp"
#include "journal/run_state.hpp"
#include "journal/verify.hpp"
#include "measure/sample.hpp"
#include "plan/plan.hpp"

namespace muster::report {

/// Who a report is for: edition.hpp.
enum class Edition { full, participant, redacted };

struct Record {
  Edition edition = Edition::full;
  plan::Plan plan;                      // read back from the plan blob that run.opened cites
  journal::RunState state;              // the fold over `entries`
  std::vector<journal::Entry> entries;  // in the log's order
  std::map<std::string, std::vector<measure::Sample>>
      samples;                  // by service; decoded blobs, may be empty
  std::string samples_removed;  // when and under which rule; "": they were not
  journal::Verified verified;   // of the same log, with the witness if there is one
  std::string muster;           // version of the binary that writes the report
};

}  // namespace muster::report
