#include "tests/sim/record.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "journal/logs.hpp"

namespace muster::sim {

std::vector<std::string> Record::bytes() const {
  const auto it = disk_->logs.find(journal::run_log(run_));
  return it == disk_->logs.end() ? std::vector<std::string>{} : it->second.entries;
}

/// Whom it names: what is durable of an entry is durable of them.
std::shared_ptr<const journal::Persons> Record::persons_in(const std::string& bytes) const {
  auto persons = std::make_shared<journal::Persons>();
  journal::each_commitment(bytes, [&](std::size_t, const Digest& commitment) {
    const auto row = disk_->rows.find(journal::person_key(commitment));
    if (row == disk_->rows.end())
      throw std::logic_error("an entry names somebody whom the store does not know");
    const ports::Row stored{row->first, row->second};
    persons->add(commitment, &stored);
    if (persons->find(commitment)->is != journal::Persons::Is::known)
      throw std::logic_error("an entry names somebody else than the store has");
  });
  return persons;
}

void Record::read() {
  const auto it = disk_->logs.find(journal::run_log(run_));
  if (it == disk_->logs.end()) return;
  const auto& all = it->second.entries;
  while (entries_.size() < all.size()) {
    const auto& bytes = all[entries_.size()];
    auto entry =
        journal::read_entry(journal::Recorded{{entries_.size(), bytes}, persons_in(bytes)});
    if (!entry) throw std::logic_error("an entry cannot be read: " + to_string(entry.error()));
    if (const auto applied = journal::apply(state_, *entry); !applied)
      throw std::logic_error(to_string(applied.error()));
    seen_.insert({entry->action, entry->intent_ref.empty() ? entry->step : entry->intent_ref});
    entries_.push_back(std::move(*entry));
  }
}

const journal::RunState& Record::state() {
  read();
  return state_;
}
const std::vector<journal::Entry>& Record::entries() {
  read();
  return entries_;
}
bool Record::has(std::string_view kind, const std::string& about) {
  read();
  return seen_.contains({std::string{kind}, about});
}

std::vector<std::string> Record::story() {
  read();
  std::vector<std::string> out;
  for (const auto& e : entries_) {
    std::string line = e.action;
    if (!e.step.empty()) line += " " + e.step;
    if (!e.outcome.empty()) line += " " + e.outcome;
    out.push_back(std::move(line));
  }
  return out;
}

std::string Record::differs_from(const journal::RunState& believed) {
  const auto& s = state();
  if (s.size != believed.size)
    return fmt::format("{} entries are durable, the machine has {}", s.size, believed.size);
  if (s.effects.size() != believed.effects.size()) return "another number of effects";
  for (std::size_t i = 0; i < s.effects.size(); ++i) {
    const auto &a = s.effects[i], &b = believed.effects[i];
    if (a.id != b.id || a.status != b.status || a.values != b.values || a.proven != b.proven ||
        a.why != b.why || a.inject_sent != b.inject_sent || a.reverted_at != b.reverted_at ||
        a.healed_by != b.healed_by)
      return fmt::format("effect {} is {}, the machine has {}", a.id, name_of(a.status),
                         name_of(b.status));
  }
  if (s.steps.size() != believed.steps.size()) return "another number of steps";
  for (const auto& [id, step] : s.steps) {
    const auto it = believed.steps.find(id);
    if (it == believed.steps.end() || it->second.status != step.status ||
        it->second.why != step.why || it->second.started != step.started ||
        it->second.no_return != step.no_return)
      return "step " + id + " differs";
  }
  if (s.guards.size() != believed.guards.size() || s.counted.size() != believed.counted.size())
    return "another number of guardrails, or of countings";
  if (s.result != believed.result || s.verdict != believed.verdict) return "another verdict";
  if (s.closed != believed.closed || s.abort_why != believed.abort_why ||
      s.targets != believed.targets || s.samples.size() != believed.samples.size() ||
      s.epoch != believed.epoch)
    return "closed, abort, targets, samples or epoch differ";
  return {};
}

}  // namespace muster::sim
