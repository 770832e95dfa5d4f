// Undoing effects: tried until it is proven or given up, the last one first; who mended it, by what
// the target tells; and what there is nothing left to undo on.
#include <fmt/format.h>

#include <charconv>
#include <memory>
#include <optional>

#include "engine/effects.hpp"
#include "journal/kinds.hpp"

namespace muster::engine {

namespace kinds = journal::kinds;
using journal::EffectStatus;
using ports::Answer;
using ports::Said;
using ports::Verb;

namespace {

std::optional<std::int64_t> number_in(const std::map<std::string, std::string>& fields,
                                      const std::string& key) {
  const auto it = fields.find(key);
  std::int64_t number = 0;
  if (it == fields.end() ||
      std::from_chars(it->second.data(), it->second.data() + it->second.size(), number).ec !=
          std::errc{})
    return std::nullopt;
  return number;
}

}  // namespace

void Effects::revert(const std::string& id, const std::string& why, Done done) {
  const EffectStatus status = effect(id).status;
  if (journal::is_over(status) && status != EffectStatus::held) return done(true, {});
  const bool running = reverting_.contains(id);
  Reverting& r = reverting_[id];
  r.done.push_back(std::move(done));
  if (running) return;
  r.since = core_.now();
  r.lease_lost = lease_lost(effect(id).at);
  journal::Draft d = core_.about(kinds::kEffectReverting, effect(id));
  d.data = Json{{"why", why}};
  if (forgotten_.contains(id)) d.data["forgotten"] = true;
  core_.record(std::move(d));
  try_revert(id);
}

void Effects::try_revert(const std::string& id) {
  const auto& e = effect(id);
  ports::Call call = call_for(e, Verb::revert);
  call.within = core_.settings().revert_within;
  if (!core_.taken_over()) {
    // A host that lost its memory of the effect (a reboot) undoes it all the same. After a takeover
    // only what the target itself remembers is undone: this record may be an old copy, and its
    // undos done long ago.
    const plan::Script& script = core_.plan().scripts.at(e.script);
    call.script = script.text;
    call.values["sha256"] = hex(script.sha256);
    for (const auto& [name, value] : e.values) call.values["p_" + name] = value;
  }
  reverting_.at(id).call_out = true;
  ++reverting_.at(id).attempts;
  core_.call(std::move(call), true,
             [this, id](const Answer& answer) { revert_answered(id, answer); });
}

void Effects::revert_answered(const std::string& id, const Answer& answer) {
  const auto it = reverting_.find(id);
  if (it == reverting_.end()) return;  // given up meanwhile
  it->second.call_out = false;
  auto next = std::exchange(it->second.next, nullptr);
  const auto fields = fields_of(answer.evidence);
  if (answer.said == Said::yes && core_.taken_over() && effect(id).injected_once &&
      fields.contains("absent")) {
    finish_revert(
        id,
        "the target remembers nothing of it (was it rebooted, or swept?): whether it is undone "
        "cannot be told from here");
  } else if (answer.said == Said::yes) {
    // A drill that is stopped because its lease is lost was stopped by what its healer does.
    undone(id, it->second.lease_lost ? core_.now() : it->second.since, answer);
    finish_revert(id, {});
  } else if (answer.said == Said::fenced || answer.said == Said::exists) {
    // It knows better than this record, and will say so again.
    finish_revert(id, told(answer));
  } else if (impatient_ || answered_for_.contains(effect(id).host) ||
             (it->second.attempts > 1 &&
              core_.now() - it->second.since >= core_.settings().revert_patience)) {
    // Twice at least: one lost answer to a long undo must not use up all the patience.
    // A host that answers at all gives evidence first.
    const bool silent = answer.said == Said::unknown || answer.said == Said::could_not;
    finish_revert(id, told(answer), silent && answer.evidence.empty());
  } else {
    core_.at(core_.now() + core_.settings().retry_every, [this, id] {
      if (reverting_.contains(id) && !reverting_.at(id).call_out) try_revert(id);
    });
  }
  if (next) next();
}

/// Whether the healer had mended it before `since`; yes when that cannot be told. Counted in the
/// host's own time: by the last reading of it before, or by the one of this answer.
bool Effects::healed_before(const std::string& host, Instant since, const Answer& answer) const {
  const auto fields = fields_of(answer.evidence);
  const auto healed = number_in(fields, "healed_uptime_cs"), read = number_in(fields, "uptime_cs");
  if (!healed || !read) return true;
  constexpr std::chrono::milliseconds kTick{10};
  if (answer.sent - (*read - *healed + 1) * kTick >= since) return false;
  const auto known = uptimes_.find(host);
  if (known == uptimes_.end() || since < known->second.as_of) return true;
  const auto latest =
      static_cast<std::int64_t>(known->second.cs) + (since - known->second.not_before) / kTick + 1;
  return *healed < latest;
}

void Effects::undone(const std::string& id, Instant since, const Answer& answer) {
  const auto fields = fields_of(answer.evidence);
  const auto by = fields.find("healed_by");
  std::string healed_by = by == fields.end() ? "revert" : by->second;
  if (healed_by == "revert" && mended_.contains(id)) healed_by = "responder";
  // Its healer was faster than an undo of ours that was on its way: that took nothing away from
  // the drill.
  const bool alone =
      (healed_by == "lease" || healed_by == "sweep") && healed_before(effect(id).at, since, answer);
  journal::Draft d =
      core_.about(alone ? kinds::kEffectSelfReverted : kinds::kEffectReverted, effect(id));
  d.data = Json{{"healed_by", healed_by}, {"evidence", evidence_text(answer.evidence)}};
  core_.record(std::move(d));
  // Not healing: the tombstone on the target stays until REVERTED is durable.
  disarm(id, [] {});
}

void Effects::finish_revert(const std::string& id, const std::string& why, bool unreachable) {
  if (!why.empty()) {
    journal::Draft d = core_.about(kinds::kEffectRevertFailed, effect(id));
    d.data = Json{{"why", why}};
    if (unreachable) d.data["unreachable"] = true;
    core_.record(std::move(d));
  }
  end_revert(id, why);
}

void Effects::end_revert(const std::string& id, const std::string& why) {
  const auto node = reverting_.extract(id);
  if (!node) return;
  for (const auto& done : node.mapped().done) done(why.empty(), why);
  if (node.mapped().next) node.mapped().next();
}

void Effects::stop_waiting() {
  impatient_ = true;
  std::vector<std::string> ids;
  for (const auto& [id, r] : reverting_) ids.push_back(id);
  for (const auto& id : ids)
    if (reverting_.contains(id)) finish_revert(id, "a person asked not to wait for it any longer");
}

void Effects::declare_gone(const std::string& host, const std::string& why, bool wiped) {
  for (const auto& e : std::vector<journal::EffectState>{core_.state().effects}) {
    if (e.host != host && e.at != host) continue;
    // Once more for what was not known to be wiped before.
    const bool again = e.status == EffectStatus::moot && wiped && !e.wiped;
    if (journal::is_over(e.status) && e.status != EffectStatus::held && !again) continue;
    journal::Draft d = core_.about(kinds::kEffectMoot, e);
    d.data = Json{{"why", why}, {"wiped", wiped}};
    core_.record(std::move(d));
    // Its guardian is somewhere else, and has nothing to wait for any more, once that is on record.
    if (e.at != host) disarm(e.id, [] {});
    end_revert(e.id, {});
  }
}

void Effects::declare_mended() {
  for (const auto& [host, why] : answered_for_)
    for (const auto& e : std::vector<journal::EffectState>{core_.state().effects}) {
      if ((e.host != host && e.at != host) || journal::is_over(e.status)) continue;
      journal::Draft d = core_.about(kinds::kEffectMoot, e);
      d.data = Json{{"why", why}, {"wiped", false}, {"mended", true}};
      core_.record(std::move(d));
    }
}

bool Effects::is_built_upon(const journal::EffectState& e) const {
  return e.status == EffectStatus::held && !e.built_upon.empty() &&
         !not_taken_.contains(e.built_upon);
}

bool Effects::is_due(const journal::EffectState& e) const {
  // Held for a no-return step that was never taken: then nothing is built upon it.
  if (e.status == EffectStatus::held) return !is_built_upon(e);
  // One that could not be reverted is tried again only by a new process: this one had its patience.
  if (e.status == EffectStatus::revert_failed) return core_.taken_over();
  return !journal::is_over(e.status);
}

void Effects::revert_all(const std::string& why, std::function<void()> done) {
  // The last one first, and the next one when the first attempt of the one before was answered: an
  // undo may rest on what an earlier effect left standing.
  auto ids = std::make_shared<std::vector<std::string>>();
  for (const auto& e : core_.state().effects)
    if (is_due(e)) ids->push_back(e.id);
  auto left = std::make_shared<std::size_t>(ids->size());
  if (ids->empty()) return done();
  auto step = std::make_shared<std::function<void()>>();
  *step = [this, ids, left, why, done = std::move(done), weak = std::weak_ptr{step}] {
    if (ids->empty()) return;
    const std::string id = ids->back();
    ids->pop_back();
    auto self = weak.lock();
    revert(id, why, [left, done, self](bool, const std::string&) {
      if (--*left == 0) done();
    });
    if (const auto it = reverting_.find(id); it != reverting_.end())
      it->second.next = [self] { (*self)(); };
    else if (self)
      (*self)();
  };
  (*step)();
}

}  // namespace muster::engine
