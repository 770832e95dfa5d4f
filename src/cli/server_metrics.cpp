// What a server tells those who watch over it.
#include <fmt/format.h>

#include "cli/metrics_text.hpp"
#include "cli/server.hpp"

namespace muster::cli {

std::string Server::unready() const {
  if (broken_) return "the record cannot be written";
  if (!stopping_.empty()) return "the server is being ended";
  return recovering_ ? "runs that died are recovered first" : "";
}

/// Reading all runs takes its time: beside the loop, once for all who ask meanwhile.
void Server::metrics(std::function<void(Result<std::string>)> done) {
  counted_for_.push_back(std::move(done));
  if (counted_for_.size() > 1) return;
  std::string own = fmt::format(
      "# HELP muster_server_ready Whether the server keeps to its schedules.\n"
      "# TYPE muster_server_ready gauge\nmuster_server_ready {}\n"
      "# HELP muster_server_runs Runs that go on in the server.\n"
      "# TYPE muster_server_runs gauge\nmuster_server_runs {}\n"
      "# HELP muster_server_schedules Drills that have a schedule.\n"
      "# TYPE muster_server_schedules gauge\nmuster_server_schedules {}\n"
      "# HELP muster_server_waiting Drills that are due and wait.\n"
      "# TYPE muster_server_waiting gauge\nmuster_server_waiting {}\n",
      unready().empty() ? 1 : 0, room_->live().size(), decider_->jobs().size(), waiting_.size());
  if (newest_lateness_)
    own += fmt::format(
        "# HELP muster_server_start_lateness_seconds How late the newest start by schedule was.\n"
        "# TYPE muster_server_start_lateness_seconds gauge\n"
        "muster_server_start_lateness_seconds {}\n",
        std::chrono::duration<double>(*newest_lateness_).count());
  counter_ = std::jthread{[this, own] {
    auto text = std::make_shared<Result<std::string>>(Error{"the figures could not be read"});
    try {
      const auto session = Session::beside(*session_);
      *text = metrics_of(*session);
      if (*text) **text += own;
    } catch (const std::exception& e) {
      *text = Error{e.what()};
    }
    session_->post([this, text] {
      for (const auto& answer : std::exchange(counted_for_, {})) answer(*text);
    });
  }};
}

}  // namespace muster::cli
