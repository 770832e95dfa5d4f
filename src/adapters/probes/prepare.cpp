#include "adapters/probes/prepare.hpp"

#include "adapters/probes/command.hpp"
#include "adapters/probes/http.hpp"
#include "adapters/probes/tcp.hpp"

namespace muster::probes {
namespace {

struct Kind {
  Names names;
  Result<std::optional<MakeSlot>> operator()(const catalogue::PostgresProbe& p) const {
    return prepare_query(p, names);
  }
  Result<std::optional<MakeSlot>> operator()(const catalogue::TcpProbe& p) const {
    return prepare_tcp(p, names);
  }
  Result<std::optional<MakeSlot>> operator()(const catalogue::HttpProbe& p) const {
    return prepare_http(p, names);
  }
  Result<std::optional<MakeSlot>> operator()(const catalogue::CommandProbe& p) const {
    return prepare_command(p);
  }
};

Prepare impossible(std::string what, std::string hint) {
  return
      [what = std::move(what), hint = std::move(hint)](Names) -> Result<std::optional<MakeSlot>> {
        return Error{what, hint};
      };
}

const catalogue::PostgresProbe* ledger_door(const ports::ServiceProbe& service) {
  return service.ledger ? std::get_if<catalogue::PostgresProbe>(&service.probe) : nullptr;
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
  return [spec](Names names) { return std::visit(Kind{names}, spec); };
}

Prepare question(const ports::ServiceProbe& service) {
  if (!service.ledger) return question(service.probe);
  const auto* door = ledger_door(service);
  if (door == nullptr) return no_ledger(service);
  return [door = *door, use = use_of(service)](Names names) {
    return prepare_ledger_write(door, use, names);
  };
}

Prepare read_back_question(const ports::ServiceProbe& service,
                           std::shared_ptr<measure::Survivors> survivors) {
  const auto* door = ledger_door(service);
  if (door == nullptr) return no_ledger(service);
  return [door = *door, use = use_of(service), survivors](Names names) {
    return prepare_ledger_read(door, use, names, survivors);
  };
}

}  // namespace muster::probes
