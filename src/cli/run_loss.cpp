#include "cli/run_loss.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "adapters/sqlite/store.hpp"
#include "base/text.hpp"
#include "journal/kinds.hpp"

namespace muster::cli {

Error nothing_begun(const Error& why) {
  return {"nothing was begun: " + why.what, why.hint};
}

Error with_room(const Session& session, const Error& why) {
  if (!why.hint.empty()) return why;
  return {why.what,
          fmt::format("is the disk full? Make room in {}", session.state_folder().string())};
}

journal::Draft stopped_before(const engine::Request& request, const std::string& not_begun) {
  const std::string why = request.reason.empty() ? "a person stopped it" : request.reason;
  journal::Draft d;
  d.action = journal::kinds::kRequest;
  d.actor = request.actor;
  d.data = Json{{"what", "abort"},
                {"reason", fmt::format("{}: {}", not_begun, bounded(printable(why), 500))}};
  return d;
}

bool has_begun(const journal::RunState& state) {
  return !state.effects.empty() ||
         std::any_of(state.steps.begin(), state.steps.end(), [](const auto& step) {
           return step.second.status != journal::StepStatus::waiting;
         });
}

Error record_lost(const Session& session, const std::string& why) {
  const auto& folder = session.state_folder();
  std::error_code ec;
  const bool is_gone = !std::filesystem::exists(folder / sqlite::kStoreFile, ec) && !ec;
  const std::string what = "the record of this run is incomplete: " + why;
  if (is_gone)
    return {what, fmt::format("its store in {} is gone, and `muster recover` knows nothing of it: "
                              "its leases end within 20 s by themselves; `muster sweep` shows what "
                              "is left on the hosts",
                              folder.string())};
  return {what,
          fmt::format("make room in {} or mend its disk, then `muster recover`", folder.string())};
}

}  // namespace muster::cli
