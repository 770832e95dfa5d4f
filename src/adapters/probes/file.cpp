// "Is this file as it should be?" On the controller, by the same script that asks on hosts: a child
// that can be killed, since a file system that hangs would hold a thread for ever.
#include "adapters/probes/askers.hpp"
#include "adapters/probes/command.hpp"

namespace muster::probes {

Result<std::optional<MakeSlot>> prepare_file(const catalogue::ProbeSpec& spec, Names) {
  return command_slots(catalogue::probe_kind(spec.kind)->command(spec), Failure::said);
}

}  // namespace muster::probes
