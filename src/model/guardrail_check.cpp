// What of guardrails cannot work although every word of it is right: names that are not there, and
// what the drill's own disaster would set off.
#include <fmt/format.h>

#include <algorithm>

#include "catalogue/fault.hpp"
#include "model/guardrail_reader.hpp"
#include "model/scope.hpp"

namespace muster::model {
namespace {

/// The same question: word for word.
bool same(const Probe& a, const Probe& b) {
  if (a.kind != b.kind || a.values.size() != b.values.size()) return false;
  return std::all_of(a.values.begin(), a.values.end(), [&](const Field& field) {
    const auto* other = find(b.values, *field.key);
    const auto *ours = field.value.text(), *theirs = other ? other->text() : nullptr;
    return ours && theirs && ours->written() == theirs->written();
  });
}

class GuardCheck {
 public:
  GuardCheck(const Drill& drill, Diagnostics& out) : drill_(drill), out_(out) {}

  void names(const Guard& guard) {
    if (const auto* probe = std::get_if<ProbeIs>(&guard.condition))
      return Scope{drill_.playbook, out_}.check(probe->probe);
    const auto& name = std::get<ServiceIs>(guard.condition).service;
    std::vector<std::string> right;
    for (const auto& service : drill_.playbook.services) right.push_back(*service.name);
    if (!drill_.playbook.service(*name) && !name->empty())
      out_.unknown(name.place, fmt::format("`{}` is not one of the services", *name), *name, right);
  }

  /// What the drill breaks on purpose stops it, when it is watched with less patience than the
  /// outage that is rehearsed.
  void patience(const Guard& guard) {
    const auto* is = std::get_if<ServiceIs>(&guard.condition);
    const auto* probe = std::get_if<ProbeIs>(&guard.condition);
    for (const auto& service : drill_.playbook.services) {
      const bool watched = (is && is->up && *is->service == *service.name) ||
                           (probe && probe->up && same(probe->probe, service.probe));
      if (watched && service.outage == Outage::expected) outlasts(guard, service);
    }
    if (probe && probe->probe.on_host) stays(guard, probe->probe.on_host->value);
    const auto& most = drill_.guardrails.max_duration;
    if (most && *guard.fails_for >= **most)
      out_.error(guard.fails_for.place,
                 fmt::format("`{}` never stops anything: `max_duration` of {} ends the run before",
                             guard.name, format_duration(**most)),
                 "a shorter `fails_for`");
  }

 private:
  void outlasts(const Guard& guard, const Service& service) {
    const auto* objective = drill_.objectives.service(*service.name);
    if (!objective || !objective->rto)
      return out_.error(
          guard.fails_for.place,
          fmt::format("`{}` watches `{}`, whose outage the drill rehearses, and nothing says how "
                      "long that may be",
                      guard.name, *service.name),
          fmt::format("objectives: {{{}: {{rto: …}}}} and a longer `fails_for`; or watch what must "
                      "not be hurt",
                      *service.name));
    if (*guard.fails_for <= **objective->rto)
      out_.error(guard.fails_for.place,
                 fmt::format("`{}` watches `{}`, whose outage of up to {} the drill rehearses: it "
                             "would stop the drill after {}",
                             guard.name, *service.name, format_duration(**objective->rto),
                             format_duration(*guard.fails_for)),
                 "a `fails_for` above the RTO; or watch what must not be hurt");
  }

  /// A host that is switched off answers nothing.
  void stays(const Guard& guard, const std::string& slot) {
    const auto* watched = drill_.fill(slot);
    if (!watched) return;
    each_step(drill_.playbook.steps, [&](const Step& step) {
      const auto* inject = std::get_if<Inject>(&step.action);
      const auto* hit = inject && step.target ? drill_.fill(step.target->value) : nullptr;
      const auto fault = inject ? catalogue::builtin_faults().find(*inject->fault)
                                : catalogue::builtin_faults().end();
      if (!hit || fault == catalogue::builtin_faults().end() ||
          fault->second.healer != catalogue::Healer::guardian)
        return;
      for (const auto& host : watched->hosts)
        if (std::find(hit->hosts.begin(), hit->hosts.end(), host) != hit->hosts.end())
          return out_.error(guard.place,
                            fmt::format("`{}` asks on {}, which the step `{}` may switch off: it "
                                        "would stop the drill",
                                        guard.name, host, step.name),
                            "ask on hosts that the drill leaves alone");
    });
  }

  const Drill& drill_;
  Diagnostics& out_;
};

}  // namespace

void check_guardrails(const Drill& drill, Diagnostics& out) {
  GuardCheck check{drill, out};
  for (const auto& keep : drill.guardrails.keep)
    if (keep.where) Scope{drill.playbook, out}.check_inputs_only(*keep.where);
  for (const auto& guard : drill.guardrails.abort_if) {
    check.names(guard);
    if (out.empty()) check.patience(guard);
  }
}

}  // namespace muster::model
