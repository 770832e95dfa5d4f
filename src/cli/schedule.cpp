// `muster schedule list|next|show|ics|overdue`: when drills are meant to run, and whether they did.
// Reads only; nothing is started. With --server the files and the record are those of the server.
#include <fmt/format.h>

#include "api/target.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/remote.hpp"
#include "cli/schedule_feed.hpp"
#include "cli/schedule_hold.hpp"
#include "cli/schedule_rows.hpp"
#include "cli/schedule_rule.hpp"
#include "cli/terminal.hpp"
#include "journal/data.hpp"

namespace muster::cli {

using journal::flag_in;
using journal::text_in;

namespace {

struct ScheduleWish {
  std::string drill, rule, timezone, at;
  int count = 5;
  int days = 90;
  std::string out;
  bool json = false;
};

/// The instant that `--at` names, else now.
Result<WallTime> moment(const std::string& at) {
  if (at.empty()) return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  const auto time = parse_utc(at);
  if (!time)
    return Error{fmt::format("--at {}: {}", at, time.error().what), "--at 2027-01-12T09:00:00Z"};
  return *time;
}

/// What the commands ask: it complains itself, and says with which code it is over.
class AskedTimes {
 public:
  AskedTimes(const Where& where, const ScheduleWish& wish) : where_{where}, wish_{wish} {}

  /// One row a drill: of a server, or of the workspace's files and record.
  std::optional<Json> rows() {
    if (!begin()) return std::nullopt;
    if (!where_.server.empty()) {
      auto answer = there(api::drills_target(wish_.at));
      if (!answer) return std::nullopt;
      if (!answer->is_object() || !answer->contains("drills"))
        return refused({"the server's answer holds no drills", "is it an older muster?"}, kFail);
      return answer->at("drills");
    }
    if (!load("")) return std::nullopt;
    Json rows = Json::array();
    for (const auto& one : drills_) rows.push_back(times_row(one, past_of(one), now_));
    return rows;
  }

  /// One drill in full, with its next times.
  std::optional<Json> full() {
    if (!begin()) return std::nullopt;
    const auto count = static_cast<std::size_t>(wish_.count);
    if (!where_.server.empty()) return there(api::times_target(wish_.drill, wish_.at, count));
    if (!load(wish_.drill)) return std::nullopt;
    return times_in_full(drills_.front(), past_of(drills_.front()), now_, count);
  }

  int code() const { return code_; }

 private:
  std::optional<Json> refused(const Error& why, int code) {
    code_ = complain(why, code);
    return std::nullopt;
  }
  bool begin() {
    const auto now = moment(wish_.at);
    if (!now) code_ = complain(now.error(), kUsage);
    if (now) now_ = *now;
    return now.has_value();
  }
  std::optional<Json> there(const std::string& target) {
    const auto client = connect_remote(where_);
    if (!client) return refused(client.error(), kFail);
    const auto answer = (*client)->request("GET", target);
    if (!answer) return refused(answer.error(), kFail);
    const auto good = api::json_of(*answer);
    return good ? std::optional{*good} : refused(good.error(), kFail);
  }
  bool load(const std::string& drill) {
    const auto workspace = find_workspace(where_);
    if (!workspace) return refused(workspace.error(), kUsage).has_value();
    auto drills = load_drill_times(*workspace, drill);  // tells what is wrong
    code_ = kUsage;
    if (!drills) return false;
    drills_ = std::move(*drills);
    auto past = load_past(*workspace);
    if (!past) return refused(past.error(), kFail).has_value();
    past_ = std::move(*past);
    return true;
  }
  DrillPast past_of(const DrillTimes& one) const {
    const auto of = past_.find(one.table.drill);
    return of == past_.end() ? DrillPast{} : of->second;
  }

