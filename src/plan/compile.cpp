#include "plan/compile.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/shapes.hpp"
#include "plan/compiler.hpp"
#include "plan/gate.hpp"

namespace muster::plan {

ports::HostAddress address_of(const model::Host& host) {
  ports::HostAddress a;
  a.name = host.name;
  a.connection = ports::connection_from(model::to_string(host.connection))
                     .value_or(ports::Connection::openssh);
  a.address = host.address;
  a.port = host.port.value_or(0);
  a.user = host.user;
  a.key_file = host.key_file;
  a.ssh_args = host.ssh_args;
  a.become = host.become;
  a.become_user = host.become_user;
  a.gate = host.gate;
  a.become_password = host.become_password;
  a.key_passphrase = host.key_passphrase;
  return a;
}

ports::HostAddress controller_address() {
  ports::HostAddress a;
  a.name = kController;
  a.connection = ports::Connection::local;
  a.address = "localhost";
  return a;
}

namespace {

Host controller() {
  Host host;
  host.address = controller_address();
  host.environment = "controller";
  return host;
}

}  // namespace

std::vector<std::string> Compiler::power_command(const model::Command& command) const {
  std::vector<std::string> out;
  for (const auto& word : command.argv) {
    std::string text;
    for (const auto& part : word.parts) {
      const auto* literal = std::get_if<std::string>(&part);
      text += literal ? *literal
                      : options_.muster;  // `${muster}` is the only reference that inventories have
    }
    out.push_back(std::move(text));
  }
  return out;
}

void Compiler::add_host(const std::string& name) {
  const model::Host& from = *in_.inventory.host(name);
  for (const auto& problem : from.problems)
    out_.error(problem.place, fmt::format("the host `{}`: {}", name, problem.what), problem.hint);
  Host host{address_of(from),
            std::string{model::to_string(from.environment)},
            from.is_protected,
            from.zone,
            {}};
  if (from.power)
    host.power = Power{power_command(from.power->down), power_command(from.power->up),
                       power_command(from.power->status)};
  use_secrets_of(from, host.address);
  plan_.hosts.emplace(name, std::move(host));
}

void Compiler::slots() {
  for (const auto& slot : drill_.playbook.slots) {
    const model::Fill* fill = drill_.fill(*slot.name);
    if (!fill) continue;  // the loader has reported it
    Slot made{*slot.name, fill->hosts, {}, {}};
    for (const auto& host : fill->hosts) add_host(host);
    if (slot.where) {
      may_touch(slot.name.place, *slot.name);  // the question is asked on each of them
      made.role = question(*slot.where);
    }
    plan_.slots.push_back(std::move(made));
  }
}

void Compiler::services() {
  for (const auto& service : drill_.playbook.services) {
    Service made;
    made.name = *service.name;
    made.probe = probe(service.probe);
    if (service.ledger)
      made.ledger = catalogue::LedgerSpec{service.ledger->rate, service.ledger->table};
    made.every = service.every;
    // With a ledger every probe is a write: its rate is the rhythm.
    if (service.ledger)
      made.every = Duration{static_cast<std::int64_t>(1e9 / service.ledger->rate)};
    made.timeout = service.timeout;
    made.up = {service.up.share, service.up.window};
    made.warm_up = service.warm_up;
    made.outage_expected = service.outage == model::Outage::expected;
    plan_.services.push_back(std::move(made));
  }
}

void Compiler::objectives() {
  const auto value = [](const auto& located) {
    return located ? std::optional{located->value} : std::nullopt;
  };
  const auto& from = drill_.objectives;
  for (const auto& o : from.services) {
    Objective made{*o.service, value(o.rto), value(o.rpo), value(o.mtpd), {}, o.from_inject};
    if (o.lost_writes) made.lost_writes = static_cast<std::uint64_t>(o.lost_writes->value);
    plan_.objectives.push_back(std::move(made));
  }
  for (const auto& d : drill_.detects)
    plan_.detections.push_back(
        {d.alert, d.labels, value(d.within), d.step ? d.step->value : "", d.by_person});
  plan_.restore_time = value(from.restore);
  plan_.data_age = value(from.data_age);
  if (const auto& e = drill_.estimate)
    plan_.estimate = Estimate{e->rto, e->detect, e->decide, e->reroute};
  for (const auto& role : drill_.roles)
    plan_.roles.push_back({*role.role, *role.holder, role.deputy ? role.deputy->value : ""});
  for (const auto& person : in_.people.persons)
    if (std::any_of(plan_.roles.begin(), plan_.roles.end(), [&](const Role& role) {
          return role.holder == person.id || role.deputy == person.id;
        }))
      plan_.people.push_back(told(person));
}

Plan Compiler::run() {
  plan_.drill = *drill_.name;
  plan_.title = drill_.title;
  plan_.why = drill_.why;
  plan_.owner = drill_.owner;
  plan_.change = drill_.change;
  plan_.playbook = drill_.own_body ? "" : *drill_.playbook.name;
  const auto& most = drill_.guardrails.max_duration;
  plan_.max_duration =
      most ? most->value
           : parse_duration(model::guardrails_shape().key("max_duration")->need.preset).value();
  plan_.guardian = kController;
  if (in_.inventory.host(kController))
    out_.error(in_.inventory.host(kController)->place,
               fmt::format("a host cannot be named `{}`", kController),
               "that is what Muster calls the machine on which it runs; rename the host");
  plan_.hosts.emplace(kController, controller());
  slots();
  policy();
  services();
  objectives();
  plan_.steps = steps(drill_.playbook.steps);
  plan_.ends = steps(drill_.playbook.ends);
  guardrails();
  approvers();
  choose_picks();
  check_limits();
  seed_restores();
  return std::move(plan_);
}

void Compiler::seed_restores() {
  // From the plan's own content: nobody picks the `random` backup by hand, and the same plan takes
  // the same one.
  const Digest content = content_hash(plan_);
  std::uint64_t seed = 0;
  for (std::size_t i = 0; i < 6; ++i) seed = seed << 8 | content.bytes[i];
  for (auto& step : plan_.steps)
    if (auto* restore = std::get_if<Restore>(&step.action)) restore->seed = seed++;
}

namespace {

/// What a host with a gate is asked must fit through it.
void check_gates(const Plan& plan, const model::LoadedDrill& loaded, config::Diagnostics& out) {
  for (const auto& host : asked_hosts(plan))
    if (!plan.hosts.at(host).address.gate.empty())
      if (const auto id = gate_id(plan, host); !id)
        out.error(loaded.drill.name.place, id.error().what, id.error().hint);
}

}  // namespace

std::optional<Plan> compile(const model::LoadedDrill& loaded, const CompileOptions& options,
                            config::Diagnostics& out) {
  const auto before = out.count();
  Plan plan = Compiler{loaded, options, out}.run();
  if (out.count() == before) check_gates(plan, loaded, out);
  if (out.count() != before) return std::nullopt;
  return plan;
}

}  // namespace muster::plan
