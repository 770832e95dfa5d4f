// `pick`: the slot of its own that a step works on, and which hosts are in it.
#include <fmt/format.h>

#include <algorithm>

#include "plan/compiler.hpp"
#include "plan/pick.hpp"

namespace muster::plan {

std::string Compiler::target_of(const model::Step& step) {
  const auto* named = model::host_slot(step);
  const std::string slot = step.target ? step.target->value : named ? *named : "";
  const auto* from = step.pick ? plan_.slot(slot) : nullptr;
  if (!from || from->role) return slot;  // the loader has reported it
  const auto& pick = *step.pick;
  const std::size_t of = from->hosts.size();
  const auto count =
      pick.count > 0 ? static_cast<std::size_t>(pick.count) : share_of(pick.share, of);
  if (count > of)
    out_.error(pick.place,
               fmt::format("{} of `{}` are to be picked, and it has {} hosts", count, slot, of));
  Slot made{fmt::format("{}/pick:{}", slot, step.id), from->hosts, {}, {}};
  made.picked = Picked{slot, std::min(count, of), pick.seed.value_or(0)};
  if (!pick.seed) unseeded_.push_back(plan_.slots.size());
  const std::string name = made.name;
  plan_.slots.push_back(std::move(made));
  return name;
}

bool Compiler::is_one_host(const std::string& slot) const {
  const auto* made = plan_.slot(slot);
  if (made && made->picked) return made->picked->count == 1;
  const auto* from = drill_.playbook.slot(slot);
  return !from || from->is_single();
}

void Compiler::choose_picks() {
  // From the plan's own content, with all candidates in it: nobody picks the hosts by hand, and the
  // same files pick the same ones.
  if (!unseeded_.empty()) {
    const Digest content = content_hash(plan_);
    std::uint64_t seed = 0;
    for (std::size_t i = 0; i < 6; ++i) seed = seed << 8 | content.bytes[i];
    for (const auto index : unseeded_) plan_.slots[index].picked->seed = seed++;
  }
  for (auto& slot : plan_.slots)
    if (slot.picked) slot.hosts = picked(slot.hosts, slot.picked->count, slot.picked->seed);
}

}  // namespace muster::plan
