#include "journal/erasures.hpp"

#include <algorithm>

#include "journal/data.hpp"
#include "journal/kinds.hpp"

namespace muster::journal {
namespace {

constexpr std::size_t kInOneMax = 300;  ///< of each: far below an entry's 65,535 bytes

void read_commitments(const Json& data, std::vector<Digest>& into) {
  if (!data.is_object() || !data.contains("commitments")) return;
  for (const auto& one : data.at("commitments"))
    if (one.is_string())
      if (const auto digest = digest_from_hex(one.get<std::string>())) into.push_back(*digest);
}

void read_plans(const Json& data, std::vector<RedactedPlan>& into) {
  if (!data.is_object() || !data.contains("plans")) return;
  for (const auto& one : data.at("plans")) {
    const auto plan = digest_from_hex(text_in(one, "plan"));
    const auto redacted = digest_from_hex(text_in(one, "redacted"));
    if (plan && redacted) into.push_back({*plan, *redacted});
  }
}

}  // namespace

std::vector<Json> erasure_data(const PersonErasure& e) {
  std::vector<Json> out;
  const auto most = std::max(e.commitments.size(), e.plans.size());
  for (std::size_t from = 0; from < most; from += kInOneMax) {
    Json data{{"commitments", Json::array()}, {"reason", e.reason}};
    for (auto i = from; i < std::min(from + kInOneMax, e.commitments.size()); ++i)
      data["commitments"].push_back(hex(e.commitments[i]));
    for (auto i = from; i < std::min(from + kInOneMax, e.plans.size()); ++i)
      data["plans"].push_back(
          {{"plan", hex(e.plans[i].plan)}, {"redacted", hex(e.plans[i].redacted)}});
    if (e.reason.empty()) data.erase("reason");
    out.push_back(std::move(data));
  }
  return out;
}

void ErasureLog::add(const Entry& entry) {
  if (entry.action != kinds::kPersonErased) return;
  PersonErasure erasure{entry.seq, {}, {}, text_in(entry.data, "reason"), entry.actor.principal,
                        entry.ts};
  read_commitments(entry.data, erasure.commitments);
  read_plans(entry.data, erasure.plans);
  for (const auto& commitment : erasure.commitments)
    by_commitment_.emplace(commitment, all_.size());
  for (const auto& one : erasure.plans) plans_[one.plan] = {one.redacted, entry.seq};
  all_.push_back(std::move(erasure));
}

const PersonErasure* ErasureLog::of(const Digest& commitment) const {
  const auto it = by_commitment_.find(commitment);
  return it == by_commitment_.end() ? nullptr : &all_[it->second];
}

Digest ErasureLog::instead_of(Digest plan, std::uint64_t below) const {
  // Each erasure redacts what the one before it left; a record that was tampered with may go round.
  for (std::size_t steps = 0; steps <= plans_.size(); ++steps) {
    const auto it = plans_.find(plan);
    if (it == plans_.end() || it->second.seq >= below) return plan;
    plan = it->second.redacted;
  }
  return plan;
}

}  // namespace muster::journal
