// What Muster and people did, on the axis: effects with their undos, people, steps.
#include <algorithm>

#include "base/text.hpp"
#include "journal/data.hpp"
#include "journal/kinds.hpp"
#include "report/data.hpp"
#include "report/html_lanes.hpp"

namespace muster::report::html {
namespace {

namespace kinds = journal::kinds;
using Mark = Canvas::Mark;

constexpr std::size_t kLanesMax = 40;  // of one kind; the tables have them all
constexpr double kLane = 24;

/// name_of's words as people write them, behind their sign.
std::string spoken(Sign sign, std::string_view word) {
  std::string out{glyph(sign)};
  out += ' ';
  out += word;
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

/// When an entry of `kind` was written about the effect.
std::optional<Instant> when(const Page& page, const Effect& e, std::string_view kind) {
  for (const auto& entry : page.record.entries)
    if (entry.intent_ref == e.state.id && entry.action == kind) return entry.at;
  return std::nullopt;
}

std::optional<Instant> lease_lost(const Page& page, const Effect& e, Instant from, Instant to) {
  for (const auto& entry : page.record.entries)
    if (entry.action == kinds::kLeaseLost && entry.target.host == e.state.at && entry.at >= from &&
        entry.at <= to)
      return entry.at;
  return std::nullopt;
}

bool full(std::size_t drawn, std::size_t all, Canvas& canvas) {
  if (drawn < kLanesMax) return false;
  if (drawn == kLanesMax)
    canvas.heading(std::to_string(all - drawn) + " more: see the tables below");
  return true;
}

/// Armed (a line), put in (pale), there (solid), held on purpose (striped), being undone (pale).
void effect_lane(const Page& page, Canvas& canvas, const Effect& e, Instant begin, Twin& twin) {
  using journal::EffectStatus;
  const auto& s = e.state;
  const std::string name = bounded(s.script, 60) + " on " + bounded(s.host, 60);
  const Instant end = s.reverted_at.value_or(page.s.end);
  const auto held = when(page, e, kinds::kEffectHeld),
             reverting = when(page, e, kinds::kEffectReverting);
  const Instant there = s.inject_done.value_or(s.inject_sent.value_or(end));
  const Instant until = held ? *held : reverting ? *reverting : end;
  const bool open = sign_of(s.status) == Sign::bad || sign_of(s.status) == Sign::unsure;
  canvas.lane(name, kLane);
  canvas.stripes("armed", begin, std::max(begin, std::min(there, end)));
  if (s.inject_sent) {
    canvas.bar("pale", *s.inject_sent, there);
    if (s.proven) canvas.bar(s.restore ? "copy" : "fault", there, std::max(there, until));
    if (held) canvas.stripes("held", *held, end);
    if (!held && reverting) canvas.bar(open ? "pale open" : "pale", *reverting, end);
    canvas.mark(Mark::down, *s.inject_sent);
  }
  if (s.reverted_at) canvas.mark(Mark::up, *s.reverted_at);
  canvas.said(begin, end, spoken(sign_of(s.status), name_of(s.status)));
  twin.push_back({name, "undo armed", begin, s.inject_sent});
  if (s.proven) twin.push_back({name, "there, proven", there, until});
  if (held) twin.push_back({name, "held on purpose", held, std::nullopt});
  if (const auto lost = lease_lost(page, e, begin, end)) {
    canvas.mark(Mark::point, *lost);
    twin.push_back({name, "lease lost", lost, lost});
  }
  if (reverting && !held)
    twin.push_back(
        {name, s.reverted_at ? "undone, proven" : "undo not proven", reverting, s.reverted_at});
}

/// Who was asked, and who answered after how long.
std::string wait_of(const Step& step) {
  const auto& s = step.state;
  if (s.status == journal::StepStatus::asked) return "? waits for " + s.asked_of;
  std::string who = s.answered_by.empty() || step.late ? s.asked_of : s.answered_by;
  std::string out = step.late               ? "nobody answered in time, asked: " + who
                    : s.answered_by.empty() ? who + " was asked, and did not answer"
                                            : who + " answered";
  if (step.took) out += " after " + human_duration(*step.took);
  return out;
}

/// A moment at which a person did or wrote something.
struct Act {
  std::string who, said;
  Instant at{};
};

std::string by(const std::string& principal) {
  return principal.empty() ? "muster" : principal;
}

/// Where what it tells has happened, which may be long before it was written.
Act act_of(const journal::Note& note) {
  const Instant at = note.happened ? note.at - (note.wall - *note.happened) : note.at;
  return {note.who.empty() ? by(note.by.actor.principal) : note.who,
          (note.corrects ? "correction: " : "note: ") + bounded(note.text, 80), at};
}

}  // namespace

void draw_effects(const Page& page, Canvas& canvas, Twin& twin) {
  std::size_t drawn = 0;
  for (const auto& e : page.s.effects) {
    const auto begin = e.armed_at ? e.armed_at : e.intent_at;
    if (!begin) continue;
    if (drawn == 0) canvas.heading("Faults and restores");
    if (!full(drawn, page.s.effects.size(), canvas)) effect_lane(page, canvas, e, *begin, twin);
    ++drawn;
  }
}

void draw_alerts(const Page& page, Canvas& canvas, Twin& twin) {
  std::size_t drawn = 0;
  for (const auto& a : page.record.state.alerts) {
    if (a.source == "person") continue;  // in the lanes of people
    if (drawn == 0) canvas.heading("Monitoring");
    if (full(drawn++, page.record.state.alerts.size(), canvas)) continue;
    const std::string said = a.counts   ? "detected it"
                             : a.firing ? "fires, and does not count"
                                        : "ended";
    canvas.lane(bounded(a.alert, 60), kLane);
    canvas.mark(a.counts ? Mark::down : Mark::point, a.at);
    canvas.said(a.at, a.at + (canvas.to() - canvas.from()) / 100, said);
    twin.push_back({bounded(a.alert, 60), said, a.at, a.at});
  }
}

void draw_people(const Page& page, Canvas& canvas, Twin& twin) {
  std::vector<const Step*> asks;
  for (const auto& step : page.s.steps)
    if (step.word == "ask" && step.state.started && asks.size() < kLanesMax) asks.push_back(&step);
  std::vector<Act> acts;
  for (const auto& r : page.record.state.requests)
    if (const auto what = journal::text_in(r.data, "what"); !what.empty() && what != "answer")
      acts.push_back({by(r.actor.principal),
                      what == "approve" ? "approves " + r.step : "asked to " + wish_in(r.data),
                      r.at});
  for (const auto& note : page.s.notes) acts.push_back(act_of(note));
  for (const auto& a : page.record.state.alerts)
    if (a.source == "person")
      acts.push_back({by(a.by.principal),
                      "noticed the fault" + (a.text.empty() ? "" : ": " + bounded(a.text, 80)),
                      a.at});
  if (asks.empty() && acts.empty()) return;
  canvas.heading("People");
  for (const auto* step : asks) {
    const Instant to = step->state.finished.value_or(page.s.end);
    const std::string said = wait_of(*step);
    canvas.lane(step->state.role.empty() ? step->name : step->state.role, kLane);
    canvas.stripes(step->late || step->state.answered_by.empty() ? "wait bad" : "wait",
                   *step->state.started, to);
    canvas.said(*step->state.started, to, said);
    twin.push_back({step->state.role, said, step->state.started, step->state.finished});
  }
  std::size_t drawn = 0;
  for (const auto& act : acts) {
    if (full(drawn++, acts.size(), canvas)) continue;
    canvas.lane(act.who, kLane);
    canvas.mark(Mark::point, act.at);
    canvas.said(act.at, act.at + (canvas.to() - canvas.from()) / 100, act.said);
    twin.push_back({act.who, act.said, act.at, act.at});
  }
}

void draw_steps(const Page& page, Canvas& canvas, Twin& twin) {
  canvas.heading("Steps");
  std::size_t drawn = 0;
  for (const auto& step : page.s.steps) {
    if (full(drawn++, page.s.steps.size(), canvas)) continue;
    const Sign sign = sign_of(step.state.status);
    std::string said = spoken(sign, name_of(step.state.status));
    canvas.lane(step.name, kLane);
    if (!step.state.started) {
      if (canvas.layout().above)
        canvas.said(canvas.from(), canvas.from(), said);
      else
        canvas.note(said);
      twin.push_back({step.name, said, std::nullopt, std::nullopt});
      continue;
    }
    if (step.took) said += ", " + human_duration(*step.took);
    const Instant to = step.state.finished.value_or(page.s.end);
    canvas.bar(sign == Sign::good ? "step" : "step open", *step.state.started, to);
    canvas.said(*step.state.started, to, said);
    twin.push_back({step.name, said, step.state.started, step.state.finished});
  }
}

}  // namespace muster::report::html