  const Where& where_;
  const ScheduleWish& wish_;
  WallTime now_{};
  std::vector<DrillTimes> drills_;
  PastByDrill past_;
  int code_ = kOk;
};

int list(const Where& where, const ScheduleWish& wish) {
  AskedTimes asked{where, wish};
  const auto rows = asked.rows();
  if (!rows) return asked.code();
  if (!wish.json) say(rows_head());
  for (const auto& row : *rows) say(wish.json ? row.dump() : row_text(row));
  return kOk;
}

int print_times(const Json& times, const ScheduleWish& wish) {
  if (times.empty() && !wish.json) say("It does not occur again before the year 2200.");
  for (const auto& one : times) say(wish.json ? one.dump() : printable(text_in(one, "text")));
  return kOk;
}

int next(const Where& where, const ScheduleWish& wish) {
  if (!wish.rule.empty()) {
    const auto now = moment(wish.at);
    if (!now) return complain(now.error(), kUsage);
    const auto plan = schedule_of_rule(wish.rule, wish.timezone);
    if (!plan) return kUsage;
    return print_times(next_times(*plan, {}, *now, static_cast<std::size_t>(wish.count)), wish);
  }
  if (wish.drill.empty())
    return complain(Error{"which drill?", "muster schedule next DRILL, or --rule RULE"}, kUsage);
  AskedTimes asked{where, wish};
  const auto full = asked.full();
  if (!full) return asked.code();
  if (text_in(*full, "rule").empty())
    return complain(Error{fmt::format("the drill `{}` has no schedule", text_in(*full, "drill")),
                          "give it one: docs/schedule.md"},
                    kUsage);
  if (flag_in(*full, "hold") && !wish.json)
    say("Held by its file (hold: true): nothing of this starts by itself.");
  if (full->contains("held") && !wish.json)
    say(printable(fmt::format("Held by {}: {}", text_in(full->at("held"), "by"),
                              text_in(full->at("held"), "why"))));
  return print_times(full->value("times", Json::array()), wish);
}

int show(const Where& where, const ScheduleWish& wish) {
  AskedTimes asked{where, wish};
  const auto full = asked.full();
  if (!full) return asked.code();
  say(wish.json ? full->dump(2) : full_text(*full));
  return kOk;
}

int overdue(const Where& where, const ScheduleWish& wish) {
  AskedTimes asked{where, wish};
  const auto rows = asked.rows();
  if (!rows) return asked.code();
  std::size_t count = 0;
  for (const auto& row : *rows) {
    if (!row.is_object() || !row.contains("due") || row.at("due").is_null()) continue;
    const bool late = is_overdue(row);
    count += late ? 1 : 0;
    if (wish.json)
      say(row.dump());
    else if (late)
      say(overdue_text(row));
  }
  if (count == 0 && !wish.json) say("Nothing is overdue.");
  return count == 0 ? kOk : kOverdue;
}

int ics(const Where& where, const ScheduleWish& wish) {
  const auto workspace = find_workspace(where);
  const auto now = moment(wish.at);
  if (!workspace || !now) return complain(!workspace ? workspace.error() : now.error(), kUsage);
  const auto drills = load_drill_times(*workspace, "");
  if (!drills) return kUsage;
  return write_feed(*drills, *workspace, wish.out, std::chrono::days{wish.days}, *now);
}

}  // namespace

void add_schedule(CLI::App& app, Where& where, int& code) {
  auto* group = app.add_subcommand(
      "schedule",
      "When drills are meant to run, which are overdue, and what is held; starts nothing");
  group->require_subcommand(1);
  auto wish = std::make_shared<ScheduleWish>();
  const auto command = [&](const char* name, const char* help,
                           int (*run)(const Where&, const ScheduleWish&)) {
    auto* one = group->add_subcommand(name, help);
    one->add_option("--at", wish->at, "As if it were then: 2027-01-12T09:00:00Z")
        ->type_name("TIME");
    one->callback([&where, &code, wish, run] { code = run(where, *wish); });
    return one;
  };
  auto* of_list =
      command("list", "Every drill: its next time, what is in its way, what is due", list);
  auto* of_next = command("next", "The next times of a drill, or of any rule", next);
  auto* of_show = command("show", "All that counts for one drill's times", show);
  auto* of_ics = command("ics", "The coming times as a calendar to subscribe to", ics);
  auto* of_overdue = command(
      "overdue", "What should have passed and has not; ends with 7 when there is any", overdue);
  for (auto* one : {of_list, of_next, of_show, of_overdue})
    one->add_flag("--json", wish->json, "For machines: one JSON object a line (show: one)");
  of_next->add_option("DRILL", wish->drill, "Name of a drill, or path of its file");
  of_next->add_option("-n,--count", wish->count, "How many (default: 5)")
      ->check(CLI::Range(1, 1000))
      ->type_name("N");
  of_next
      ->add_option("--rule", wish->rule,
                   "In place of DRILL: 'every: quarter, day: 2nd tuesday, at: \"10:00\"'")
      ->type_name("RULE")
      ->excludes("DRILL");
  of_next->add_option("--timezone", wish->timezone, "Of --rule: Europe/Berlin")
      ->type_name("ZONE")
      ->needs("--rule");
  of_show->add_option("DRILL", wish->drill, "Name of a drill, or path of its file")->required();
  of_ics->add_option("--days", wish->days, "How far ahead (default: 90)")
      ->check(CLI::Range(1, 3660))
      ->type_name("N");
  of_ics
      ->add_option("-o,--out", wish->out,
                   "Into this file, which remembers what was published before; else printed")
      ->type_name("FILE");
  add_schedule_hold(*group, where, code);
}

}  // namespace muster::cli
