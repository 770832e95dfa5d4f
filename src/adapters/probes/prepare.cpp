#include "adapters/probes/prepare.hpp"

#include "adapters/probes/registry.hpp"

namespace muster::probes {
namespace {

Prepare impossible(std::string what, std::string hint) {
  return
      [what = std::move(what), hint = std::move(hint)](Names) -> Result<std::optional<MakeSlot>> {
        return Error{what, hint};
      };
}

bool has_ledger(const ports::ServiceProbe& service) {
  return service.ledger && service.probe.kind == "postgres";
}

LedgerUse use_of(const ports::ServiceProbe& service) {
  return {service.ledger->table, service.run, service.ledger_key};
}

Prepare no_ledger(const ports::ServiceProbe& service) {
  return impossible("service '" + service.service + "' has no ledger that could be kept",
                    "a ledger needs a postgres probe");
}

}  // namespace

Prepare question(const catalogue::ProbeSpec& spec) {
  const auto prepare = asker(spec.kind);
  if (prepare == nullptr) return impossible("no probe is called '" + spec.kind + "'", "");
  return [spec, prepare](Names names) -> Result<std::optional<MakeSlot>> {
    if (const auto checked = catalogue::check(spec); !checked) return checked.error();
    return prepare(spec, names);
  };
}

Prepare question(const ports::ServiceProbe& service) {
  if (!service.ledger) return question(service.probe);
  if (!has_ledger(service)) return no_ledger(service);
  return [door = service.probe, use = use_of(service)](Names names) {
    return prepare_ledger_write(door, use, names);
  };
}

Prepare read_back_question(const ports::ServiceProbe& service,
                           std::shared_ptr<measure::Survivors> survivors) {
  if (!has_ledger(service)) return no_ledger(service);
  return [door = service.probe, use = use_of(service), survivors](Names names) {
    return prepare_ledger_read(door, use, names, survivors);
  };
}

}  // namespace muster::probes
