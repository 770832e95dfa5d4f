// Leases: who is in charge of an effect keeps it alive, and hears from each renewal whether it is
// there yet.
#include <fmt/format.h>

#include <charconv>

#include "engine/effects.hpp"
#include "journal/kinds.hpp"

namespace muster::engine {

namespace kinds = journal::kinds;
using journal::EffectStatus;
using ports::Answer;
using ports::Said;

void Effects::note_uptime(const std::string& host, const Answer& answer) {
  const auto fields = fields_of(answer.evidence);
  const auto it = fields.find("uptime_cs");
  if (it == fields.end()) return;
  std::uint64_t cs = 0;
  const auto& text = it->second;
  if (std::from_chars(text.data(), text.data() + text.size(), cs).ec == std::errc{})
    uptimes_[host] = {cs, answer.done, answer.sent};
}

std::string Effects::lease_until(const std::string& host) const {
  // The reading was made before the answer arrived, so this never counts the target's clock too
  // far.
  const auto it = uptimes_.find(host);
  const Uptime uptime = it == uptimes_.end() ? Uptime{0, core_.now(), core_.now()} : it->second;
  const auto ahead =
      std::max(core_.now() - uptime.as_of, Duration::zero()) + core_.settings().lease;
  return std::to_string(uptime.cs +
                        static_cast<std::uint64_t>(ahead / std::chrono::milliseconds{10}));
}

bool Effects::needs_lease(const std::string& host) const {
  for (const auto& e : core_.state().effects)
    if (e.at == host && journal::may_be_live(e.status) && e.status != EffectStatus::held &&
        e.status != EffectStatus::revert_failed)
      return true;
  return false;
}

void Effects::keep_lease(const std::string& host) {
  Lease& lease = leases_[host];
  lease.last_good = core_.now();
  if (lease.started) return;
  lease.started = true;
  core_.at(core_.now() + core_.settings().renew_every, [this, host] { renewal_due(host); });
}

void Effects::renewal_due(const std::string& host) {
  Lease& lease = leases_[host];
  if (!needs_lease(host)) {
    lease.started = false;
    return;
  }
  core_.at(core_.now() + core_.settings().renew_every, [this, host] { renewal_due(host); });
  if (lease.renewing)
    lease.missed = true;
  else
    renew(host);
}

ports::Call Effects::renewal_of(const std::string& host) const {
  ports::Call call;
  call.host = core_.plan().hosts.at(host).address;
  call.verb = ports::Verb::renew;
  call.values = {{"store", core_.settings().store},
                 {"epoch", std::to_string(core_.settings().context.epoch)},
                 {"boot_id", boot_of(host)},
                 {"lease_until_cs", lease_until(host)}};
  call.within = core_.settings().renew_within;
  return call;
}

void Effects::renew(const std::string& host) {
  leases_[host].renewing = true;
  // Only of these can the answer tell that they are gone: what is armed while it is on its way is
  // not in it.
  std::set<std::string> live;
  for (const auto& e : core_.state().effects)
    if (e.at == host && e.status == EffectStatus::active) live.insert(e.id);
  // A renewal keeps a fault alive: without a record it is not made, and the dead-man reverts.
  core_.call(renewal_of(host), false,
             [this, host, live](const Answer& answer) { renewed(host, live, answer); });
}

void Effects::renewed(const std::string& host, const std::set<std::string>& live,
                      const Answer& answer) {
  Lease& lease = leases_[host];
  lease.renewing = false;
  const bool missed = std::exchange(lease.missed, false);
  if (answer.said != Said::yes) {
    if (started_anew(host, answer)) return gone(host, live);
    not_renewed(host, answer);
    // The next one fell due while this one was waited for: a lease does not outlast two of them.
    if (missed && needs_lease(host)) renew(host);
    return;
  }
  lease.last_good = core_.now();
  note_uptime(host, answer);
  if (lease_lost(host)) record_lease(kinds::kLeaseRegained, host, Json::object());
  look_at_each(host, live, answer);
}

/// What the answer tells of each effect that should be there.
void Effects::look_at_each(const std::string& host, const std::set<std::string>& live,
                           const Answer& answer) {
  const auto fields = fields_of(answer.evidence);
  std::string lost;
  std::set<std::string> forgotten;
  for (const auto& e : std::vector<journal::EffectState>{core_.state().effects}) {
    if (e.at != host || e.status != EffectStatus::active) continue;
    const auto says = fields.find("effect." + e.id);
    const auto verified = fields.find("verified." + e.id);
    if (says != fields.end() && says->second == "over") {
      lost = fmt::format("{} on {} was reverted by its healer while the drill was running",
                         e.script, e.host);
      revert(e.id, "its healer has reverted it", [](bool, const std::string&) {});
    } else if (says == fields.end() && live.contains(e.id)) {
      forgotten.insert(e.id);
    } else if (verified != fields.end() && verified->second == "no") {
      mended_.insert(e.id);
    } else if (verified != fields.end() && verified->second == "yes") {
      mended_.erase(e.id);  // it did not seem to be there for a moment only
    }
  }
  if (!lost.empty()) on_lost_(lost);
  gone(host, forgotten);
}

/// The host knows nothing of these any more: it was started anew, or somebody took its memory away.
/// The dead-men went with it, so they are reverted at once, and read back.
void Effects::gone(const std::string& host, const std::set<std::string>& ids) {
  std::string lost;
  for (const auto& id : ids) {
    const journal::EffectState e = effect(id);
    if (e.status != EffectStatus::active) continue;
    lost = fmt::format(
        "{} has forgotten {} on {} while the drill was running: it was started anew, somebody "
        "swept "
        "it, or its state folder was taken away",
        host, e.script, e.host);
    forgotten_.insert(id);
    revert(id, "its healer has forgotten it", [](bool, const std::string&) {});
  }
  if (!lost.empty()) on_lost_(lost);
}

void Effects::not_renewed(const std::string& host, const Answer& answer) {
  if (lease_lost(host) || !needs_lease(host) ||
      core_.now() - leases_[host].last_good <= core_.settings().lease)
    return;
  record_lease(kinds::kLeaseLost, host, Json{{"why", told(answer)}});
  on_lost_(fmt::format(
      "the lease on {} could not be renewed: its healer reverts what was injected there", host));
}

bool Effects::lease_lost(const std::string& host) const {
  const auto known = core_.state().hosts.find(host);
  return known != core_.state().hosts.end() && known->second.lease_lost;
}

void Effects::record_lease(std::string_view kind, const std::string& host, Json data) {
  journal::Draft d = Core::draft(kind);
  d.target.host = host;
  d.data = std::move(data);
  core_.record(std::move(d));
}

}  // namespace muster::engine
