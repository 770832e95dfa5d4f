#include "engine/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/effects.hpp"
#include "engine/markers.hpp"

namespace muster::engine {

using ports::Answer;
using ports::Said;
using ports::Verb;

namespace {

constexpr Duration kLookWithin = std::chrono::seconds{45};  // it searches disks for ten of them
constexpr Duration kHealWithin = std::chrono::seconds{120};

std::string named(const FoundEffect& e, const std::string& at) {
  return fmt::format("{}{} of run {}", e.fault == "-" ? "an effect" : e.fault,
                     e.host.empty() || e.host == at ? "" : " on " + e.host,
                     e.run == "-" ? "?" : e.run);
}
std::string named(const FoundLeftover& l) {
  return fmt::format("{} {}", l.kind, l.where);
}

template <class List, class F>
bool any(const List& list, F&& f) {
  return std::any_of(list.begin(), list.end(), f);
}

}  // namespace

bool SweptHost::dirty() const {
  return !before.reached || any(done, [](const Swept& s) { return s.is == Swept::Is::failed; });
}

Sweep::Sweep(ports::Shell& shell, std::vector<ports::HostAddress> hosts)
    : shell_{shell}, addresses_{std::move(hosts)} {
  for (const auto& address : addresses_) found_->push_back({address.name, {}, {}, {}});
}

ports::Call Sweep::call(std::size_t i, Verb verb) const {
  ports::Call out;
  out.host = addresses_[i];
  out.verb = verb;
  out.run = "sweep";
  out.within = verb == Verb::survey ? kLookWithin : kHealWithin;
  return out;
}

void Sweep::survey(std::size_t i, bool after, std::function<void()> done) {
  shell_.call(call(i, Verb::survey), [this, i, after, done](const Answer& answer) {
    (after ? (*found_)[i].after : (*found_)[i].before) = read_survey(answer);
    done();
  });
}

void Sweep::look(std::function<void()> done) {
  auto left = std::make_shared<std::size_t>(addresses_.size());
  if (*left == 0) return done();
  for (std::size_t i = 0; i < addresses_.size(); ++i)
    survey(i, false, [left, done] {
      if (--*left == 0) done();
    });
}

void Sweep::heal(bool force, std::function<void()> done) {
  auto left = std::make_shared<std::size_t>(addresses_.size() + 1);
  const auto one = [left, done] {
    if (--*left == 0) done();
  };
  for (std::size_t i = 0; i < addresses_.size(); ++i)
    (*found_)[i].before.reached ? next(i, 0, force, one) : one();
  one();
}

/// One after the other on a host, the last one armed first: an undo may rest on what an earlier
/// effect left standing.
void Sweep::next(std::size_t i, std::size_t effect, bool force, std::function<void()> done) {
  SweptHost& host = (*found_)[i];
  if (effect == host.before.effects.size()) return rest(i, force, std::move(done));
  const FoundEffect& e = host.before.effects[effect];
  auto c = call(i, Verb::sweep);
  c.effect = e.id;
  if (force) c.values["force"] = "yes";
  shell_.call(std::move(c), [this, i, effect, force, done](const Answer& answer) {
    SweptHost& at = (*found_)[i];
    const FoundEffect& was = at.before.effects[effect];
    const auto kept = fact(fields_of(answer.evidence), "kept");
    if (answer.said == Said::yes)
      at.done.push_back({Swept::Is::healed, named(was, at.host), was.id, {}});
    else if (answer.said == Said::exists)
      at.done.push_back(
          {Swept::Is::kept, named(was, at.host), was.id, kept.empty() ? told(answer) : kept});
    else
      at.done.push_back({Swept::Is::failed, named(was, at.host), was.id, told(answer)});
    next(i, effect + 1, force, done);
  });
}

/// What is left beside effects, and the lock; then the host is looked at again.
void Sweep::rest(std::size_t i, bool force, std::function<void()> done) {
  auto c = call(i, Verb::sweep);
  if (force) c.values["force"] = "yes";
  shell_.call(std::move(c), [this, i, done](const Answer& answer) {
    if (auto& host = (*found_)[i]; host.before.lock && answer.said == Said::exists)
      host.done.push_back({Swept::Is::kept,
                           "the lock of run " + host.before.lock->run,
                           {},
                           fact(fields_of(answer.evidence), "kept")});
    survey(i, true, [this, i, done] {
      settle(i);
      done();
    });
  });
}

/// What was said to be done is believed when a second look does not find it any more.
void Sweep::settle(std::size_t i) {
  SweptHost& host = (*found_)[i];
  const Survey& now = host.after;
  for (auto& s : host.done)
    if (s.is == Swept::Is::healed &&
        (!now.reached || any(now.effects, [&](const auto& e) { return e.id == s.effect; })))
      s = {Swept::Is::failed, s.what, s.effect,
           now.reached ? "it is still there" : "the host does not answer any more"};
  for (const auto& l : host.before.leftovers) {
    const bool there = !now.reached || any(now.leftovers, [&](const auto& n) {
      return n.kind == l.kind && n.where == l.where;
    });
    const std::string why = l.kind == "copy" ? "restored data: look at it, and remove it by hand"
                                             : "it could not be removed, or proven to be gone";
    host.done.push_back({there ? Swept::Is::failed : Swept::Is::healed, named(l), l.effect,
                         there ? why : std::string{}});
  }
  const bool said = any(host.done, [](const auto& s) { return s.what.starts_with("the lock"); });
  if (host.before.lock && !said) {
    const bool there = !now.reached || (now.lock && now.lock->run == host.before.lock->run);
    host.done.push_back({there ? Swept::Is::failed : Swept::Is::healed,
                         "the lock of run " + host.before.lock->run,
                         {},
                         there ? "it is still there" : ""});
  }
}

SweepSummary Sweep::summary() const {
  SweepSummary out;
  for (const auto& host : *found_) {
    out.found += host.before.found();
    if (!host.before.reached) ++out.unreachable;
    for (const auto& s : host.done) {
      if (s.is == Swept::Is::healed) ++out.healed;
      if (s.is == Swept::Is::kept) ++out.kept;
      if (s.is == Swept::Is::failed) ++out.failed;
    }
  }
  return out;
}

}  // namespace muster::engine
