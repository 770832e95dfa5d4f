#include "cli/notifier.hpp"

#include <boost/asio/post.hpp>

#include "adapters/clock/asio_clock.hpp"
#include "cli/entries.hpp"
#include "cli/record.hpp"
#include "cli/who.hpp"
#include "journal/logs.hpp"
#include "notify/of_run.hpp"

namespace muster::cli {
namespace {

constexpr Duration kLastMoment = std::chrono::seconds{10};

}  // namespace

Result<model::LoadedNotifications> notifications_of(const std::filesystem::path& workspace) {
  config::Diagnostics diagnostics;
  auto loaded = model::load_notifications(workspace, diagnostics);
  if (diagnostics.empty()) return loaded;
  const auto first = diagnostics.sorted().front();
  return Error{config::to_string(first.place) + ": " + first.what, "`muster check`"};
}

Courier::Courier(boost::asio::io_context& io, secrets::Vault& vault,
                 const model::LoadedNotifications& loaded)
    : keyring_{vault.open(model::secrets_of(loaded.notifications, loaded.secrets))},
      sender_{[&io](std::function<void()> fn) { boost::asio::post(io, std::move(fn)); },
              {[ring = keyring_](const std::string& name) { return ring->value(name); },
               [ring = keyring_](std::string text) {
                 return ring->redactor().redacted(std::move(text));
               }}} {}

Notifier::Notifier(Session& session, ports::Clock& clock, const model::LoadedNotifications& loaded)
    : session_{session}, clock_{clock}, courier_{session.io(), session.vault(), loaded} {}

Result<std::unique_ptr<Notifier>> Notifier::open(Session& session, ports::Clock& clock,
                                                 WorkspaceLog& log, Complain complain) {
  auto loaded = notifications_of(session.workspace());
  if (!loaded) return loaded.error();
  if (loaded->notifications.channels.empty()) return std::unique_ptr<Notifier>{};
  std::unique_ptr<Notifier> made{new Notifier{session, clock, *loaded}};
  for (const auto& problem : made->courier_.problems())
    complain("WARNING: of the notifications: " + to_string(problem));
  made->outbox_ = std::make_unique<notify::Outbox>(
      loaded->notifications,
      notify::Outbox::Around{clock, made->courier_.messenger(),
                             [&log](journal::Draft draft, journal::OnWritten answer) {
                               log.write(std::move(draft), std::move(answer));
                             },
                             std::move(complain),
                             [courier = &made->courier_](std::string text) {
                               return courier->redacted(std::move(text));
                             }});
  std::optional<Error> wrong;
  const auto read =
      each_entry(session, journal::kWorkspaceLog, [&](const journal::Recorded& stored) {
        const auto entry = journal::read_entry(stored);
        const auto taken = entry ? made->outbox_->load(*entry) : Result<>{entry.error()};
        if (!taken && !wrong) wrong = taken.error();
      });
  if (!read) return read.error();
  if (wrong) return *wrong;
  made->outbox_->start();
  return made;
}

void Notifier::drain(Duration at_most) {
  bool late = false;
  const auto timer = clock_.at(clock_.now() + at_most, [&] { late = true; });
  session_.run_until([&] { return late || outbox_->under_way() == 0; });
  clock_.cancel(timer);
}

void tell_afterwards(Session& session, std::vector<notify::Notice> notices,
                     const Notifier::Complain& complain) {
  if (notices.empty()) return;
  clock::AsioClock clock{session.io()};
  journal::Context context;
  context.boot_id = boot_id();
  context.actor = who_am_i();
  WorkspaceLog log{session, clock, context};
  if (const auto opened = log.open(); !opened)
    return complain("WARNING: nobody is told: " + to_string(opened.error()));
  RunNotices told{session, clock, log, complain, nullptr};
  for (auto& notice : notices) told.tell(std::move(notice));
  told.last_moment();
}

RunNotices::RunNotices(Session& session, ports::Clock& clock, WorkspaceLog& log,
                       const Notifier::Complain& complain, const Tell* elsewhere)
    : session_{session}, elsewhere_{elsewhere} {
  if (elsewhere_) return;
  auto opened = Notifier::open(session, clock, log, complain);
  if (opened)
    notifier_ = std::move(*opened);
  else
    complain("WARNING: nobody is told of this run: " + to_string(opened.error()));
}

void RunNotices::tell(const journal::Context& run, const plan::Plan& plan,
                      const journal::Draft& entry,
                      const std::function<std::string(std::string)>& without_secrets) {
  if (elsewhere_ ? !*elsewhere_ : !notifier_) return;
  const auto report = report_folder(session_.workspace(), run.drill, run.run) / "report.html";
  for (auto& notice :
       notify::notices_of({run.run, run.actor.principal, report.string()}, plan, entry)) {
    notice = notify::fit(std::move(notice), without_secrets);
    elsewhere_ ? (*elsewhere_)(std::move(notice)) : notifier_->outbox().tell(std::move(notice));
  }
}

void RunNotices::tell(notify::Notice notice) {
  if (notifier_) notifier_->outbox().tell(std::move(notice));
}

void RunNotices::last_moment() {
  if (notifier_) notifier_->drain(kLastMoment);
}

}  // namespace muster::cli
