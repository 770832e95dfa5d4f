// `muster schedule list|next|show|ics|overdue`: when drills are meant to run, and whether they did.
// Reads only; nothing is started.
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/schedule_feed.hpp"
#include "cli/schedule_hold.hpp"
#include "cli/schedule_rule.hpp"
#include "cli/schedule_text.hpp"
#include "cli/terminal.hpp"
#include "cli/timetables.hpp"

namespace muster::cli {

namespace {

struct Wish {
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

std::string date_of(const std::optional<WallTime>& at) {
  return at ? format_utc(*at).substr(0, 10) : "never";
}

/// Of drills without `due` too: the dates alone.
schedule::DueState state_of(const DrillTimes& one, const TestsByDrill& tests, WallTime now) {
  const auto of = tests.find(one.table.drill);
  const std::vector<schedule::Tested> none;
  const auto& all = of == tests.end() ? none : of->second;
  if (one.table.due) return one.table.due->state(all, now);
  schedule::DueState dates;
  for (const auto& test : all) {
    dates.last_tested = test.at;
    if (test.passed) dates.last_passed = test.at;
  }
  return dates;
}

std::optional<schedule::Occurrence> next_of(const DrillTimes& one, WallTime now) {
  return one.table.schedule ? one.table.schedule->next(now) : std::nullopt;
}

std::string next_text(const DrillTimes& one, WallTime now) {
  if (!one.table.schedule) return "not scheduled";
  const auto next = next_of(one, now);
  if (!next) return "none before 2200";
  const auto& zone = one.table.schedule->zone();
  std::string text = zone.text(next->earliest());
  if (next->is_surprise()) text += ", drawn until " + zone.text(next->window.to).substr(11, 5);
  if (one.table.schedule->file().hold) text += " (held: hold: true)";
  return text;
}

Json row_json(const DrillTimes& one, const schedule::DueState& state, WallTime now) {
  Json row{{"drill", one.table.drill},
           {"next", nullptr},
           {"hold", one.table.schedule && one.table.schedule->file().hold},
           {"last_tested", nullptr},
           {"last_passed", nullptr},
           {"due", nullptr}};
  if (const auto next = next_of(one, now))
    row["next"] = occurrence_json(*next, one.table.schedule->zone(), one.freezes, now);
  if (state.last_tested) row["last_tested"] = format_utc(*state.last_tested);
  if (state.last_passed) row["last_passed"] = format_utc(*state.last_passed);
  if (one.table.due) row["due"] = due_json(state);
  return row;
}

/// What the commands begin with: the drills, their tests, and the moment.
struct Loaded {
  std::filesystem::path workspace;
  std::vector<DrillTimes> drills;
  TestsByDrill tests;
  WallTime now;
};
std::optional<Loaded> load(const Where& where, const Wish& wish, int& code) {
  const auto workspace = find_workspace(where);
  const auto now = moment(wish.at);
  if (!workspace || !now) {
    code = complain(!workspace ? workspace.error() : now.error(), kUsage);
    return std::nullopt;
  }
  auto drills = load_drill_times(*workspace, wish.drill);
  if (!drills) {
    code = kUsage;
    return std::nullopt;
  }
  auto tests = load_tests(*workspace);
  if (!tests) {
    code = complain(tests.error(), kFail);
    return std::nullopt;
  }
  return Loaded{*workspace, *std::move(drills), *std::move(tests), *now};
}

int list(const Where& where, const Wish& wish) {
  int code = kOk;
  const auto loaded = load(where, wish, code);
  if (!loaded) return code;
  if (!wish.json)
    say(fmt::format("{:<24} {:<10} {:<11} {:<11} {}", "DRILL", "DUE", "TESTED", "PASSED", "NEXT"));
  for (const auto& one : loaded->drills) {
    const auto state = state_of(one, loaded->tests, loaded->now);
    if (wish.json) {
      say(row_json(one, state, loaded->now).dump());
      continue;
    }
    say(fmt::format("{:<24} {:<10} {:<11} {:<11} {}", one.table.drill,
                    one.table.due ? name_of(state.is) : "-", date_of(state.last_tested),
                    date_of(state.last_passed), next_text(one, loaded->now)));
    const auto next = next_of(one, loaded->now);
    const auto way = next ? in_the_way(*next, one.table.schedule->zone(), one.freezes, loaded->now)
                          : std::string{};
    if (!way.empty()) say("    in the way: " + way);
  }
  return kOk;
}

int print_next(const schedule::Schedule& plan, const schedule::Freezes& freezes, const Wish& wish,
               WallTime now) {
  auto one = plan.next(now);
  if (!one && !wish.json) say("It does not occur again before the year 2200.");
  for (int i = 0; one && i < wish.count; ++i, one = plan.next(one->nominal))
    say(wish.json ? occurrence_json(*one, plan.zone(), freezes, now).dump()
                  : occurrence_text(*one, plan.zone(), freezes, now));
  return kOk;
}

int next(const Where& where, const Wish& wish) {
  const auto now = moment(wish.at);
  if (!now) return complain(now.error(), kUsage);
  if (!wish.rule.empty()) {
    const auto plan = schedule_of_rule(wish.rule, wish.timezone);
    return plan ? print_next(*plan, {}, wish, *now) : kUsage;
  }
  if (wish.drill.empty())
    return complain(Error{"which drill?", "muster schedule next DRILL, or --rule RULE"}, kUsage);
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  const auto drills = load_drill_times(*workspace, wish.drill);
  if (!drills) return kUsage;
  const auto& one = drills->front();
  if (!one.table.schedule)
    return complain(Error{fmt::format("the drill `{}` has no schedule", one.table.drill),
                          "give it one: docs/schedule.md"},
                    kUsage);
  if (one.table.schedule->file().hold && !wish.json)
    say("Held by its file (hold: true): nothing of this starts by itself.");
  return print_next(*one.table.schedule, one.freezes, wish, *now);
}

int show(const Where& where, const Wish& wish) {
  int code = kOk;
  const auto loaded = load(where, wish, code);
  if (!loaded) return code;
  const auto& one = loaded->drills.front();
  const auto state = state_of(one, loaded->tests, loaded->now);
  if (wish.json) {
    say(row_json(one, state, loaded->now).dump(2));
    return kOk;
  }
  say(one.table.drill + ": " + one.title);
  if (one.table.schedule) fmt::print("{}", schedule_text(*one.table.schedule));
  say("next      " + next_text(one, loaded->now));
  for (const auto& calendar : one.freezes.health(loaded->now))
    say(fmt::format("freeze    {}",
                    calendar.trouble
                        ? calendar.trouble->what
                        : fmt::format("{}: {} event{}, believed", calendar.calendar,
                                      calendar.events, calendar.events == 1 ? "" : "s")));
  if (one.table.due)
    say(fmt::format("due       {}\n          {}", one.table.due->text(),
                    due_text(state, one.table.due->zone())));
  say(fmt::format("tested    {}\npassed    {}", date_of(state.last_tested),
                  date_of(state.last_passed)));
  return kOk;
}

int overdue(const Where& where, const Wish& wish) {
  int code = kOk;
  const auto loaded = load(where, wish, code);
  if (!loaded) return code;
  std::size_t count = 0;
  for (const auto& one : loaded->drills) {
    if (!one.table.due) continue;
    const auto state = state_of(one, loaded->tests, loaded->now);
    const bool late = state.is == schedule::DueState::Is::overdue;
    count += late ? 1 : 0;
    if (wish.json)
      say(row_json(one, state, loaded->now).dump());
    else if (late)
      say(fmt::format("{}: {}; last tested {}, last passed {}", one.table.drill,
                      due_text(state, one.table.due->zone()), date_of(state.last_tested),
                      date_of(state.last_passed)));
  }
  if (count == 0 && !wish.json) say("Nothing is overdue.");
  return count == 0 ? kOk : kOverdue;
}

int ics(const Where& where, const Wish& wish) {
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
  auto wish = std::make_shared<Wish>();
  const auto command = [&](const char* name, const char* help,
                           int (*run)(const Where&, const Wish&)) {
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
