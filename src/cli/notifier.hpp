// The outbox of this process, wired: what inventory/notifications.yaml says, its secrets, what
// earlier processes left queued, and the threads that send.
// Thread: the session's loop.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/delivery/sender.hpp"
#include "cli/session.hpp"
#include "cli/workspace_log.hpp"
#include "model/workspace.hpp"
#include "notify/outbox.hpp"
#include "plan/plan.hpp"
#include "ports/clock.hpp"

namespace muster::cli {

/// What inventory/ says, or its first error.
Result<model::LoadedNotifications> notifications_of(const std::filesystem::path& workspace);

/// The channels' secrets and the threads that send, without an outbox.
class Courier {
 public:
  /// Both must outlive it.
  Courier(boost::asio::io_context& io, secrets::Vault& vault,
          const model::LoadedNotifications& loaded);
  ports::Messenger& messenger() { return sender_; }
  std::string redacted(std::string text) const {
    return keyring_->redactor().redacted(std::move(text));
  }
  const std::vector<Error>& problems() const { return keyring_->problems(); }

 private:
  std::shared_ptr<const secrets::Keyring> keyring_;
  delivery::Sender sender_;
};

class Notifier {
 public:
  using Complain = std::function<void(const std::string&)>;
  /// Nothing when the workspace tells nobody anything. All must outlive it; `log` must be open.
  /// Goes on with what is queued at once. Channels whose secrets are missing are said to
  /// `complain`, and fail.
  static Result<std::unique_ptr<Notifier>> open(Session& session, ports::Clock& clock,
                                                WorkspaceLog& log, Complain complain);

  notify::Outbox& outbox() { return *outbox_; }
  /// Runs the loop until nothing is being sent, at most so long. What is left, the next process
  /// sends.
  void drain(Duration at_most);

 private:
  Notifier(Session& session, ports::Clock& clock, const model::LoadedNotifications& loaded);

  Session& session_;
  ports::Clock& clock_;
  Courier courier_;
  std::unique_ptr<notify::Outbox> outbox_;
};

/// Tells people, and waits a moment for it; for what was kept until nothing could be broken any
/// more: reading the channels' secrets alone may take long.
void tell_afterwards(Session& session, std::vector<notify::Notice> notices,
                     const Notifier::Complain& complain);

/// What one run tells people: by an outbox of its own, or by whom it is handed to.
class RunNotices {
 public:
  using Tell = std::function<void(notify::Notice)>;
  /// `elsewhere`: takes it, empty: nobody is told; nullptr: an outbox is opened. That nobody can be
  /// told is said to `complain`: it is no reason not to drill, and none not to mend. All must
  /// outlive it.
  RunNotices(Session& session, ports::Clock& clock, WorkspaceLog& log,
             const Notifier::Complain& complain, const Tell* elsewhere);
  void tell(const journal::Context& run, const plan::Plan& plan, const journal::Draft& entry,
            const std::function<std::string(std::string)>& without_secrets);
  void tell(notify::Notice notice);
  /// When the run is over and all is safe: it may cost a moment. What is not delivered by then, the
  /// next process sends.
  void last_moment();

 private:
  Session& session_;
  const Tell* elsewhere_;
  std::unique_ptr<Notifier> notifier_;
};

}  // namespace muster::cli
