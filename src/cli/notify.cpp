// `muster notify`: tries a channel, shows what was not delivered, and sends it again.
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>

#include "adapters/clock/asio_clock.hpp"
#include "base/id.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/entries.hpp"
#include "cli/exit.hpp"
#include "cli/notifier.hpp"
#include "cli/terminal.hpp"
#include "cli/who.hpp"
#include "journal/logs.hpp"
#include "notify/message.hpp"

namespace muster::cli {

namespace {

constexpr Duration kDrain = std::chrono::minutes{2};

struct NotifyWords {
  std::string channel, id;
  bool all = false, json = false;
};

notify::Notice test_notice(WallTime now) {
  notify::Notice n;
  n.id = "test/" + random_id();
  n.event = notify::NoticeOf::start;
  n.drill = "no-drill";
  n.title = "A test of this channel";
  n.by = who_am_i().principal;
  n.headline = "a test: there is no drill, and nothing is to be done";
  n.facts = {{"test", "sent by `muster notify test`"}};
  n.at = now;
  return n;
}

std::vector<std::string> names_of(const model::Notifications& all) {
  std::vector<std::string> names;
  for (const auto& channel : all.channels) names.push_back(*channel.name);
  return names;
}

int test(const Where& where, const NotifyWords& words) {
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  const auto loaded = notifications_of(*workspace);
  if (!loaded) return complain(loaded.error(), kUsage);
  const auto* channel = loaded->notifications.channel(words.channel);
  if (!channel) {
    const auto names = names_of(loaded->notifications);
    return complain({fmt::format("there is no channel '{}'", words.channel),
                     names.empty() ? "inventory/notifications.yaml names them: there are none yet"
                                   : "there is: " + joined(names, ", ")},
                    kUsage);
  }
  // Without the store: a channel can be tried while a drill runs, and nothing of it is recorded.
  boost::asio::io_context io{1};
  clock::AsioClock clock{io};
  secrets::Vault vault;
  Courier courier{io, vault, *loaded};
  for (const auto& problem : courier.problems()) complain(problem, kFail);
  std::optional<ports::Told> told;
  const auto guard = boost::asio::make_work_guard(io);
  courier.messenger().send(notify::message_of(*channel, notify::fit(test_notice(clock.wall()), {})),
                           [&](const ports::Told& answer) { told = answer; });
  while (!told) io.run_one();
  if (!told->good)
    return complain({fmt::format("{} did not take it: {}", words.channel, told->said)}, kFail);
  say(fmt::format("{} took it: {}", words.channel, told->said));
  return kOk;
}

Result<notify::Queue> queue_of(Session& session) {
  notify::Queue queue;
  std::optional<Error> wrong;
  const auto read =
      each_entry(session, journal::kWorkspaceLog, [&](const journal::Recorded& stored) {
        const auto entry = journal::read_entry(stored);
        const auto taken = entry ? queue.apply(*entry) : Result<>{entry.error()};
        if (!taken && !wrong) wrong = taken.error();
      });
  if (!read) return read.error();
  if (wrong) return *wrong;
  return queue;
}

Json as_json(const notify::Queue::Item& item, const std::string& channel,
             const notify::Queue::Told& told) {
  Json j{{"notice", notify::to_json(item.notice)},
         {"channel", channel},
         {"is", name_of(told.is)},
         {"queued", format_utc(told.queued)}};
  if (told.is != notify::Delivery::queued) j["settled"] = format_utc(told.settled);
  if (!told.why.empty()) j["why"] = told.why;
  return j;
}

int list(const Where& where, const NotifyWords& words) {
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  const auto session = Session::open_to_read(*workspace);
  if (!session) return complain(session.error(), kFail);
  const auto queue = queue_of(**session);
  if (!queue) return complain(queue.error(), kFail);
  Json rows = Json::array();
  std::vector<std::pair<WallTime, std::string>> lines;
  for (const auto& [id, item] : queue->items())
    for (const auto& [channel, told] : item.to) {
      if (told.is == notify::Delivery::delivered && !words.all) continue;
      rows.push_back(as_json(item, channel, told));
      lines.emplace_back(
          told.queued, fmt::format("{}  {:9}  {}  {}: {}{}", format_utc(told.queued).substr(0, 19),
                                   name_of(told.is), channel, id, item.notice.headline,
                                   told.why.empty() ? "" : "\n    " + told.why));
    }
  if (words.json) {
    say(rows.dump(2, ' ', false, Json::error_handler_t::replace));
    return kOk;
  }
  std::sort(lines.begin(), lines.end());
  for (const auto& [at, line] : lines) say(line);
  if (lines.empty()) say(words.all ? "Nobody was told anything yet." : "Everything is delivered.");
  return kOk;
}

int retry(const Where& where, const NotifyWords& words) {
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  const auto session = Session::open(*workspace);
  if (!session) return complain(session.error(), kFail);
  clock::AsioClock clock{(*session)->io()};
  journal::Context context;
  context.boot_id = boot_id();
  context.actor = who_am_i();
  WorkspaceLog log{**session, clock, context};
  if (const auto opened = log.open(); !opened) return complain(opened.error(), kFail);
  auto notifier = Notifier::open(**session, clock, log, [](const std::string& line) { say(line); });
  if (!notifier) return complain(notifier.error(), kUsage);
  if (!*notifier)
    return complain({"this workspace has no channels", "inventory/notifications.yaml names them"},
                    kUsage);
  auto& outbox = (*notifier)->outbox();
  if (!words.id.empty() && !outbox.queue().find(words.id))
    return complain(
        {fmt::format("there is no notice '{}'", words.id), "`muster notify list` has them"},
        kUsage);
  const auto count = outbox.retry(words.id);
  (*notifier)->drain(kDrain);
  const auto left = outbox.waiting();
  say(fmt::format("{} to be sent again, {} still not delivered.", count, left));
  return left == 0 ? kOk : kFail;
}

}  // namespace

void add_notify(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand("notify", "Tries the channels by which people are told");
  command->require_subcommand(1);
  auto words = std::make_shared<NotifyWords>();
  auto* test_command =
      command->add_subcommand("test", "Sends a test notice, and says what came back");
  test_command->add_option("CHANNEL", words->channel, "As inventory/notifications.yaml names it")
      ->required();
  test_command->callback([&where, &code, words] { code = test(where, *words); });
  auto* list_command =
      command->add_subcommand("list", "What is queued, and what could not be delivered, and why");
  list_command->add_flag("--all", words->all, "Also what was delivered");
  list_command->add_flag("--json", words->json, "As JSON");
  list_command->callback([&where, &code, words] { code = list(where, *words); });
  auto* retry_command = command->add_subcommand(
      "retry", "Sends what is queued or was given up now; a muster that runs does so by itself");
  retry_command->add_option("ID", words->id, "Of one notice alone, as `list` shows it");
  retry_command->callback([&where, &code, words] { code = retry(where, *words); });
}

}  // namespace muster::cli
