// What a server starts, by schedule and by hand, and what it keeps from starting.
#include <fmt/format.h>

#include <algorithm>

#include "base/id.hpp"
#include "base/text.hpp"
#include "cli/freeze_watch.hpp"
#include "cli/plan_shares.hpp"
#include "cli/server.hpp"
#include "journal/kinds.hpp"
#include "scheduler/entries.hpp"

namespace muster::cli {

namespace kinds = journal::kinds;
using What = api::DrillRequest::What;

namespace {

constexpr Duration kFilesLook = std::chrono::seconds{2};
/// Whoever follows them asks every few seconds.
constexpr std::size_t kLostToldMax = 32;

}  // namespace

std::string Server::closed() const {
  if (!stopping_.empty()) return "the server is being ended";
  if (recovering_) return "runs that died are recovered first";
  if (!standing_.dirty.empty())
    return fmt::format("{} left something that is not proven undone: `muster recover`",
                       joined(standing_.dirty, ", "));
  return {};
}

void Server::watch_clock() {
  const auto by = wall_watch_.jumped();
  if (!by) return;
  line(fmt::format("The wall clock was set: by {}{}", *by < Duration::zero() ? "-" : "+",
                   human_duration(*by < Duration::zero() ? -*by : *by)));
  journal::Write jumped;
  jumped.drafts.emplace_back();
  jumped.drafts.back().action = kinds::kClockJumped;
  jumped.drafts.back().data = Json{{"by", journal::json_ns(ns(*by))}};
  write(std::move(jumped));
  decider_->use(library_.jobs());
  overdue_.touch();
}

void Server::read_files() {
  if (looked_at_files_ != Instant{} && clock_.now() - looked_at_files_ < kFilesLook) return;
  looked_at_files_ = clock_.now();
  const auto read = library_.refresh();
  const bool newly_broken = !read.errors.empty() && read.errors != said_errors_;
  if (!read.changed && !newly_broken) {
    if (read.errors.empty()) said_errors_.clear();
    return;
  }
  said_errors_ = read.errors;
  journal::Write reloaded;
  reloaded.drafts.emplace_back();
  reloaded.drafts.back().action = kinds::kServerReloaded;
  reloaded.drafts.back().outcome = read.changed ? "ok" : "broken";
  reloaded.drafts.back().data = Json{{"files", library_.version()}};
  if (newly_broken) {
    reloaded.drafts.back().data["why"] = bounded(printable(read.errors), 2'000);
    line("THE WORKSPACE'S FILES ARE BROKEN. The last good version stays in use:\n" + read.errors);
  } else {
    line("The workspace's files were read again");
    decider_->use(library_.jobs());
    overdue_.touch();
  }
  write(std::move(reloaded));
}

/// One look at files, clock and schedules.
void Server::look() {
  read_files();
  watch_clock();
  if (writing_ > 0) return;
  scheduler::Situation situation;
  situation.now = wall();
  situation.running = room_->running();
  situation.at_once_max = options_.at_once_max;
  situation.closed = closed();
  situation.missing = [this](const schedule::Occurrence& o) { return missing(o); };
  const auto decisions = decider_->decide(standing_, situation);
  for (const auto& [drill, why] : decisions.waiting)
    if (waiting_[drill] != why) line(fmt::format("{} is due, and waits: {}", drill, why));
  waiting_ = decisions.waiting;
  carry_out(decisions);
  watch_overdue();
  // What is to be looked at again right now is, at the next look.
  wall_watch_.wake_at(decisions.wake && *decisions.wake > situation.now ? decisions.wake
                                                                        : std::nullopt);
}

void Server::carry_out(const scheduler::Decisions& decisions) {
  for (const auto& drill : decisions.fresh)
    for (const auto& job : decider_->jobs())
      if (job.schedule.drill() == drill)
        write(scheduler::known(drill, job.rule, job.schedule.zone().local(wall()),
                               job.schedule.zone().name()));
  for (const auto& miss : decisions.missed) {
    line(fmt::format("{}: nothing came of {}{}: {}", miss.drill, schedule::format_local(miss.first),
                     miss.count > 1 ? fmt::format(" and {} more", miss.count - 1) : "", miss.why));
    write(scheduler::missed(miss.drill, miss.first, miss.last, miss.count, miss.why, miss.asks));
  }
  for (const auto& occurrence : decisions.queued) write(scheduler::queued(occurrence));
  for (const auto& occurrence : decisions.committed) write(scheduler::committed(occurrence));
  for (const auto& told : decisions.announced) {
    line(fmt::format("{} is to come in {}", told.occurrence.drill, format_duration(told.before)));
    write(scheduler::announced(told.occurrence, told.before));
    if (notifier_) notifier_->outbox().announce(told_of(told.occurrence), told.before);
  }
  for (const auto& start : decisions.starts) start_scheduled(start);
}

void Server::start_scheduled(const scheduler::Start& start) {
  newest_lateness_ = wall() - start.occurrence.earliest();
  const auto& drill = start.occurrence.drill;
  const auto& table = library_.tables().at(drill);
  auto plan = library_.plan(drill);
  if (!plan) return;  // it was there a moment ago: `missing` said so
  const auto consent =
      consent_to_start(*plan, {"schedule", "", false, false}, options_.allow_production);
  Begin how{{"schedule", "schedule", "", ""},
            {{"occurrence", scheduler::occurrence_json(start.occurrence, start.how)}},
            opened_with(consent, {})};
  // Durable before it begins: whatever dies from here on, it is not begun a second time.
  write(scheduler::started(start.occurrence, start.how, table.schedule->zone()),
        [this, drill, start, how, plan = std::make_shared<plan::Plan>(std::move(*plan))] {
          if (!stopping_.empty())
            return write(scheduler::missed(drill, start.occurrence.nominal,
                                           start.occurrence.nominal, 1, closed(), false));
          line(fmt::format("{} is due: {} ({})", drill,
                           schedule::format_local(start.occurrence.nominal), start.how));
          begin(run_id(wall()), std::move(*plan), how);
        });
}

void Server::begin(const std::string& run, plan::Plan plan, Begin how) {
  RunRoom::Order order;
  order.run = run;
  order.options.ask_here = false;
  order.options.actor = std::move(how.actor);
  order.options.opened = std::move(how.opened);
  order.options.consent = std::move(how.consent);
  order.options.dirty = standing_.dirty;
  order.options.receives_alerts = outer_ != nullptr;
  if (const auto table = library_.tables().find(plan.drill); table != library_.tables().end())
    order.options.frozen = freeze_watch(session_->workspace(), table->second);
  order.plan = std::move(plan);
  room_->start(std::move(order));
}

void Server::ended(const RunRoom::Ended& over) {
  if (over.drill.empty()) {
    recovering_ = false;
    line(over.error.empty() ? "What was left is recovered" : "Recovery: " + over.error);
  } else if (!over.error.empty()) {
    line(fmt::format("{}: {}", over.drill, over.error));
  }
  if (over.lost) lost_.push_back(*over.lost);
  if (lost_.size() > kLostToldMax) lost_.pop_front();
  if (const auto& of = standing_.of(over.drill);
      !over.drill.empty() && over.run.empty() && of.started && of.started->run.empty())
    write(scheduler::missed(over.drill, of.started->nominal, of.started->nominal, 1,
                            bounded(printable(over.error), 1'000), false));
  if (!over.run.empty()) {
    const auto& of = standing_.of(over.drill);
    line(fmt::format("{}: run {} ended {}, {}", over.drill, over.run, of.newest_result,
                     of.newest_state));
  }
  for (const auto& [drill, why] : waiting_) decider_->touch(drill);
  session_->post([this] { tick(); });
}

void Server::ask(api::DrillRequest request, Done done) {
  if (!library_.has(request.drill))
    return done(Error{fmt::format("there is no drill '{}'", request.drill),
                      "`muster schedule list` names them"});
  if (request.what == What::start) return start_now(request, done);
  change_hold(request, done);
}

void Server::change_hold(const api::DrillRequest& request, const Done& done) {
  const bool is_held = standing_.of(request.drill).hold.has_value();
  if (is_held == (request.what == What::hold))
    return done(Error{is_held ? "it is held already" : "nobody holds it"});
  auto change = request.what == What::hold
                    ? scheduler::held(request.drill, request.reason, request.actor)
                    : scheduler::resumed(request.drill, request.reason, request.actor);
  write(std::move(change), [done] { done(Json::object()); });
}

/// "" or why it cannot start now.
std::string Server::refused(const plan::Plan& plan, const std::string& drill,
                            const api::DrillRequest& request) const {
  if (!stopping_.empty() || recovering_) return closed();
  if (!standing_.dirty.empty() && !request.allow_dirty) return closed();
  if (const auto frozen = freeze_watch(session_->workspace(), library_.tables().at(drill))();
      !frozen.empty())
    return "frozen: " + frozen;
  const auto running = room_->running();
  if (running.size() >= options_.at_once_max)
    return fmt::format("{} runs go on, and {} are the most", running.size(), options_.at_once_max);
  const auto own = used_hosts(plan);
  for (const auto& other : running) {
    if (other.drill == drill) return "the drill runs already";
    for (const auto& host : other.hosts)
      if (std::find(own.begin(), own.end(), host) != own.end())
        return fmt::format("the run of {} uses {}", other.drill, host);
  }
  return scheduler::exceeded({drill, own, shares_of(plan)}, running);
}

void Server::start_now(const api::DrillRequest& request, const Done& done) {
  auto plan = library_.plan(request.drill);
  if (!plan) return done(plan.error());
  const std::string hash = hex(plan::content_hash(*plan));
  if (!hash.starts_with(request.plan))
    return done(Error{fmt::format("the plan is {}, not {}", hash.substr(0, 16), request.plan),
                      "its files changed since it was read: look at `muster plan` again"});
  if (const auto why = refused(*plan, request.drill, request); !why.empty())
    return done(Error{why});
  const auto asker = asker_of(request, *plan);
  if (!asker) return done(asker.error());
  const auto consent = consent_to_start(*plan, asker->starter, request.allow_production);
  if (!consent.given()) return done(consent.missing.front());
  const std::string run = run_id(wall());
  Begin how{asker->actor, Json::object(), opened_with(consent, asker->proof)};
  if (!request.reason.empty()) how.opened["why"] = request.reason;
  begin(run, std::move(*plan), std::move(how));
  done(Json{{"run", run}, {"plan", hash}});
}

Json Server::schedules() const {
  Json out = Json::array();
  for (const auto& job : decider_->jobs()) {
    const std::string& drill = job.schedule.drill();
    const auto& of = standing_.of(drill);
    Json row{{"drill", drill}, {"timezone", job.schedule.zone().name()}, {"rule", job.rule}};
    if (const auto next = decider_->next(job, standing_, wall())) {
      row["nominal"] = schedule::format_local(next->nominal);
      if (next->is_surprise())  // its moment is nobody's to know
        row["window"] = {format_utc(next->window.from), format_utc(next->window.to)};
      else
        row["next"] = format_utc(next->earliest());
    }
    if (of.hold) row["hold"] = {{"by", of.hold->by}, {"why", of.hold->why}};
    if (const auto waits = waiting_.find(drill); waits != waiting_.end())
      row["waits"] = waits->second;
    if (of.missed_at)
      row["missed"] = {
          {"count", of.missed}, {"at", format_utc(*of.missed_at)}, {"why", of.missed_why}};
    if (!of.newest_result.empty())
      row["last"] = {{"result", of.newest_result}, {"state", of.newest_state}};
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace muster::cli
